"""Organizers see ratings and comments of sessions, and export the ratings."""

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.program.services import add_to_agenda, give_feedback
from tests.make import make_attendee, make_session
from tests.web.organizer.conftest import SignIn

PAGES = "/en/organizer/program/feedback"


def test_feedback_when_given_then_listed_with_bars_comments_and_an_export(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    assert "No feedback yet" in organizer.get(PAGES).text
    make_session(edition, starts_at=utcnow() - timedelta(hours=2))
    for rating, comment in ((5, "Great"), (2, "")):
        made = make_attendee(edition, now, name="Ann Secret")
        add_to_agenda(SYSTEM, edition.id, made.id, "data-lakes", now)
        give_feedback(SYSTEM, edition.id, made.id, "data-lakes", rating, comment, utcnow(), was_scanned=False)

    listed, page = organizer.get(PAGES).text, organizer.get(f"{PAGES}/data-lakes").text
    csv = organizer.get(f"{PAGES}/feedback.csv").text

    assert "Data lakes" in listed
    assert "3.5 of 5 from 2 responses" in page
    assert "Great" in page
    assert csv.splitlines()[1] == "data-lakes,Data lakes,2,3.5,0,1,0,0,1"
    assert "Secret" not in listed + page + csv


def test_feedback_when_a_reviewer_asks_then_refused(sign_in: SignIn, edition: EditionFacts) -> None:
    assert sign_in(Role.REVIEWER).get(PAGES).status_code == 403


@pytest.mark.usefixtures("pages_of_two")
def test_feedback_when_longer_than_a_page_then_the_export_has_all(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    for count, name in enumerate(("Least", "More", "Most"), start=1):
        slug = make_session(edition, name, starts_at=utcnow() - timedelta(hours=2))
        for number in range(count):
            made = make_attendee(edition, now)
            add_to_agenda(SYSTEM, edition.id, made.id, slug, now)
            give_feedback(SYSTEM, edition.id, made.id, slug, 4, f"Word {number}", utcnow(), was_scanned=False)

    first, last = (organizer.get(f"{PAGES}?page={page}").text for page in (1, 2))
    comments = [organizer.get(f"{PAGES}/most?page={page}").text for page in (1, 2)]

    assert [first.find(f"{name}</bdi>") > 0 for name in ("Most", "More", "Least")] == [True, True, False]
    assert ("Least</bdi>" in last, "Most</bdi>" in last, "3 sessions" in last) == (True, False, True)
    assert [[f"Word {number}" in page for number in (2, 1, 0)] for page in comments] == [
        [True, True, False],
        [False, False, True],
    ]
    assert len(organizer.get(f"{PAGES}/feedback.csv").text.splitlines()) == 4
