"""What people see while the database is busy, was restarted, or fails: a clear answer, and no address in any log."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from expo.accounts.models import Person
from expo.accounts.services import ensure_person
from expo.app import create_app
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db, lift_time_limits
from expo.registration.queries import list_attendees_of_person
from tests.conftest import make_edition
from tests.make import make_attendee

pytestmark = pytest.mark.postgresql


@pytest.fixture
def hasty(pg_app: Flask) -> Iterator[Flask]:
    """The application with so little patience that a test need not wait."""
    make_edition(utcnow())
    settings: Settings = pg_app.config["SETTINGS"]
    app = create_app(replace(settings, lock_timeout=0.2, statement_timeout=0.5))
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
    with hasty.app_context(), db.engine.connect() as other:
        other.execute(text("SELECT id FROM edition FOR UPDATE"))
        answer = hasty.test_client().get("/slow")
        other.rollback()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Wait a minute and try again." in answer.text
    assert hasty.test_client().get("/slow").text == "done"


def test_statement_when_it_takes_too_long_then_ended_but_for_commands_and_jobs(hasty: Flask) -> None:
    hasty.add_url_rule("/sleep", "operations.sleep", lambda: _raise_busy("SELECT pg_sleep(0.8)"))
    assert hasty.test_client().get("/sleep").status_code == 503
    with hasty.app_context():
        lift_time_limits()
        assert _raise_busy("SELECT pg_sleep(0.8)") == "done"


def test_transaction_when_idle_for_too_long_then_the_setting_is_in_force(hasty: Flask) -> None:
    with hasty.app_context(), db.engine.connect() as connection:
        names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        assert [connection.scalar(text(f"SHOW {name}")) for name in names] == ["200ms", "500ms", "1min"]


def test_pages_when_the_server_was_restarted_then_answered_as_before(pg_app: Flask) -> None:
    make_edition(utcnow())
    client = pg_app.test_client()
    barrier = threading.Barrier(3)

    def hold() -> None:
        with pg_app.app_context(), db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            barrier.wait()

    threads = [threading.Thread(target=hold) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    db.session.remove()
    settings: Settings = pg_app.config["SETTINGS"]
    # To a client a restart is the end of every connection that it has.
    other = create_app(settings)
    with other.app_context():
        with db.engine.connect() as connection:
            ended = connection.scalars(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            ).all()
        db.engine.dispose()

    assert len(ended) >= 3
    assert [client.get(path).status_code for path in ("/en/", "/en/program", "/en/exhibitors", "/healthz")] == [200] * 4


def test_error_when_the_database_refuses_a_row_then_no_value_is_in_its_text(pg_app: Flask) -> None:
    now = utcnow()
    ensure_person("secret.address@example.org", "Secret Name", "en", now)
    with pytest.raises(IntegrityError) as refused, atomic() as session:
        session.execute(text("INSERT INTO person SELECT * FROM person"))
    with pytest.raises(IntegrityError) as with_values, atomic() as session:
        session.add(Person(email="secret.address@example.org", name="Secret Name", language="en", created_at=now))
    told = f"{refused.value} {refused.value.orig} {with_values.value} {with_values.value.orig}"
    assert ("secret" in told.casefold(), "duplicate key" in told) == (False, True)


def test_own_pages_when_the_edition_is_large_then_it_is_not_read_whole(pg_app: Flask) -> None:
    now = utcnow()
    edition = make_edition(now)
    made = make_attendee(edition, now)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("SET enable_seqscan = off")
        statements: list[tuple[str, object]] = []
        event.listen(
            db.engine, "before_cursor_execute", lambda *args: statements.append((args[2], args[3])), named=False
        )
        list_attendees_of_person(made.attendee.person_id, edition.id)
        statement, values = next(each for each in statements if "UNION" in each[0])
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())  # type: ignore[arg-type]
    assert "Seq Scan on attendee" not in plan
    assert "ix_attendee_person_id" in plan
