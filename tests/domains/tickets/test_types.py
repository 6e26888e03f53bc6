from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.flows.tickets import create_quota
from expo.tickets.errors import TicketTypeMissing
from expo.tickets.queries import get_ticket_type, list_ticket_types
from expo.tickets.rules import SaleState
from expo.tickets.services import change_ticket_type
from tests.conftest import make_edition
from tests.make import make_registration, make_ticket_type


def test_ticket_types_when_listed_then_places_and_sale_are_told(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    other = make_edition(now, "expo-2028", 2028)
    make_ticket_type(other, now, "elsewhere", places=1)
    make_ticket_type(edition, now, "visitor", places=3)
    make_ticket_type(edition, now, "early", sale_ends_at=now)
    make_ticket_type(edition, now, "late", sale_starts_at=now + timedelta(days=1), is_public=False)
    make_ticket_type(edition, now, "full", places=0)
    create_quota(SYSTEM, edition.id, "hall", 2, ["visitor"], now)
    make_registration(edition, now)

    found = [(each.code, each.places_left, each.sale_state) for each in list_ticket_types(edition.id, now)]

    assert found == [
        ("visitor", 1, SaleState.ON_SALE),
        ("early", None, SaleState.ENDED),
        ("late", None, SaleState.NOT_YET),
        ("full", 0, SaleState.SOLD_OUT),
    ]
    assert [each.code for each in list_ticket_types(edition.id, now, public_only=True)] == ["visitor", "early", "full"]


def test_ticket_type_when_changed_then_checked_as_when_made(app: Flask, edition: EditionFacts, now: datetime) -> None:
    made = make_ticket_type(edition, now)

    change_ticket_type(SYSTEM, edition.id, made.id, now, price_cents=500, is_public=False)

    changed = get_ticket_type(edition.id, "visitor", now)
    assert (changed.price_cents, changed.is_public) == (500, False)
    for values in (
        {"band": 8},
        {"price_cents": -1},
        {"max_per_order": 0},
        {"valid_from": edition.starts_on.replace(day=1)},
    ):
        with pytest.raises(Invalid):
            change_ticket_type(SYSTEM, edition.id, made.id, now, **values)
    with pytest.raises(Conflict):
        make_ticket_type(edition, now)
    with pytest.raises(TicketTypeMissing):
        change_ticket_type(SYSTEM, edition.id, made.id + 1, now, band=1)
    with pytest.raises(PermissionMissing):
        change_ticket_type(ANONYMOUS, edition.id, made.id, now, band=1)
