"""Shared fixtures: applications on real, fresh databases, a fixed time, an edition."""

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pytest
from argon2 import PasswordHasher
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool
from werkzeug.test import TestResponse

from expo import tasks
from expo.accounts.rules import SYSTEM
from expo.accounts.services import passwords
from expo.app import create_app
from expo.cli import attendee_import
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.services import create_edition
from expo.infra import confined
from expo.infra.cache import make_cache
from expo.infra.config import ROOT, Settings
from expo.infra.db import db
from expo.infra.limits import RateLimits
from expo.infra.rendered_files import delete_rendered_files
from expo.matchmaking.queries import candidates
from tests.databases import PostgresDatabase, SqliteDatabase
from tests.postgres import RUN_DIR, stop_server

SHARED_DATA = Path(os.environ.get("EXPO_SHARED_DATA", ROOT.parent / "shared" / "data"))
FAULTS = ROOT / "tests" / "faults"
IN_CI = os.environ.get("CI") == "true"

Database = SqliteDatabase | PostgresDatabase

# The same examples in every run, on this machine as in CI, and no limit of time for one of them.
hypothesis_settings.load_profile("ci")

CALL_IN_A_PROCESS = confined._call_in_a_process

# Enough connections for all racing threads, so that no test fails because the machine is busy.
THREADS = 40


def lenient_settings(url: str, folder: Path) -> Settings:
    """Return settings with time limits that even a busy machine does not reach; tests of the limits set their own."""
    return Settings(
        database_url=url,
        data_dir=folder,
        secret_key="x" * 32,
        web_threads=THREADS,
        lock_timeout=120,
        statement_timeout=300,
        idle_timeout=900,
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests, so that at the end no worker waits for one of them.

    In CI, repeat a failed test up to twice if it drives Chromium, which may crash, or kills processes, whose ports
    others may take in the meantime; the summary names it.
    """
    for item in items:
        if IN_CI and (item.get_closest_marker("browser") or FAULTS in item.path.parents):
            item.add_marker(pytest.mark.flaky(reruns=2))
    items.sort(key=lambda item: not (item.get_closest_marker("long") or item.get_closest_marker("browser")))


def pytest_sessionfinish() -> None:
    """Stop the browser that tests shared, if there was one."""
    browsers = sys.modules.get("tests.journeys.browser")
    if browsers is not None:
        browsers.stop_browser()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        stop_server()


def skip_or_fail(reason: str) -> None:
    """Skip a test whose dependency is missing, naming it; in CI, where all must be present, fail instead."""
    if IN_CI:
        pytest.fail(reason)
    pytest.skip(reason)


def shared_file(name: str) -> Path:
    """Return an optional data file from outside the repository; skip the test if it is missing."""
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"no shared {name} beside the repository")
    return path


@pytest.fixture(scope="session", autouse=True)
def _quick_password_hashes() -> Iterator[None]:
    """Hash passwords at a fraction of the usual cost, because tests set and check hundreds of them."""
    usual = passwords._hasher
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords._hasher = usual


@pytest.fixture(scope="session", autouse=True)
def _no_pauses_for_others() -> Iterator[None]:
    """Work through imports without the pauses that let other writers of SQLite proceed: in a test there are none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks.imports, "_LONGEST_PAUSE", 0)
        patch.setattr(tasks.program, "PAUSE_SECONDS", 0)
        patch.setattr(attendee_import, "SHORTEST_PAUSE", 0)
        yield


