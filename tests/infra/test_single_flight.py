"""What is expensive to make is made once, however many ask for it at the same time."""

import multiprocessing
import os
import threading
import time
from datetime import datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from flask import Flask

from expo.editions.queries import EditionFacts
from expo.infra.processes import close_connections
from expo.infra.rendered_files import find_rendered_file, store_rendered_file
from expo.infra.single_flight import LOCKS, one_at_a_time
from expo.web.kit.caching import cached_bytes

ASKERS = 6


def test_file_when_many_ask_at_once_then_made_once_and_given_to_all(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made: list[int] = []
    given: list[bytes] = []
    asked = threading.Barrier(ASKERS)

    def make() -> bytes:
        made.append(threading.get_ident())
        return b"the file"

    def ask() -> None:
        with app.test_request_context("/en/"):
            app.preprocess_request()
            asked.wait()
            given.append(cached_bytes(edition, "dear", make))

    threads = [threading.Thread(target=ask) for _ in range(ASKERS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert (len(made), given) == (1, [b"the file"] * ASKERS)


def test_file_when_several_processes_ask_at_once_then_one_of_them_makes_it(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    forking = multiprocessing.get_context("fork")
    asked = forking.Barrier(ASKERS)
    close_connections(app)
    processes = [
        forking.Process(target=_ask_apart, args=(app, edition, asked, tmp_path, number)) for number in range(ASKERS)
    ]
    for each in processes:
        each.start()
    for each in processes:
        each.join()

    assert [each.exitcode for each in processes] == [0] * ASKERS
    assert (tmp_path / "made").read_text() == "x"
    assert {(tmp_path / f"given-{number}").read_bytes() for number in range(ASKERS)} == {b"the file"}


def _ask_apart(app: Flask, edition: EditionFacts, asked: Barrier, folder: Path, number: int) -> None:
    def make() -> bytes:
        with (folder / "made").open("a") as file:
            file.write("x")
        return b"the file"

    with app.test_request_context("/en/"):
        app.preprocess_request()
        asked.wait()
        (folder / f"given-{number}").write_bytes(cached_bytes(edition, "dear", make))
    os._exit(0)


def test_lock_when_taken_within_another_then_nobody_waits_for_oneself(app: Flask) -> None:
    keys = [str(number) for number in range(LOCKS + 1)]  # two of them share a lock
    with one_at_a_time(keys[0]):
        for key in keys:
            with one_at_a_time(key):
                pass


def test_made_file_when_too_old_then_not_found_and_forgotten_by_the_next(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_rendered_file("old", b"old", 600)
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)

    assert find_rendered_file("old", 600) is None
    store_rendered_file("new", b"new", 10_000)
    assert (find_rendered_file("old", 10_000), find_rendered_file("new", 10_000)) == (b"old", b"new")
    store_rendered_file("new", b"new", 600)
    assert find_rendered_file("old", 10_000) is None


def test_file_when_it_cannot_be_kept_then_is_given_all_the_same(app: Flask, edition: EditionFacts) -> None:
    folder = app.config["SETTINGS"].data_dir / "rendered"
    if folder.is_dir():
        folder.rmdir()
    folder.write_text("in the way")

    with app.test_request_context("/en/"):
        app.preprocess_request()
        given = cached_bytes(edition, "dear", lambda: b"the file")
    folder.unlink()

    assert given == b"the file"
