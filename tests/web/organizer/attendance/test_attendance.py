"""Attendance by zone, checkpoint and device, and as a file."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.domains.checkin.stored_scans import store_device, store_scan
from tests.make import make_attendee


def test_attendance_when_somebody_entered_then_shown_by_zone_checkpoint_and_device(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    store_scan(edition, make_attendee(edition, now).id, OPENING, device_id=store_device(edition, "Phone 7"))

    day = organizer.get("/organizer/attendance?day=2027-05-26").text
    empty = organizer.get("/organizer/attendance?day=2027-05-27").text

    assert ("Phone 7" in day, "tree-device" in day, "Nobody entered on this day." in day) == (True, True, False)
    assert ("Phone 7" in empty, "Nobody entered on this day." in empty) == (False, True)


def test_attendance_when_exported_then_a_row_per_day_and_checkpoint(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    store_scan(edition, make_attendee(edition, now).id, OPENING)

    rows = organizer.get("/organizer/attendance/export.csv").data.decode("utf-8-sig").splitlines()
    book = organizer.get("/organizer/attendance/export.xlsx")

    assert rows == ["day,zone,checkpoint,name,people,entries", "2027-05-26,main,main,Main entrance,1,1"]
    assert (book.status_code, book.data[:2]) == (200, b"PK")
