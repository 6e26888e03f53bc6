"""Organizers find the address and code of each screen."""

from datetime import datetime

from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts
from tests.make import make_room, make_session


def test_screens_when_listed_then_each_room_with_sessions_has_its_address(
    organizer: FlaskClient, edition: EditionFacts, now: datetime
) -> None:
    assert "No rooms with sessions yet" in organizer.get("/en/organizer/program/screens").text
    make_session(edition, room_id=make_room(edition, now, "Great hall"))
    make_session(edition, "Hidden", state="draft", room_id=make_room(edition, now, "Secret room"))

    page = organizer.get("/en/organizer/program/screens").text

    assert "/screens/all-rooms" in page
    assert "/screens/great-hall" in page
    assert page.count("<svg xmlns") == 2
    assert "Secret room" not in page
