"""Starts many acts in one instant: threads of this process, or several processes with threads of their own."""

import multiprocessing
import threading
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import event

from expo.app import create_app
from expo.errors import ExpoError
from expo.infra import db as database
from expo.infra.config import Settings
from expo.infra.engine import begin_sqlite

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
    app: Flask, prepare: Callable[..., Act], arguments: tuple[Any, ...], racers: int, processes: int = PROCESSES
) -> list[Outcome]:
    """Race in several processes; `prepare(*arguments)` (importable) gives each of them the act."""
    database.db.session.rollback()  # nothing stays open while the processes begin
    context = multiprocessing.get_context("spawn")
    each = racers // processes
    barrier = context.Barrier(each * processes)
    results = context.Queue()
    settings: Settings = app.config["SETTINGS"]
    workers = [
        context.Process(target=_race, args=(settings, prepare, arguments, each, barrier, results, n * each))
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
) -> None:
    app = create_app(settings)
    with app.app_context():
        act = prepare(*arguments)
        results.put(race_threads(app, act, racers, barrier, first))


class Meeting:
    """Keeps the first racer that comes until a second is there; all later ones pass.

    For twins: between looking and writing, so that two have seen the same whatever else the machine does.
    """

    def __init__(self) -> None:
        self._is_first = threading.Semaphore(1)
        self._is_met = threading.Event()

    def wait(self, seconds: float = WAIT_SECONDS) -> None:
        """Wait for the other, or be the one that is waited for."""
        if self._is_first.acquire(blocking=False):
            self._is_met.wait(seconds)
        else:
            self._is_met.set()


class _NoLock:
    def acquire(self) -> None:
        pass

    def release(self) -> None:
        pass


def switch_off_sqlite_writer() -> Callable[[], None]:
    """Let SQLite's writers run side by side, each statement by itself; return what switches it on again."""
    mutex, engine = database._writer_mutex, database.db.engine
    event.remove(engine, "begin", begin_sqlite)
    database._writer_mutex = lambda _session: _NoLock()  # type: ignore[assignment,return-value]

    def switch_on() -> None:
        database._writer_mutex = mutex
        event.listen(engine, "begin", begin_sqlite)

    return switch_on


def counts(outcomes: list[Outcome]) -> dict[str, int]:
    """Return how many racers came to each end."""
    kinds = [kind for kind, _ in outcomes]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}
