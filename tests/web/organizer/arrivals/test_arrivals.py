"""The page of arrivals, with a chart and the lanes of each entrance."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.domains.checkin.stored_scans import store_scan
from tests.make import make_attendee


def test_arrivals_when_a_day_is_chosen_then_its_arrivals_and_otherwise_the_nearest_day(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    store_scan(edition, make_attendee(edition, now).id, OPENING)

    first = organizer.get("/organizer/arrivals?day=2027-05-26").text
    others = [organizer.get(f"/organizer/arrivals?day={day}").status_code for day in ("2027-05-27", "x", "1999-01-01")]

    assert ("1 arrived, 1 expected" in first, "Main entrance" in first) == (True, True)
    assert others == [200, 200, 200]


def test_arrivals_when_exported_then_a_row_for_each_quarter(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    make_attendee(edition, now)

    answer = organizer.get("/organizer/arrivals/export.csv?day=2027-05-26")
    rows = answer.data.decode("utf-8-sig").splitlines()

    assert rows[0] == "from,planned,forecast,arrived,lanes main"
    assert rows[1].startswith("2027-05-26T08:00+08:00,0.0,")
    assert len(rows) == 41
