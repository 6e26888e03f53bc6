"""A parser in a process of its own: what it returns, and what happens to one that misbehaves."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from expo.errors import Invalid
from expo.flows.attendee_import import read_table_of
from expo.formats.errors import BadFile
from expo.formats.tables import read_records
from expo.imports.rules import ImportOptions
from expo.infra.confined import DEFAULT_LIMITS, Limits, ParsingFailed, run_confined
from tests.formats.bombs import far_cell_xlsx
from tests.infra import confined_functions as functions

TIGHT = Limits(memory_bytes=512 * 1024 * 1024, cpu_seconds=1, wall_seconds=60)


def test_confined_when_the_file_is_good_then_the_same_table() -> None:
    data = "name,email\n张伟,zw@example.org\n".encode()

    assert run_confined(DEFAULT_LIMITS, read_records, data) == read_records(data)


@pytest.mark.parametrize("function", [functions.eat_memory, functions.loop_for_ever, functions.crash])
def test_confined_when_the_parser_misbehaves_then_a_clear_failure(function: Callable[[], Any]) -> None:
    with pytest.raises(ParsingFailed, match="file_beyond_limits"):
        run_confined(TIGHT, function)


def test_confined_when_the_parser_waits_then_it_is_stopped_by_the_clock() -> None:
    with pytest.raises(ParsingFailed):
        run_confined(dataclasses.replace(TIGHT, wall_seconds=1), functions.wait_for_ever)


def test_confined_when_the_answer_would_run_code_then_it_is_not_read() -> None:
    with pytest.raises(ParsingFailed):
        run_confined(DEFAULT_LIMITS, functions.send_code)


def test_confined_when_the_parser_refuses_then_the_same_error() -> None:
    with pytest.raises(BadFile) as refused:
        run_confined(DEFAULT_LIMITS, functions.refuse)
    with pytest.raises(Invalid, match="file_empty"):
        run_confined(DEFAULT_LIMITS, functions.refuse_by_base)

    assert (refused.value.code, refused.value.line, refused.value.params["reason"]) == ("file_broken", 7, "so it is")


def test_confined_when_secrets_are_set_then_the_parser_sees_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "x")

    assert run_confined(DEFAULT_LIMITS, functions.secrets_seen) == []


def test_upload_when_a_cell_stands_at_the_last_place_then_refused_and_this_process_lives() -> None:
    with pytest.raises(Invalid):
        read_table_of(far_cell_xlsx(), ImportOptions())