@pytest.fixture(scope="session", autouse=True)
def _parsers_without_processes() -> Iterator[None]:
    """Read uploaded files in this process, because starting one for each takes longer than most tests.

    What is asked and answered is pickled all the same. `confined_parsers` brings the processes back for a test.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(confined, "_call_in_a_process", _call_here)
        yield


def _call_here(
    _limits: object, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], answer: IO[bytes]
) -> None:
    function, args, kwargs = pickle.loads(pickle.dumps((function, args, kwargs)))  # noqa: S301 - our own
    try:
        confined.write_outcome(function, args, kwargs, answer)
    except Exception as error:  # a process would have ended with it
        raise confined.ParsingFailed from error


@pytest.fixture
def confined_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read uploaded files in processes of their own, as the product does."""
    monkeypatch.setattr(confined, "_call_in_a_process", CALL_IN_A_PROCESS)


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabase:
    return SqliteDatabase(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def empty_sqlite(_sqlite: SqliteDatabase) -> Path:
    """A database with all tables, but without rows and version, to be copied."""
    return _sqlite.template


@pytest.fixture(scope="session")
def _postgres() -> Iterator[PostgresDatabase]:
    try:
        database = PostgresDatabase()
    except LookupError as error:
        skip_or_fail(str(error))
        raise
    yield database
    database.close()


class Browser(FlaskClient):
    """A test client that resets `g` before each request, because requests in a test share an application context.

    It also closes what it sent: a large body is a temporary file.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        for name in list(g):
            g.pop(name)
        response = super().open(*args, **kwargs)
        sent = response.request.input_stream
        if not isinstance(sent, BytesIO):
            sent.close()
        return response


def _make_app(url: str, folder: Path) -> Flask:
    settings = lenient_settings(url, folder)
    app = create_app(replace(settings, rate_limits=True, pseudo_language=True, page_cache=False))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Browser
    RUN_DIR.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(RUN_DIR), "template-%s")  # for all processes of the run
    return app


@pytest.fixture(scope="session")
def _sqlite_app(_sqlite: SqliteDatabase, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return _make_app(_sqlite.url, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def _postgres_app(_postgres: PostgresDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = _make_app(_postgres.url, tmp_path_factory.mktemp("data"))
    yield app
    with app.app_context():
        db.engine.dispose()


def _fresh(app: Flask, database: Database) -> Iterator[Flask]:
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        db.session.remove()
        database.reset(db.engine)
    app.extensions["expo_cache"] = make_cache("")
    delete_rendered_files(settings)
    app.extensions.pop("expo_recent", None)
    candidates._kept.clear()
    app.extensions["expo_limits"] = RateLimits("", enabled=settings.rate_limits)
    with app.app_context():
        yield app
        db.session.remove()
        _close_connections(db.engine)


def _close_connections(engine: Engine) -> None:
    """Close the connections of a test that had several; a single one is kept for the next test."""
    pool = engine.pool
    assert isinstance(pool, QueuePool)
    if pool.checkedout() or pool.checkedin() > 1:
        engine.dispose()


@pytest.fixture
def app(_sqlite_app: Flask, _sqlite: SqliteDatabase) -> Iterator[Flask]:
    """The application on a fresh SQLite database, within an application context."""
    yield from _fresh(_sqlite_app, _sqlite)


@pytest.fixture
def pg_app(_postgres_app: Flask, _postgres: PostgresDatabase) -> Iterator[Flask]:
    """The application on a fresh PostgreSQL database, within an application context."""
    yield from _fresh(_postgres_app, _postgres)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def each_app(request: pytest.FixtureRequest) -> Flask:
    """The application on a fresh database of each kind; the test runs once per kind."""
    found: Flask = request.getfixturevalue("app" if request.param == "sqlite" else "pg_app")
    return found


@pytest.fixture
def now() -> datetime:
    """The current time of tests: two months before the edition's first day."""
    return datetime(2027, 3, 26, 2, 0, tzinfo=UTC)


def make_edition(now: datetime, slug: str = "expo-2027", year: int = 2027) -> EditionFacts:
    """Create an edition of three days in May."""
    edition_id = create_edition(
        SYSTEM,
        slug=slug,
        title={"en": f"Big Data Expo {year}", "zh": f"{year} 数博会"},
        starts_on=date(year, 5, 26),
        ends_on=date(year, 5, 28),
        time_zone="Asia/Shanghai",
        languages=["en", "zh"],
        city={"en": "Guiyang", "zh": "贵阳"},
        now=now,
    )
    return get_edition(edition_id)


@pytest.fixture
def edition(request: pytest.FixtureRequest, now: datetime) -> EditionFacts:
    """The current edition in the test's application."""
    names = [name for name in ("app", "pg_app", "each_app") if name in request.fixturenames]
    request.getfixturevalue(names[0] if names else "app")
    return make_edition(now)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A test client without cookies, on the SQLite application."""
    return app.test_client()
