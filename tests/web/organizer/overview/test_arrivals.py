"""The overview: the chart of arrivals with its days, and what the page gets when it asks for its content again."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from lxml import html

from expo.accounts.rules import SYSTEM
from expo.checkin.rules import Direction
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.checkin.services.scans import scan
from expo.checkin.services.verdicts import ScanRequest
from expo.editions.queries import EditionFacts
from expo.reports.dashboard import HourCount
from expo.web.organizer.overview.arrivals import ArrivalsChart, draw_arrivals
from tests.make import make_attendee

PART = {"HX-Request": "true"}
FIRST, SECOND, THIRD = (date(2027, 5, day) for day in (26, 27, 28))


def arrive(edition: EditionFacts, name: str, moment: datetime) -> None:
    made = make_attendee(edition, moment, name=name, email=f"{name}@example.org")
    scan(SYSTEM, edition.id, ScanRequest(name, made.token, "north", Direction.ENTRY, moment), moment)


@pytest.fixture
def two_days(edition: EditionFacts, now: datetime) -> None:
    """One arrival on the first morning, two on the second."""
    create_checkpoint(SYSTEM, edition.id, "north", CheckpointRequest(name={"en": "North"}), now)
    morning = datetime(2027, 5, 26, 1, 10, tzinfo=UTC)
    arrive(edition, "ann", morning)
    arrive(edition, "ben", morning + timedelta(days=1))
    arrive(edition, "cem", morning + timedelta(days=1, hours=1))


def arrivals(page: str) -> tuple[str, list[tuple[str, bool]]]:
    """Return the title of the chart, and its days with whether they are shown."""
    figure = html.fromstring(page).find(".//figure[@id='arrivals']")
    assert figure is not None
    days = [(each.text or "", each.get("aria-current") == "true") for each in figure.findall(".//a[@class='chip']")]
    return figure.findtext("h2") or "", days


@pytest.mark.usefixtures("two_days")
def test_arrivals_when_on_several_days_then_the_last_is_shown_and_each_can_be(organizer: FlaskClient) -> None:
    last, first = (arrivals(organizer.get(path).text) for path in ("/organizer/", "/organizer/?day=2027-05-26"))

    assert last == (
        "27 May 2027: 2 check-ins. Busiest hour: from 09:00 with 1",
        [("Wed 26 May", False), ("Thu 27 May", True)],
    )
    assert first == (
        "26 May 2027: 1 check-in. Busiest hour: from 09:00 with 1",
        [("Wed 26 May", True), ("Thu 27 May", False)],
    )


@pytest.mark.usefixtures("two_days")
@pytest.mark.parametrize("asked", ["x", "2027-05-99", ""])
def test_arrivals_when_the_day_is_no_day_then_the_last(asked: str, organizer: FlaskClient) -> None:
    assert arrivals(organizer.get(f"/organizer/?day={asked}").text)[1][1] == ("Thu 27 May", True)


def draw(app: Flask, edition: EditionFacts, now: datetime, *, is_chosen: bool) -> ArrivalsChart:
    counts = [HourCount(datetime(2027, 5, 26, 9, tzinfo=edition.zone), "north", 3)]
    with app.test_request_context("/organizer/"):
        g.edition = edition
        return draw_arrivals(edition, counts, FIRST, (FIRST,), {"north": "North"}, now, is_chosen=is_chosen)


def test_arrivals_when_a_day_has_none_yet_then_the_day_before_stays_and_it_is_said(
    app: Flask, edition: EditionFacts
) -> None:
    early_on_second = datetime(2027, 5, 27, 7, tzinfo=edition.zone)

    unasked, asked = (draw(app, edition, early_on_second, is_chosen=each) for each in (False, True))

    assert unasked.note == "No check-ins today yet. Showing Wednesday 26 May."
    assert [(label, is_shown) for label, _url, is_shown in unasked.days] == [
        ("Wed 26 May", True),
        ("Thu 27 May", False),
    ]
    assert (unasked.hours, unasked.series) == (["09:00"], [("North", [3])])
    assert asked.note == ""


def test_content_when_asked_for_again_then_sent_only_where_it_changed(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    whole = organizer.get("/organizer/").text
    part = organizer.get("/organizer/", headers=PART)
    again = organizer.get("/organizer/", headers={**PART, "If-None-Match": part.headers["ETag"]})
    make_attendee(edition, now)
    changed = organizer.get("/organizer/", headers={**PART, "If-None-Match": part.headers["ETag"]})

    assert re.findall(r'data-refresh-url="([^"]*)" data-seconds="(\d+)"', whole) == [("/organizer", "20")]
    assert (part.status_code, '<nav class="shell-nav"' in part.text, 'data-piece="figures"' in part.text) == (
        200,
        False,
        True,
    )
    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200
