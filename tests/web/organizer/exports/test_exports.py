"""Exports of attendees: short lists at once, long ones by the worker, for the person who asked and nobody else."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from expo.accounts.rules import Role
from expo.editions.queries import EditionFacts
from expo.exports.models import ExportFile, ExportRun
from expo.exports.services import delete_old_exports, finish_export, record_progress
from expo.formats.workbooks import list_sheets, read_cells
from expo.infra.audit import AuditEntry
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.infra.jobs import drain
from expo.registration.queries import AttendeeFilter, search_attendees
from expo.registration.rules import AttendeeState
from expo.reports.people import arrived_ids, filter_from_json, filter_to_json
from expo.web.organizer.exports import views
from tests.make import make_attendee

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def people(edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three attendees, of whom two are already too many to be sent at once."""
    monkeypatch.setattr(views, "LARGEST_SENT_AT_ONCE", 1)
    names = ["Ada Lovelace", "张伟", "=HYPERLINK(1)"]
    for name in names:
        make_attendee(edition, now, name=name)
    return names


def prepare(browser: FlaskClient, kind: str = "xlsx", query: str = "") -> str:
    """Ask for a file and return the address of its page."""
    answer = browser.post(f"/organizer/exports/attendees.{kind}{query}")
    assert answer.status_code == 302
    return str(answer.location)


def table_of(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in read_cells(data, list_sheets(data).to_read[0])]


def actions() -> list[str]:
    query = select(AuditEntry.action).where(AuditEntry.action.like("export.%")).order_by(AuditEntry.id)
    return list(db.session.scalars(query))


def test_export_when_the_list_is_short_then_the_file_comes_at_once(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now, name="Ada Lovelace")

    answer = organizer.get("/organizer/attendees/export.xlsx")

    assert [row[1] for row in table_of(answer.data)] == ["name", "Ada Lovelace"]
    assert db.session.scalar(select(func.count()).select_from(ExportRun)) == 0


def test_export_when_the_list_is_long_then_the_worker_prepares_it_and_the_page_shows_how_far_it_is(
    organizer: FlaskClient, people: list[str]
) -> None:
    offer = organizer.get("/organizer/attendees/export.xlsx?q=&state=confirmed&kind=csv")
    page = prepare(organizer, "xlsx", "?state=confirmed")
    waiting = organizer.get(page)
    drain(utcnow())
    done = organizer.get(page)
    file = organizer.get(f"{page}/file")

    assert "/organizer/exports/attendees.xlsx?state=confirmed" in offer.text
    assert '<progress max="3" value="0"' in waiting.text
    assert f"{page}/file" not in waiting.text
    assert f"{page}/file" in done.text
    assert {row[1] for row in table_of(file.data)} == {"name", *people}
    assert (file.headers["Cache-Control"], "attendees-expo-2027.xlsx" in file.headers["Content-Disposition"]) == (
        "private, no-store",
        True,
    )
    assert actions() == ["export.attendees", "export.download_attendees"]


def test_export_when_csv_and_filtered_then_the_file_has_those_rows_alone(
    organizer: FlaskClient, people: list[str]
) -> None:
    page = prepare(organizer, "csv", "?q=lovelace")
    drain(utcnow())

    lines = organizer.get(f"{page}/file").data.decode("utf-8-sig").splitlines()

    assert [line.split(",")[1] for line in lines] == ["name", "Ada Lovelace"]
    details = db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "export.attendees")).one()
    assert details["q"] == "…"


def test_export_when_somebody_else_asks_for_it_then_there_is_no_such_file(
    organizer: FlaskClient, admin: FlaskClient, people: list[str]
) -> None:
    page = prepare(organizer)
    drain(utcnow())

    assert [admin.get(path).status_code for path in (page, f"{page}/file")] == [404, 404]
    assert organizer.get(f"{page}/file").status_code == 200
    assert actions().count("export.download_attendees") == 1


def test_export_when_asked_for_at_another_expo_then_there_is_no_such_file(
    organizer: FlaskClient, people: list[str], other_edition: EditionFacts
) -> None:
    page = prepare(organizer)
    drain(utcnow())
    with atomic():
        db.session.execute(update(ExportRun).values(edition_id=other_edition.id))

    assert organizer.get(f"{page}/file").status_code == 404


@pytest.mark.parametrize(
    ("roles", "status"),
    [((), 403), ((Role.STEWARD,), 403), ((Role.ORGANIZER,), 302)],
    ids=["nobody", "steward", "organizer"],
)
def test_export_when_asked_for_without_the_permission_then_refused(
    sign_in: SignIn, people: list[str], roles: tuple[Role, ...], status: int
) -> None:
    assert sign_in(*roles).post("/organizer/exports/attendees.xlsx").status_code == status


def test_export_when_its_hour_is_over_then_no_download_and_the_file_is_deleted(
    organizer: FlaskClient, people: list[str]
) -> None:
    page = prepare(organizer, query="?q=Lovelace")
    drain(utcnow())
    with atomic():
        db.session.execute(update(ExportRun).values(expires_at=utcnow() - timedelta(seconds=1)))

    late = organizer.get(f"{page}/file")
    delete_old_exports(utcnow())

    assert late.status_code == 404
    assert db.session.scalar(select(func.count()).select_from(ExportFile)) == 0
    assert db.session.scalars(select(ExportRun.wanted)).one() == {}
    assert "was deleted" in organizer.get(page).text


def test_files_when_their_time_is_not_over_then_kept_and_old_runs_go(organizer: FlaskClient, people: list[str]) -> None:
    prepare(organizer)
    drain(utcnow())

    delete_old_exports(utcnow() + timedelta(minutes=59))
    assert db.session.scalar(select(func.count()).select_from(ExportFile)) == 1
    delete_old_exports(utcnow() + timedelta(days=2))
    delete_old_exports(utcnow() + timedelta(days=2))
    assert db.session.scalar(select(func.count()).select_from(ExportRun)) == 0


def test_run_when_the_worker_does_not_finish_within_an_hour_then_failed(
    organizer: FlaskClient, people: list[str]
) -> None:
    page = prepare(organizer)

    delete_old_exports(utcnow() + timedelta(minutes=61))

    assert "could not be prepared" in organizer.get(page).text
    run_id = int(page.rsplit("/", 1)[1])
    assert not record_progress(run_id, 1)
    assert not finish_export(run_id, b"late", 3, utcnow())
    assert organizer.get(f"{page}/file").status_code == 404


def test_job_when_done_twice_then_one_file(organizer: FlaskClient, people: list[str]) -> None:
    page = prepare(organizer)
    run_id = int(page.rsplit("/", 1)[1])

    stored = [finish_export(run_id, content, 3, utcnow()) for content in (b"first", b"second")]

    assert stored == [True, False]
    assert organizer.get(f"{page}/file").data == b"first"


def test_filter_when_stored_for_a_job_then_finds_the_same_attendees(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)
    wanted = AttendeeFilter(
        q="zhang",
        ticket_type="visitor",
        state=AttendeeState.CONFIRMED,
        country="CN",
        updated_since=now,
        is_paid=True,
        registered_after=now,
        expires_by=now,
        codes=("ABCD2345",),
        add_on="dinner",
    )

    assert filter_from_json(filter_to_json(wanted), edition.id) == wanted
    assert all(getattr(wanted, each.name) != each.default for each in fields(wanted) if each.name != "among")
    arrived = replace(AttendeeFilter(), among=arrived_ids(edition.id))
    restored = filter_from_json(filter_to_json(arrived), edition.id)
    assert search_attendees(edition.id, restored, limit=10).rows == ()
