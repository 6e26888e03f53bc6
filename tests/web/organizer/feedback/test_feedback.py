"""Organizers see ratings and comments of sessions, and export the ratings."""

from datetime import datetime, timedelta

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
