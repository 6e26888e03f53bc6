"""The print station takes one badge after the other, and says what came of each."""

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.badges.models import PrintJob
from expo.badges.services import request_print, set_stations
from expo.editions.queries import EditionFacts
from expo.infra.audit import AuditEntry
from expo.infra.db import db
from tests.make import make_attendee


def states() -> list[str]:
    return list(db.session.scalars(select(PrintJob.state).order_by(PrintJob.id)))


def test_station_when_badges_wait_then_prints_them_in_order_and_notes_the_outcome(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for name in ("Ada First", "Bo Second"):
        request_print(SYSTEM, make_attendee(edition, now, name=name).attendee, now)
    queue = desk.get("/desk/print").text

    first = desk.post("/desk/print/next")
    page, pdf = desk.get(first.location), desk.get(f"{first.location}/badge.pdf")
    desk.post(f"{first.location}/printed")
    second = desk.post("/desk/print/next")
    failed = desk.post(f"{second.location}/failed", follow_redirects=True).text
    again = desk.post(f"{second.location}/again", follow_redirects=True).text

    assert queue.index("Ada First") < queue.index("Bo Second")
    assert "Ada First" in page.text
    assert pdf.data.startswith(b"%PDF")
    assert "frame-ancestors 'self'" in pdf.headers["Content-Security-Policy"]
    assert "Printing the badge of Bo Second failed." in failed
    assert "The badge of Bo Second is being printed." in again
    assert states() == ["printed", "failed", "waiting"]
    noted = set(db.session.scalars(select(AuditEntry.action)))
    assert {"badges.request_print", "badges.print", "badges.fail_print", "export.badge"} <= noted


def test_station_when_nothing_waits_then_said(desk: FlaskClient) -> None:
    answer = desk.post("/desk/print/next", follow_redirects=True)

    assert answer.text.count("No badges are waiting") == 2


def test_station_when_it_has_a_name_then_prints_its_own_badges_and_those_for_any(
    desk: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    set_stations(SYSTEM, edition.id, ["Hall 1", "Hall 2"], now)
    for station in ("Hall 1", "Hall 2", ""):
        request_print(SYSTEM, make_attendee(edition, now).attendee, now, station=station)
    desk.post("/desk/place", data={"checkpoint": "", "station": "Hall 2"})

    for _ in range(3):
        desk.post("/desk/print/next")

    assert states() == ["waiting", "printing", "printing"]


def test_station_when_a_job_is_finished_or_of_another_edition_then_refused(
    desk: FlaskClient, edition: EditionFacts, other_edition: EditionFacts, now: datetime
) -> None:
    request_print(SYSTEM, make_attendee(other_edition, now).attendee, now)
    foreign = db.session.scalars(select(PrintJob.id)).one()
    request_print(SYSTEM, make_attendee(edition, now).attendee, now)
    own = desk.post("/desk/print/next").location

    answers = [
        desk.get(f"/desk/print/{foreign}").status_code,
        desk.get(f"/desk/print/{foreign}/badge.pdf").status_code,
        desk.post(f"/desk/print/{foreign}/printed").status_code,
        desk.post(f"{own}/printed").status_code,
        desk.post(f"{own}/printed").status_code,
        desk.post("/desk/print/next", follow_redirects=True).status_code,
    ]

    assert answers == [404, 404, 404, 302, 409, 200]
    assert states() == ["waiting", "printed"]
