from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.badges.queries import find_badge_of, public_keys
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.flows.registering import approve, cancel_registration, confirm_registration, refuse
from expo.mail.queries import list_letters
from expo.pure.tokens import verify_token
from expo.registration.queries import get_attendee, get_order, list_quotas, recount_quotas
from expo.registration.rules import AttendeeState, OrderState
from expo.registration.services import expire_unconfirmed_orders
from tests.make import make_attendee, make_attendee_wish, make_registration, make_ticket_type, make_wish


def test_confirm_when_link_opened_twice_then_badge_and_letter_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, places=5)
    registered = make_registration(edition, now)

    first = confirm_registration(registered.order_id, now + timedelta(hours=1))
    second = confirm_registration(registered.order_id, now + timedelta(hours=2))

    badge = find_badge_of(registered.attendees[0].id)
    assert badge is not None
    token = verify_token(badge.token, public_keys(edition.id))
    assert (token.serial, token.edition, token.first_day, token.days) == (badge.serial, edition.number, 0, 3)
    assert registered.state is OrderState.UNCONFIRMED
    assert (first.is_new, second.is_new) == (True, False)
    assert first.attendees == second.attendees
    assert [each.state for each in first.attendees] == [AttendeeState.CONFIRMED]
    assert [letter.message for letter in list_letters(edition.id)] == ["registration/confirmed", "registration/confirm"]
    assert [quota.taken for quota in list_quotas(edition.id)] == [1]
