"""A parser in a process of its own: what it returns, and what happens to one that misbehaves."""

import dataclasses
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from expo.errors import Invalid
from expo.exhibitors.rules import read_companies
from expo.exhibitors.rules.topics import read_topics
from expo.flows.attendee_import import read_table_of
from expo.formats.drawings import read_drawing
from expo.formats.errors import BadFile
from expo.formats.schedule_uploads import read_schedule_upload
from expo.formats.tables import read_records
from expo.formats.uploads import read_uploaded_table
from expo.imports.rules import ImportOptions
from expo.infra.confined import DEFAULT_LIMITS, Limits, ParsingFailed, run_confined
from expo.infra.photos import encode_square, encode_within
from tests.conftest import shared_file
from tests.domains.exhibitors.page_makers import picture
from tests.formats.bombs import far_cell_xlsx
from tests.infra import confined_functions as functions

# Elsewhere in the tests, parsers run in the process of the tests.
pytestmark = pytest.mark.usefixtures("confined_parsers")

TIGHT = Limits(memory_bytes=512 * 1024 * 1024, cpu_seconds=1, wall_seconds=60)
TABLE = "name,email\n张伟,zw@example.org\n".encode()
PARSERS: dict[Callable[..., Any], Callable[[], tuple[Any, ...]]] = {
    read_records: lambda: (TABLE,),
    read_uploaded_table: lambda: (TABLE, "", "", frozenset({"name"})),
    read_topics: lambda: ("name_en,name_zh\nClouds,云\n".encode(),),
    read_companies: lambda: (shared_file("companies/exhibitors.csv").read_bytes(), None, "", ""),
    read_schedule_upload: lambda: (
        shared_file("schedules/fosdem-2019.xml").read_bytes(), ZoneInfo("Europe/Brussels"), "", "", None
    ),
    read_drawing: lambda: (b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h5"/></svg>',),
    encode_square: lambda: (picture().read(), (0.5, 0.5), 1),
    encode_within: lambda: (picture().read(), (80, 80), True),
}  # fmt: skip


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
def test_confined_when_the_file_is_good_then_the_same_result(parse: Callable[..., Any]) -> None:
    arguments = PARSERS[parse]()

    assert run_confined(DEFAULT_LIMITS, parse, *arguments) == parse(*arguments)


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


def test_upload_when_a_cell_is_at_the_last_position_then_refused_and_this_process_lives() -> None:
    with pytest.raises(Invalid):
        read_table_of(far_cell_xlsx(), ImportOptions())
