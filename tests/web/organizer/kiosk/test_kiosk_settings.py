"""Organizers set the kiosk's PIN, stored only as a hash, and name the print stations."""

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import Role
from expo.badges.models import DeskSettings
from expo.badges.queries import get_desk_settings
from expo.badges.services import is_kiosk_pin
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from tests.web.organizer.conftest import SignIn

PATH = "/organizer/settings/kiosk"


def test_pin_when_set_then_hashed_and_wrong_ones_are_refused(organizer: FlaskClient, edition: EditionFacts) -> None:
    weak = [organizer.post(f"{PATH}/pin", data={"pin": pin}).status_code for pin in ("", "12345", "111111", "abcdef")]
    done = organizer.post(f"{PATH}/pin", data={"pin": "482913"})

    stored = db.session.scalars(select(DeskSettings.pin_hash)).one()
    assert weak == [422] * 4
    assert done.status_code == 302
    assert stored is not None
    assert stored.startswith("$argon2")
    assert (is_kiosk_pin(edition.id, "482913"), is_kiosk_pin(edition.id, "482914")) == (True, False)


def test_kiosk_when_closed_then_no_pin_opens_it(organizer: FlaskClient, edition: EditionFacts) -> None:
    organizer.post(f"{PATH}/pin", data={"pin": "482913"})
    organizer.post(f"{PATH}/close")

    assert not is_kiosk_pin(edition.id, "482913")
    assert "Closed" in organizer.get(PATH).text


def test_stations_when_named_then_stored_once_each_and_too_long_ones_are_refused(
    organizer: FlaskClient, edition: EditionFacts
) -> None:
    done = organizer.post(f"{PATH}/stations", data={"stations": "Hall 1\r\n  Hall  2 \r\n\r\nHall 1"})
    refused = organizer.post(f"{PATH}/stations", data={"stations": "x" * 41})

    assert done.status_code == 302
    assert (refused.status_code, 'id="stations-error"' in refused.text) == (422, True)
    assert get_desk_settings(edition.id).stations == ("Hall 1", "Hall 2")


def test_settings_when_opened_by_the_desk_then_refused(sign_in: SignIn, edition: EditionFacts, now: datetime) -> None:
    desk = sign_in(Role.DESK)

    answers = [desk.get(PATH), *(desk.post(f"{PATH}/{act}") for act in ("pin", "close", "stations"))]

    assert [each.status_code for each in answers] == [403] * 4
