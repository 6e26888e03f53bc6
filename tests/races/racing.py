"""Starts many acts in one instant: threads of this process, or several processes with threads of their own."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from flask import Flask
from sqlalchemy import event

from expo.app import create_app
from expo.errors import ExpoError
from expo.infra import db as database
from expo.infra.config import Settings
from expo.infra.engine import begin_sqlite
from tests.processes import COPYING

# What an act came to: its value, or the class and text of what it raised.
Outcome = tuple[str, Any]
Act = Callable[[int], Any]

PROCESSES = 3
WAIT_SECONDS = 240


def race_threads(app: Flask, act: Act, racers: int, barrier: Any = None, first: int = 0) -> list[Outcome]:
    """Call `act(n)` for each of the racers, each in a thread and an application context of its own, all at once."""
    start = barrier or threading.Barrier(racers)
    outcomes: list[Outcome] = []

    def run(n: int) -> None:
        with app.app_context():
            database.db.session.connection()  # the connection is there before the race begins
            database.db.session.rollback()
            start.wait(WAIT_SECONDS)
            try:
                outcomes.append(("done", act(n)))
            except ExpoError as error:
                outcomes.append((error.code, str(error)))
            except Exception as error:  # noqa: BLE001 - every failure of a racer is an outcome to be looked at
                outcomes.append((type(error).__name__, str(error)))
            finally:
                database.db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(first, first + racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    database.db.session.rollback()  # what this thread reads now is read after the race
    return outcomes


def race_processes(
    app: Flask,
    prepare: Callable[..., Act],
    arguments: tuple[Any, ...],
    racers: int,
    processes: int = PROCESSES,
    connections: int | None = None,
) -> list[Outcome]:
    """Race in several processes; `prepare(*arguments)` (importable) gives each of them the act.

    With `connections`, each process has only so many to the database, shared by its racers: for large numbers of them.
    """
    database.db.session.rollback()  # nothing stays open while the processes begin
    each = racers // processes
    barrier = COPYING.Barrier(each * processes)
    results = COPYING.Queue()
    meeting = COPYING.Semaphore(1), COPYING.Event()
    settings: Settings = app.config["SETTINGS"]
    if connections is not None:
        settings = replace(settings, web_threads=connections)
    workers = [
        COPYING.Process(target=_race, args=(settings, prepare, arguments, each, barrier, results, n * each, meeting))
        for n in range(processes)
    ]
    for worker in workers:
        worker.start()
    outcomes = [outcome for _ in workers for outcome in results.get(timeout=2 * WAIT_SECONDS)]
    for worker in workers:
        worker.join(WAIT_SECONDS)
    database.db.session.rollback()  # what this thread reads now is read after the race
    return outcomes


def _race(
    settings: Settings,
    prepare: Callable[..., Act],
    arguments: tuple[Any, ...],
    racers: int,
    barrier: Any,
    results: Any,
    first: int,
    meeting: tuple[Any, Any],
) -> None:
    Meeting.between_processes = meeting
    app = create_app(settings)
    with app.app_context():
        act = prepare(*arguments)
        results.put(race_threads(app, act, racers, barrier, first))


class Meeting:
    """Holds the first racer until a second one arrives; all later ones pass.

    For twins: between looking and writing, so that two have seen the same whatever else the machine does. Which of the
    two writes first is open, so what a twin asserts has to hold in either order. In a race of processes, all of them
    meet in one place: otherwise one might wait in its process for somebody who never comes.
    """

    between_processes: ClassVar[tuple[Any, Any] | None] = None

    def __init__(self) -> None:
        own: tuple[Any, Any] = threading.Semaphore(1), threading.Event()
        self._is_first, self._is_met = self.between_processes or own

    def wait(self) -> None:
        """Wait for the other, or be waited for. Raises TimeoutError if nobody else comes."""
        if not self._is_first.acquire(False):
            self._is_met.set()
        elif not self._is_met.wait(WAIT_SECONDS):
            raise TimeoutError("only one racer came to the meeting")


class _NoLock:
    def acquire(self) -> None:
        pass

    def release(self) -> None:
        pass


def switch_off_sqlite_writer() -> Callable[[], None]:
    """Let SQLite's writers run side by side, each statement on its own; return what switches it on again."""
    patch, engine = pytest.MonkeyPatch(), database.db.engine
    event.remove(engine, "begin", begin_sqlite)
    patch.setattr(database, "writer_of", lambda *_: _NoLock())

    def switch_on() -> None:
        patch.undo()
        event.listen(engine, "begin", begin_sqlite)

    return switch_on


def counts(outcomes: list[Outcome]) -> dict[str, int]:
    """Return how many racers came to each end."""
    kinds = [kind for kind, _ in outcomes]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}
