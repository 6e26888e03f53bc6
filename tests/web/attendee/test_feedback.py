"""Feedback: by whom, when, and what others see of it."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from expo.program.models import SessionSpeaker, Speaker
from expo.program.queries import find_own_feedback, get_ratings, get_session, list_ratings_of_speaker
from expo.program.services import add_to_agenda, give_feedback
from tests.make import make_attendee, make_session
from tests.sessions import browser_of

PAGE = "/en/me/feedback/data-lakes"


def _past_session(edition: EditionFacts) -> datetime:
    at = utcnow() - timedelta(hours=3)
    make_session(edition, starts_at=at)
    return at


def test_feedback_when_the_session_was_on_the_schedule_then_stored_and_changeable_for_a_day(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    at = _past_session(edition)
    made = make_attendee(edition, now)
    add_to_agenda(SYSTEM, edition.id, made.id, "data-lakes", now)
    browser = browser_of(app, made.attendee.person_id)
    session_id = get_session(edition.id, "data-lakes").row.id

    assert "Give feedback: Data lakes" in browser.get("/en/me").text
    assert browser.post(PAGE, data={"comment": "No rating"}).status_code == 422
    assert browser.post(PAGE, data={"rating": "4", "comment": "Good <b>pace</b>"}).status_code == 302
    assert browser.post(PAGE, data={"rating": "5", "comment": "Better"}).status_code == 302
    own = find_own_feedback(made.id, session_id)
    assert own is not None
    assert (own.rating, own.comment) == (5, "Better")
    assert "Give feedback: Data lakes" not in browser.get("/en/me").text

    late = at + timedelta(days=3)
    with pytest.raises(Conflict, match="feedback_given"):
        give_feedback(SYSTEM, edition.id, made.id, "data-lakes", 1, "", late, was_scanned=False)
    own = find_own_feedback(made.id, session_id)
    assert own is not None
    assert own.rating == 5


def test_feedback_when_not_attended_or_not_over_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    _past_session(edition)
    make_session(edition, "Later", starts_at=utcnow() + timedelta(hours=1))
    made = make_attendee(edition, now)
    add_to_agenda(SYSTEM, edition.id, made.id, "later", now)
    browser = browser_of(app, made.attendee.person_id)

    answers = [browser.post(f"/en/me/feedback/{slug}", data={"rating": "5"}) for slug in ("data-lakes", "later")]

    assert [each.status_code for each in answers] == [422, 422]
    assert "Only people who had this session on their schedule" in answers[0].text
    assert "once the session is over" in answers[1].text


def test_feedback_when_others_look_then_never_with_a_name_and_speakers_see_only_their_own(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _past_session(edition)
    make_session(edition, "Other", starts_at=utcnow() - timedelta(hours=3))
    ann = make_attendee(edition, now, name="Ann Secret", email="secret@example.org")
    for slug, comment in (("data-lakes", "Loved it"), ("other", "Hated it")):
        add_to_agenda(SYSTEM, edition.id, ann.id, slug, now)
        give_feedback(SYSTEM, edition.id, ann.id, slug, 4, comment, utcnow(), was_scanned=False)
    person_id = ensure_person("speaker@example.org", "", "en", now)
    with atomic():
        speaker = Speaker(edition_id=edition.id, slug="s", name={"en": "S"}, person_id=person_id)
        db.session.add(speaker)
        db.session.flush()
        session_id = get_session(edition.id, "data-lakes").row.id
        db.session.add(SessionSpeaker(session_id=session_id, speaker_id=speaker.id))

    [ratings] = list_ratings_of_speaker(edition.id, person_id)
    assert (ratings.session.slug, ratings.counts) == ("data-lakes", (0, 0, 0, 1, 0))
    assert [each.comment for each in ratings.comments] == ["Loved it"]
    assert list_ratings_of_speaker(edition.id, ann.attendee.person_id) == []
    own, others = (
        browser_of(app, each).get("/en/speaker/feedback").text for each in (person_id, ann.attendee.person_id)
    )
    assert ("Loved it" in own, "4 of 5 from 1 response" in own, "Hated it" in own, "Secret" in own) == (
        True, True, False, False
    )  # fmt: skip
    assert "No feedback yet" in others

    organizer_id = ensure_person("organizer@example.org", "", "en", now)
    grant_role(SYSTEM, edition.id, organizer_id, Role.ORGANIZER, now)
    organizer = browser_of(app, organizer_id)
    page = organizer.get("/en/organizer/program/feedback/data-lakes").text
    assert "Loved it" in page
    assert "Secret" not in page
    visitor = app.test_client().get("/en/sessions/data-lakes").text
    ben = browser_of(app, make_attendee(edition, now, name="Ben").attendee.person_id)
    for text in (visitor, ben.get("/en/sessions/data-lakes").text, ben.get("/en/me").text, ben.get(PAGE).text):
        assert "Loved it" not in text
    assert get_ratings(ratings.session).average == 4
