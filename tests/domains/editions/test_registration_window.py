"""The switch of public registration and its moments."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.rules import RegistrationState, RegistrationWindow
from expo.editions.services import set_registration_window
from expo.errors import Conflict, Invalid
from expo.flows.registration import register
from expo.infra.audit import list_audit_records
from tests.make import attendee_request, make_ticket_type, order_request

HOUR = timedelta(hours=1)


def test_state_when_moments_pass_then_follows_them(now: datetime) -> None:
    window = RegistrationWindow(is_open=True, opens_at=now, closes_at=now + HOUR)

    states = [window.state_at(now + step) for step in (-HOUR, timedelta(0), HOUR)]

    assert states == [RegistrationState.NOT_YET, RegistrationState.OPEN, RegistrationState.CLOSED]
    assert RegistrationWindow(is_open=False).state_at(now) is RegistrationState.OFF
    assert RegistrationWindow(is_open=True).state_at(now) is RegistrationState.OPEN


@pytest.mark.parametrize(
    ("window", "code"),
    [
        (RegistrationWindow(is_open=False), "registration_not_open"),
        (RegistrationWindow(is_open=True, opens_at=datetime(2099, 1, 1).astimezone()), "registration_not_open"),
        (RegistrationWindow(is_open=True, closes_at=datetime(2001, 1, 1).astimezone()), "registration_closed"),
    ],
)
def test_register_when_registration_is_not_open_then_public_is_refused_and_team_is_not(
    each_app: Flask, edition: EditionFacts, now: datetime, window: RegistrationWindow, code: str
) -> None:
    make_ticket_type(edition, now)
    set_registration_window(SYSTEM, edition.id, window, now)

    with pytest.raises(Conflict) as caught:
        register(ANONYMOUS, edition.id, order_request(attendee_request()), now)
    by_team = register(SYSTEM, edition.id, order_request(attendee_request(), source="desk"), now)

    assert caught.value.code == code
    assert len(by_team.attendees) == 1


def test_window_when_set_then_is_stored_and_recorded(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    window = RegistrationWindow(is_open=True, opens_at=now, closes_at=now + HOUR)

    set_registration_window(SYSTEM, edition.id, window, now)

    changed = get_edition(edition.id)
    assert changed.registration == window
    assert changed.content_version == edition.content_version + 1
    assert [each.action for each in list_audit_records("edition", edition.id)] == [
        "edition.set_registration",
        "edition.create",
    ]


def test_window_when_it_closes_before_it_opens_or_actor_may_not_then_is_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    with pytest.raises(Invalid) as caught:
        set_registration_window(SYSTEM, edition.id, RegistrationWindow(True, now, now), now)
    with pytest.raises(PermissionMissing):
        set_registration_window(ANONYMOUS, edition.id, RegistrationWindow(False), now)

    assert caught.value.code == "registration_times_reversed"
    assert get_edition(edition.id).registration == RegistrationWindow(True)
