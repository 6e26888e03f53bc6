"""An attendee's seats on the session's page and on their own page."""

from datetime import datetime, timedelta

from flask import Flask

from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.program.queries import get_session, list_seat_holders
from tests.make import make_attendee, make_session
from tests.sessions import browser_of

TALK = "/en/sessions/data-lakes"


def _states(edition: EditionFacts) -> dict[str, str]:
    session = get_session(edition.id, "data-lakes")
    return {each.name: each.state.value for each in list_seat_holders(session.row.id)}


def _make_session(edition: EditionFacts, seats: int) -> None:
    make_session(edition, seat_limit=seats, starts_at=utcnow() + timedelta(days=9))


def test_session_when_a_visitor_looks_then_seats_left_and_the_way_to_sign_in_are_shown(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _make_session(edition, 3)

    page = app.test_client().get(TALK).text

    assert "3 of 3 seats left" in page
    assert "Sign in to take a seat" in page
    assert "csrf_token" not in page


def test_seat_when_full_then_waiting_then_offered_then_accepted(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _make_session(edition, 1)
    ann, ben = (make_attendee(edition, now, name=name, email=f"{name}@example.org") for name in ("Ann", "Ben"))
    of_ann, of_ben = browser_of(app, ann.attendee.person_id), browser_of(app, ben.attendee.person_id)

    of_ann.post("/en/me/seats", data={"take": "data-lakes"})
    of_ben.post("/en/me/seats", data={"take": "data-lakes"})

    assert "You have a seat" in of_ann.get(TALK).text
    waiting = of_ben.get(TALK).text
    assert "You are number 1. We will e-mail you when a seat is free." in waiting
    assert "Leave waiting list" in waiting
    of_ann.post("/en/me/seats", data={"release": "data-lakes", "next": "/en/me"})
    assert "Accept seat" in of_ben.get("/en/me").text
    of_ben.post("/en/me/seats", data={"accept": "data-lakes"})
    assert _states(edition) == {"Ben": "held"}
    assert "You have a seat" in of_ben.get("/en/me").text


def test_pages_when_somebody_else_has_a_seat_then_nothing_of_it_is_shown(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _make_session(edition, 5)
    ann = make_attendee(edition, now, name="Ann Secret", email="secret@example.org")
    ben = make_attendee(edition, now, name="Ben", email="ben@example.org")
    browser_of(app, ann.attendee.person_id).post("/en/me/seats", data={"take": "data-lakes"})
    of_ben = browser_of(app, ben.attendee.person_id)

    pages = [of_ben.get(path).text for path in (TALK, "/en/me", "/en/screens/data.json")]
    pages.append(app.test_client().get(TALK).text)

    assert all("Secret" not in page and "secret@" not in page and ann.code not in page for page in pages)
    assert "My seats" not in pages[1]
    # There is no way to name somebody else's seat either.
    of_ben.post("/en/me/seats", data={"release": "data-lakes"})
    assert _states(edition) == {"Ann Secret": "held"}


def test_seat_when_the_other_one_is_at_that_time_then_its_name_is_said(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _make_session(edition, 5)
    starts_at = get_session(edition.id, "data-lakes").row.starts_at
    assert starts_at is not None
    make_session(edition, "Clouds", seat_limit=5, starts_at=starts_at)
    browser = browser_of(app, make_attendee(edition, now).attendee.person_id)
    browser.post("/en/me/seats", data={"take": "data-lakes"})

    answer = browser.post("/en/me/seats", data={"take": "clouds"}, follow_redirects=True)

    assert "You already have a seat in Data lakes at that time. Release that seat first." in answer.text
