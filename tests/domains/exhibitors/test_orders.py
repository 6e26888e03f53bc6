"""Services: ordered, changed and cancelled within their limits; orders keep their price."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, ExpoError, Invalid
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.queries import get_page, get_service, list_orders, list_services_of
from expo.exhibitors.rules import MemberRole, ServiceRequest
from expo.exhibitors.services import create_service, delete_service, edit_service, order_service, withdraw_company
from tests.domains.exhibitors.page_makers import make_company, make_member


def wanted(price_cents: int = 1000, **values: Any) -> ServiceRequest:
    return ServiceRequest({"en": "Chair"}, {}, {"en": "piece"}, price_cents, **values)


def refusal(act: Any, *args: Any) -> str:
    with pytest.raises(ExpoError) as refused:
        act(*args)
    return refused.value.code


def test_orders_when_changed_and_cancelled_then_stock_price_and_totals_follow(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    owner, rival = make_member(edition, slug, now), make_member(edition, other, now)
    chair = create_service(SYSTEM, edition.id, wanted(stock=10), now)

    order_service(owner, edition.id, slug, chair, 6, now)
    refused = refusal(order_service, rival, edition.id, other, chair, 5, now)
    order_service(rival, edition.id, other, chair, 4, now)
    edit_service(SYSTEM, edition.id, chair, wanted(price_cents=2000, stock=10), now)
    order_service(owner, edition.id, slug, chair, 3, now)
    order_service(rival, edition.id, other, chair, 0, now)

    assert refused == "service_sold_out"
    service = get_service(edition.id, chair)
    assert (service.ordered, service.left) == (3, 7)
    [order] = list_orders(edition.id, chair)
    assert (order.company, order.amount, order.price_cents, order.total_cents) == ("Guiyang Cloud", 3, 1000, 3000)
    company_id = get_page(edition.id, other).company.id
    assert [(each.amount, each.price_cents) for each in list_services_of(edition.id, company_id)] == [(0, 2000)]


def test_orders_when_beyond_a_limit_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    slug = make_company(edition, now)
    owner = make_member(edition, slug, now)
    last_day = now.astimezone(edition.zone).date()
    chair = create_service(SYSTEM, edition.id, wanted(maximum=5, last_day=last_day), now)
    order_service(owner, edition.id, slug, chair, 5, now)
    tomorrow = now + timedelta(days=1)

    assert refusal(order_service, owner, edition.id, slug, chair, 6, now) == "amount_out_of_range"
    assert refusal(order_service, owner, edition.id, slug, chair, -1, now) == "amount_out_of_range"
    assert refusal(order_service, owner, edition.id, slug, chair, 0, tomorrow) == "service_closed"
    assert refusal(order_service, owner, edition.id, slug, chair + 1, 1, now) == "service_missing"
    assert refusal(delete_service, SYSTEM, edition.id, chair, now) == "service_ordered"
    assert refusal(edit_service, SYSTEM, edition.id, chair, wanted(stock=4), now) == "stock_below_orders"
    assert get_service(edition.id, chair).ordered == 5
    withdraw_company(SYSTEM, edition.id, slug, None, now)
    order_service(owner, edition.id, slug, chair, 2, now)
    assert refusal(order_service, owner, edition.id, slug, chair, 3, now) == "exhibitor_state"


def test_services_when_managed_or_ordered_by_others_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug, other = make_company(edition, now), make_company(edition, now, "Other Ltd")
    owner, editor = make_member(edition, slug, now), make_member(edition, slug, now, MemberRole.EDITOR)
    chair = create_service(SYSTEM, edition.id, wanted(), now)

    with pytest.raises(PermissionMissing):
        create_service(owner, edition.id, wanted(), now)
    with pytest.raises(PermissionMissing):
        order_service(editor, edition.id, slug, chair, 1, now)
    with pytest.raises(ExhibitorMissing):
        order_service(owner, edition.id, other, chair, 1, now)
    assert list_orders(edition.id) == []


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (ServiceRequest({}, {}, {}, 1), "service_name_empty"),
        (wanted(-1), "price_out_of_range"),
        (wanted(maximum=0), "amount_out_of_range"),
        (wanted(stock=10_001), "amount_out_of_range"),
        (ServiceRequest({"en": "x"}, {}, {"en": "u" * 41}, 1), "text_too_long"),
    ],
)
def test_service_when_a_value_is_bad_then_refused(
    request_: ServiceRequest, code: str, app: Flask, edition: EditionFacts, now: datetime
) -> None:
    with pytest.raises((Invalid, Conflict)) as refused:
        create_service(SYSTEM, edition.id, request_, now)
    assert refused.value.code == code


def test_service_when_its_last_day_ends_then_the_zone_of_the_expo_counts(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    slug = make_company(edition, now)
    chair = create_service(SYSTEM, edition.id, wanted(last_day=date(2027, 3, 26)), now)

    # 23:59 and 00:01 in Shanghai.
    order_service(SYSTEM, edition.id, slug, chair, 1, now.replace(hour=15, minute=59))
    with pytest.raises(Conflict):
        order_service(SYSTEM, edition.id, slug, chair, 2, now.replace(hour=16, minute=1))
