"""SQLite's one writer: processes wait for each other, and nobody waits for one that has ended."""

import errno
import fcntl
import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import make_url
from structlog.testing import capture_logs

from expo.infra.writer import Writer, give_way, writer_of
from tests.processes import COPYING

LONG = 600.0


def write(lock_file: Path, has_it: Any, may_end: Any, written: Any) -> None:
    writer = Writer(lock_file, LONG)
    writer.acquire()
    has_it.set()
    may_end.wait(LONG)
    written.value = 1
    writer.release()


@pytest.fixture
def other(tmp_path: Path) -> Any:
    """Another process that is writing, until it may end."""
    has_it, may_end, written = COPYING.Event(), COPYING.Event(), COPYING.Value("i", 0)
    process = COPYING.Process(target=write, args=(tmp_path / "lock", has_it, may_end, written))
    process.start()
    has_it.wait(LONG)
    yield process, may_end, written
    if process.is_alive():
        may_end.set()
        process.join(LONG)


def test_writer_when_another_process_writes_then_waits_until_it_has_written(tmp_path: Path, other: Any) -> None:
    _, may_end, written = other
    writer = Writer(tmp_path / "lock", LONG)

    may_end.set()
    writer.acquire()

    assert written.value == 1
    writer.release()


def test_writer_when_the_process_that_writes_is_killed_then_is_next(tmp_path: Path, other: Any) -> None:
    process, _, written = other
    writer = Writer(tmp_path / "lock", LONG)

    process.kill()
    writer.acquire()
    process.join(LONG)

    assert written.value == 0
    writer.release()


def test_writer_when_the_other_takes_too_long_then_leaves_the_answer_to_the_database(
    tmp_path: Path, other: Any
) -> None:
    _, _, written = other
    writer = Writer(tmp_path / "lock", 0)

    writer.acquire()

    assert written.value == 0
    writer.release()


def test_writer_when_its_folder_is_missing_then_threads_queue_all_the_same(tmp_path: Path) -> None:
    writer = writer_of(make_url(f"sqlite:///{tmp_path}/gone/expo.sqlite3"), LONG)

    writer.acquire()
    writer.release()

    assert writer is writer_of(make_url(f"sqlite:///{tmp_path}/gone/expo.sqlite3"), LONG)


@pytest.mark.parametrize("refused", [fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_UN], ids=["lock", "unlock"])
def test_writer_when_the_file_system_has_no_locks_then_goes_on_without_and_warns_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: int
) -> None:
    lock = fcntl.lockf

    def refuse(descriptor: int, operation: int) -> None:
        if operation == refused:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
        lock(descriptor, operation)

    monkeypatch.setattr("expo.infra.writer.fcntl.lockf", refuse)
    writer = Writer(tmp_path / "lock", LONG)

    with capture_logs() as lines:
        for _ in range(3):
            writer.acquire()
            writer.release()

    assert [(line["event"], line["error"]) for line in lines] == [("writers_do_not_queue", "No locks available")]


@pytest.mark.parametrize(
    ("gives_way", "pauses"), [(False, [0.3, 0.3, 2.0, 2.0, 2.0]), (True, [2.0, 2.0, 2.0, 0.3, 0.3])]
)
def test_writer_when_its_process_gives_way_then_looks_less_often_only_at_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, gives_way: bool, pauses: list[float]
) -> None:
    waited = [0.0, 0.05, 0.4, 0.6, 30.0]
    clock, refusals, paused = iter([0.0, *waited]), len(waited), list[float]()

    def refuse_at_first(_descriptor: int, operation: int) -> None:
        if operation != fcntl.LOCK_UN and len(paused) < refusals:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr("expo.infra.writer._gives_way", threading.Event())
    monkeypatch.setattr("expo.infra.writer.fcntl.lockf", refuse_at_first)
    monkeypatch.setattr("expo.infra.writer.time", SimpleNamespace(monotonic=lambda: next(clock), sleep=paused.append))
    if gives_way:
        give_way()

    writer = Writer(tmp_path / "lock", LONG)
    writer.acquire()
    writer.release()

    assert [round(1000 * each, 1) for each in paused] == pauses
