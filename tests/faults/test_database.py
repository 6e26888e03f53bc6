"""What people see while the database is busy, was restarted, or fails: a clear answer, and no address in any log."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, null, select, text, true
from sqlalchemy.exc import IntegrityError

from expo.accounts.models import Person
from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import create_admin, create_api_token, ensure_person
from expo.app import create_app
from expo.editions.queries import get_current_edition
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from expo.infra.engine import lift_time_limits
from expo.registration.queries import list_attendees_of_person
from expo.schema import metadata
from tests.api.calls import check_answer
from tests.conftest import make_edition, skip_or_fail
from tests.databases import open_transaction
from tests.domains.checkin.doors import make_checkpoint
from tests.make import make_attendee
from tests.postgres import own_server
from tests.sessions import browser_of

pytestmark = pytest.mark.postgresql


@pytest.fixture
def hasty(pg_app: Flask) -> Iterator[Flask]:
    """The application with so little patience that a test waits no longer than a busy machine needs for a statement."""
    make_edition(utcnow())
    settings: Settings = pg_app.config["SETTINGS"]
    app = create_app(replace(settings, lock_timeout=1, statement_timeout=2))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _raise_busy(statement: str) -> str:
    with atomic() as session:
        session.execute(text(statement))
    return "done"


def test_page_when_a_row_stays_locked_then_503_and_when_to_try_again(hasty: Flask) -> None:
    hasty.add_url_rule("/slow", "operations.slow", lambda: _raise_busy("UPDATE edition SET city = city"))
    with hasty.app_context(), open_transaction(db.engine) as other:
        other.execute(text("SELECT id FROM edition FOR UPDATE"))
        answer = hasty.test_client().get("/slow")
        other.rollback()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Wait a minute, then try again." in answer.text
    assert hasty.test_client().get("/slow").text == "done"


def test_statement_when_it_takes_too_long_then_ended_but_for_commands_and_jobs(hasty: Flask) -> None:
    hasty.add_url_rule("/sleep", "operations.sleep", lambda: _raise_busy("SELECT pg_sleep(30)"))
    assert hasty.test_client().get("/sleep").status_code == 503
    with hasty.app_context():
        lift_time_limits(db.engine)
        assert _raise_busy("SELECT pg_sleep(2.5)") == "done"


def test_transaction_when_idle_for_too_long_then_the_setting_is_in_force(hasty: Flask) -> None:
    with hasty.app_context(), db.engine.connect() as connection:
        names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        assert [connection.scalar(text(f"SHOW {name}")) for name in names] == ["1s", "2s", "15min"]


def test_scan_when_the_database_stays_locked_then_503_at_the_door_and_in_the_api(hasty: Flask) -> None:
    now = utcnow()
    edition = get_current_edition()
    make_checkpoint(edition, now)
    token = make_attendee(edition, now).token
    key = create_api_token(SYSTEM, edition.id, "gate", {Permission.SCAN}, now)
    body = {"scan_id": str(uuid4()), "token": token, "checkpoint": "main", "direction": "entry"}
    steward = browser_of(hasty, create_admin(SYSTEM, "admin@example.org", now))

    with hasty.app_context(), open_transaction(db.engine) as other:
        other.execute(text("LOCK TABLE scan IN ACCESS EXCLUSIVE MODE"))
        at_the_door = steward.post("/door/scans", json=body | {"age_ms": 0})
        by_the_api = hasty.test_client().post(
            "/api/v1/scans",
            json=body | {"scanned_at": now.isoformat()},
            headers={"Authorization": f"Bearer {key}"},
        )
        other.rollback()

    assert (at_the_door.status_code, at_the_door.headers["Retry-After"]) == (503, "5")
    assert (by_the_api.status_code, by_the_api.headers["Retry-After"]) == (503, "5")
    assert (by_the_api.content_type, by_the_api.get_json()["code"]) == ("application/problem+json", "database_busy")
    check_answer("post", "/scans", by_the_api)
    assert steward.post("/door/scans", json=body | {"age_ms": 0}).get_json()["verdict"] in {"admitted", "refused"}


def test_page_when_every_connection_is_taken_then_503_and_when_to_try_again(
    pg_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_edition(utcnow())
    monkeypatch.setattr("expo.infra.engine.POOL_SECONDS", 0.1)
    app = create_app(replace(pg_app.config["SETTINGS"], web_threads=1))
    with app.app_context(), ExitStack() as held:
        for _ in range(1 + 4):
            held.enter_context(db.engine.connect())
        taken = app.test_client().get("/en/")
        held.close()
        free = app.test_client().get("/en/")
        db.session.remove()
        db.engine.dispose()

    assert (taken.status_code, taken.headers["Retry-After"], free.status_code) == (503, "5", 200)


def test_pages_when_the_server_is_restarted_then_503_while_it_is_away_and_answered_as_before(tmp_path: Path) -> None:
    with own_server() as server:
        if server is None:
            skip_or_fail("no PostgreSQL on this machine")
            return
        app = create_app(Settings(database_url=server.url, data_dir=tmp_path, secret_key="x" * 32, page_cache=False))
        with app.app_context():
            metadata.create_all(db.engine)
            make_edition(utcnow())
            db.session.remove()
            connections = [db.engine.connect() for _ in range(3)]  # the threads of a process have one each
            for each in connections:
                each.close()
        paths = ("/en/", "/en/program", "/en/exhibitors", "/healthz")
        client = app.test_client()

        before = [client.get(path).status_code for path in paths]
        server.stop()
        app.extensions.pop("expo_recent", None)
        away = client.get("/en/exhibitors")
        server.start()
        after = [client.get(path).status_code for path in paths]
        server.stop()
        server.start()
        again = [client.get(path).status_code for path in paths]
        with app.app_context():
            db.engine.dispose()

    assert (before, after, again) == ([200] * 4, [200] * 4, [200] * 4)
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")


def test_error_when_the_database_refuses_a_row_then_no_value_is_in_its_text(pg_app: Flask) -> None:
    now = utcnow()
    ensure_person("secret.address@example.org", "Secret Name", "en", now)
    with pytest.raises(IntegrityError) as refused, atomic() as session:
        session.execute(text("INSERT INTO person SELECT * FROM person"))
    with pytest.raises(IntegrityError) as with_values, atomic() as session:
        session.add(Person(email="secret.address@example.org", name="Secret Name", language="en", created_at=now))
    told = f"{refused.value} {refused.value.orig} {with_values.value} {with_values.value.orig}"
    assert ("secret" in told.casefold(), "duplicate key" in told) == (False, True)


def test_log_when_a_request_fails_on_a_row_then_holds_no_address(
    pg_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    now = utcnow()
    make_edition(now)
    ensure_person("secret.address@example.org", "Secret Name", "en", now)

    def fail() -> str:
        with atomic() as session:
            session.add(Person(email="secret.address@example.org", name="Secret Name", language="en", created_at=now))
        return "done"

    app = create_app(pg_app.config["SETTINGS"])
    app.add_url_rule("/fail", "operations.fail", fail)
    status = app.test_client().get("/fail").status_code
    with app.app_context():
        db.engine.dispose()
    assert (status, "IntegrityError" in caplog.text, "secret" in caplog.text.casefold()) == (500, True, False)


def test_page_when_what_it_refers_to_was_deleted_meanwhile_then_409(pg_app: Flask) -> None:
    make_edition(utcnow())
    app = create_app(pg_app.config["SETTINGS"])
    row = "INSERT INTO hall (edition_id, code, name, position) VALUES (987654, 'h', '{}', 0)"
    app.add_url_rule("/refer", "operations.refer", lambda: _raise_busy(row))
    answer = app.test_client().get("/refer")
    with app.app_context():
        db.engine.dispose()

    assert answer.status_code == 409
    assert "so nothing was saved" in answer.text


def _multiply(times: int) -> None:
    """Copy the one person there is with their order and attendee."""
    moved = {"person": ("id",), "order": ("id", "person_id"), "attendee": ("id", "person_id", "order_id")}
    unique = {"person": "email", "order": "code", "attendee": "code"}
    copy = func.generate_series(1, times).table_valued("number").render_derived(name="copy")
    number = copy.c.number
    with atomic() as session:
        for name, numbers in moved.items():
            table = metadata.tables[name]
            values: dict[str, Any] = {column.name: column for column in table.columns}
            values |= {each: table.c[each] + number for each in numbers}
            values[unique[name]] = func.concat(table.c[unique[name]], number)
            if name == "order":
                values["client_key"] = null()
            first = select(func.min(table.c.id)).scalar_subquery()
            copies = select(*values.values()).select_from(table).join(copy, true()).where(table.c.id == first)
            session.execute(insert(table).from_select(list(values), copies))


def test_own_pages_when_the_edition_is_large_then_it_is_not_read_whole(pg_app: Flask) -> None:
    now = utcnow()
    edition = make_edition(now)
    made = make_attendee(edition, now)
    _multiply(5_000)
    statements: list[tuple[str, Any]] = []
    with db.engine.connect() as connection:
        connection.exec_driver_sql('ANALYZE person, "order", attendee')
        connection.commit()
        event.listen(
            db.engine, "before_cursor_execute", lambda *args: statements.append((args[2], args[3])), named=False
        )
        found = list_attendees_of_person(made.attendee.person_id, edition.id)
        statement, values = next(each for each in statements if "attendee.person_id" in each[0])
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())

    assert [each.id for each in found] == [made.attendee.id]
    assert [name for name in ("Seq Scan on attendee", 'Seq Scan on "order"') if name in plan] == []
    assert [name for name in ("ix_attendee_person_id", "ix_order_person_id") if name not in plan] == []
