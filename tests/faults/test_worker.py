"""What happens to a job when its worker is killed or told to end, or when the carrier is gone."""

import signal
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from expo.app import create_app
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from expo.infra.jobs import MAX_ATTEMPTS, enqueue
from tests.conftest import skip_or_fail
from tests.faults import worker_process
from tests.faults.worker_process import KILL, KIND
from tests.processes import Program
from tests.redis_server import RedisServer, running_redis

TIMEOUT = 180.0

Start = Callable[[], Program]


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with running_redis() as server:
        if server is None:
            skip_or_fail("no redis-server on this machine")
            return
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The data folder of an installation: embedded, or with PostgreSQL and Redis."""
    is_scaled = request.param == "postgresql"
    source: Flask = request.getfixturevalue("pg_app" if is_scaled else "app")
    redis_url = request.getfixturevalue("redis").url if is_scaled else ""
    settings: Settings = source.config["SETTINGS"]
    environment = {"DATABASE_URL": settings.database_url, "REDIS_URL": redis_url, "SECRET_KEY": "x" * 32}
    (tmp_path / "environment").write_text("\n".join(f"{name}={value}" for name, value in environment.items()))
    return tmp_path


def _environment(folder: Path) -> dict[str, str]:
    lines = (folder / "environment").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines) | {"EXPO_DATA_DIR": str(folder)}


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Start a worker of that installation; all are killed in the end."""
    started: list[Program] = []

    def begin() -> Program:
        started.append(Program(worker_process.main, _environment(folder), folder / "log"))
        return started[-1]

    yield begin
    for each in started:
        each.kill()
        each.wait(TIMEOUT)


def _enqueue(folder: Path, *texts: str) -> None:
    """Enqueue by an application of that installation, in whose queue the worker looks."""
    app = create_app(Settings.from_env(_environment(folder)))
    with app.app_context():
        with atomic():
            for each in texts:
                enqueue(KIND, utcnow(), text=each)
        db.session.remove()
        db.engine.dispose()


def _wait_until(is_so: Callable[[], bool], folder: Path) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not is_so():
        assert time.monotonic() < deadline, (folder / "log").read_text()
        time.sleep(0.05)


def _marks(folder: Path, name: str) -> str:
    path = folder / name
    return path.read_text() if path.exists() else ""


def _end_leases() -> None:
    with atomic():
        db.session.execute(
            text("UPDATE job SET lease_until = :past WHERE kind = :kind"),
            {"past": (utcnow() - timedelta(seconds=11)).replace(tzinfo=None), "kind": KIND},
        )


def _states() -> list[tuple[str, int]]:
    """The state and attempts of the test's jobs."""
    db.session.rollback()
    rows = db.session.execute(text("SELECT state, attempts FROM job WHERE kind = :kind ORDER BY id"), {"kind": KIND})
    return [tuple(row) for row in rows]


@pytest.mark.long
def test_worker_when_killed_in_a_job_then_another_does_it_after_the_lease(folder: Path, start: Start) -> None:
    (folder / "hold").touch()
    _enqueue(folder, "a")
    first = start()
    _wait_until(lambda: _marks(folder, "begun") == "x", folder)
    first.kill()
    first.wait(TIMEOUT)
    (folder / "hold").unlink()
    assert _states() == [("running", 1)]

    _end_leases()
    start()

    _wait_until(lambda: _states() == [("done", 2)], folder)
    assert (_marks(folder, "begun"), _marks(folder, "done")) == ("xx", "a")


@pytest.mark.long
def test_job_when_it_kills_every_worker_then_is_given_up_and_the_next_worker_lives(folder: Path, start: Start) -> None:
    _enqueue(folder, KILL)
    with atomic():  # all but two attempts are behind it
        db.session.execute(
            text("UPDATE job SET attempts = :made WHERE kind = :kind"), {"made": MAX_ATTEMPTS - 2, "kind": KIND}
        )
    for attempt in (MAX_ATTEMPTS - 1, MAX_ATTEMPTS):
        assert start().wait(TIMEOUT) == -signal.SIGKILL
        assert _states() == [("running", attempt)]
        _end_leases()

    living = start()
    _wait_until(lambda: _states() == [("failed", MAX_ATTEMPTS)], folder)
    _enqueue(folder, "a")

    _wait_until(lambda: _marks(folder, "done") == "a", folder)
    assert (living.is_running, _marks(folder, "begun")) == (True, "xxx")


@pytest.mark.long
def test_worker_when_told_to_end_in_a_job_then_finishes_it_first(folder: Path, start: Start) -> None:
    (folder / "hold").touch()
    _enqueue(folder, "a")
    worker = start()
    _wait_until(lambda: _marks(folder, "begun") == "x", folder)

    worker.terminate()
    time.sleep(0.5)
    assert worker.is_running
    (folder / "hold").unlink()

    assert worker.wait(TIMEOUT) == 0
    assert _states() == [("done", 1)]
    assert _marks(folder, "done") == "a"


@pytest.mark.long
def test_workers_when_there_are_two_then_each_job_is_done_once(folder: Path, start: Start) -> None:
    start()
    start()
    letters = "abcdefghijklmnopqrstuvwxyz"

    _enqueue(folder, *letters)

    _wait_until(lambda: {state for state, _attempts in _states()} == {"done"}, folder)
    assert sorted(_marks(folder, "done")) == list(letters)
    assert _states() == [("done", 1)] * len(letters)


@pytest.mark.long
@pytest.mark.postgresql
@pytest.mark.parametrize("folder", ["postgresql"], indirect=True)
def test_carrier_when_gone_and_back_then_the_job_that_could_not_be_sent_is_done(
    folder: Path, start: Start, redis: RedisServer, now: datetime
) -> None:
    redis.stop()
    _enqueue(folder, "a")
    assert _states() == [("queued", 0)]

    redis.start()
    start()

    _wait_until(lambda: _states() == [("done", 1)], folder)
    assert _marks(folder, "done") == "a"
