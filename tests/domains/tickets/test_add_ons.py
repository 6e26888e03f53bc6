"""Add-ons: offered, changed, sharing quotas with tickets, and deleted only while nobody has booked them."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, ExpoError, Invalid, Missing
from expo.flows.add_ons import change_add_ons, offer_add_on, remove_add_on, reoffer_add_on, stop_selling_add_on
from expo.flows.tickets import change_quota, create_quota
from expo.infra.audit import list_audit_records
from expo.registration.queries import recount_quotas
from expo.tickets.queries import get_add_on, list_add_ons, list_quotas, name_add_ons
from expo.tickets.rules import AddOnOffer, SaleState, check_add_ons
from tests.conftest import make_edition
from tests.domains.checkin.doors import make_checkpoint
from tests.make import make_add_on, make_attendee, make_ticket_type

LATER = timedelta(hours=1)
OFFER = AddOnOffer(1, "dinner", 100, None, None, 2, is_public=True, ticket_type_codes=("vip",))


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        ([("vip", ["dinner", "dinner"])], None),
        ([("vip", ["dinner"] * 3)], "too_many_of_add_on"),
        ([("vip", []), ("visitor", ["dinner"])], "add_on_not_offered"),
        ([("vip", ["lunch"])], "add_on_missing"),
    ],
)
def test_check_when_the_public_chooses_then_only_what_is_offered(
    wishes: list[tuple[str, list[str]]], code: str | None, now: datetime
) -> None:
    refused = None
    try:
        check_add_ons(wishes, {"dinner": OFFER}, now, for_public=True)
    except ExpoError as error:
        refused = error

    assert (refused.code if refused else None) == code
    if code == "add_on_not_offered":
        assert refused is not None
        assert refused.params["field"] == "attendees-1-add_ons"


def test_check_when_staff_give_it_then_only_the_number_counts(now: datetime) -> None:
    check_add_ons([("visitor", ["dinner"])], {"dinner": OFFER}, now, for_public=False)

    with pytest.raises(Invalid, match="too_many_of_add_on"):
        check_add_ons([("visitor", ["dinner"] * 3)], {"dinner": OFFER}, now, for_public=False)


def test_add_on_when_created_then_listed_with_places_of_its_own_and_its_sale(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "vip")
    made = make_add_on(edition, now, places=3, price_cents=500, ticket_type_codes=("vip",), sale_ends_at=now + LATER)
    other = make_edition(now, "expo-2028", 2028)

    assert (made.size, made.places_left, made.sale_state, made.ticket_type_codes) == (
        3,
        3,
        SaleState.ON_SALE,
        ("vip",),
    )
    assert get_add_on(edition.id, "dinner", now + LATER).sale_state is SaleState.ENDED
    assert [(each.name, each.size, each.add_on_codes) for each in list_quotas(edition.id)] == [
        ("Dinner", 3, ("dinner",))
    ]
    assert (list_add_ons(other.id, now), name_add_ons(other.id)) == ([], {})


@pytest.mark.parametrize(
    ("code", "values", "refusal"),
    [
        ("with space", {}, "code_invalid"),
        ("dinner", {}, "add_on_exists"),
        ("lunch", {"name": {}}, "name_empty"),
        ("lunch", {"price_cents": -1}, "price_negative"),
        ("lunch", {"max_per_attendee": 21}, "number_out_of_range"),
        ("lunch", {"ticket_type_codes": ("none",)}, "ticket_type_missing"),
        (
            "lunch",
            {"sale_starts_at": datetime.fromisoformat("2027-01-02T00:00Z"),
             "sale_ends_at": datetime.fromisoformat("2027-01-01T00:00Z")},
            "dates_reversed",
        ),
    ],
)  # fmt: skip
def test_add_on_when_invalid_then_refused(
    app: Flask, edition: EditionFacts, now: datetime, code: str, values: dict[str, object], refusal: str
) -> None:
    make_add_on(edition, now)

    with pytest.raises(ExpoError, match=refusal):
        offer_add_on(SYSTEM, edition.id, code, {"name": {"en": "Lunch"}, **values}, None, (), now)

    assert list(name_add_ons(edition.id)) == ["dinner"]


def test_add_on_when_the_actor_may_not_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_add_on(edition, now)

    with pytest.raises(PermissionMissing):
        offer_add_on(ANONYMOUS, edition.id, "lunch", {"name": {"en": "Lunch"}}, None, (), now)
    with pytest.raises(PermissionMissing):
        reoffer_add_on(ANONYMOUS, edition.id, "dinner", {}, None, (), now)
    with pytest.raises(PermissionMissing):
        stop_selling_add_on(ANONYMOUS, edition.id, "dinner", now)
    with pytest.raises(PermissionMissing):
        remove_add_on(ANONYMOUS, edition.id, "dinner", now)


def test_quota_when_shared_by_a_ticket_and_an_add_on_then_both_take_from_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    hall = create_quota(SYSTEM, edition.id, "Hall", 4, ["visitor"], now)
    make_add_on(edition, now, places=2, quotas=(hall,), max_per_attendee=2)
    attendee = make_attendee(edition, now)

    change_add_ons(SYSTEM, edition.id, attendee.id, {"dinner": 2}, now)

    add_on = get_add_on(edition.id, "dinner", now)
    assert [(each.name, each.left) for each in add_on.shared_quotas] == [("Hall", 1)]
    assert (add_on.size, add_on.places_left, add_on.sale_state) == (2, 0, SaleState.SOLD_OUT)
    assert {each.name: (each.taken, each.counted) for each in recount_quotas(edition.id)} == {
        "Hall": (3, 3),
        "Dinner": (2, 2),
    }
    with pytest.raises(Conflict, match="quota_below_taken"):
        change_quota(SYSTEM, edition.id, hall, 2, ["visitor"], now)
    change_quota(SYSTEM, edition.id, hall, 2, ["visitor"], now, [])
    assert {each.name: each.taken for each in list_quotas(edition.id)} == {"Hall": 1, "Dinner": 2}


def test_add_on_when_changed_then_the_places_are_counted_again(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now)
    attendee = make_attendee(edition, now)
    change_add_ons(SYSTEM, edition.id, attendee.id, {"dinner": 1}, now)

    reoffer_add_on(SYSTEM, edition.id, "dinner", {"price_cents": 900}, 5, (), now)

    changed = get_add_on(edition.id, "dinner", now)
    assert (changed.price_cents, changed.size, changed.places_left) == (900, 5, 4)
    with pytest.raises(Conflict, match="quota_below_taken"):
        reoffer_add_on(SYSTEM, edition.id, "dinner", {}, 0, (), now)
    with pytest.raises(Missing, match="quota_missing"):
        reoffer_add_on(SYSTEM, edition.id, "dinner", {}, 5, (99,), now)
    reoffer_add_on(SYSTEM, edition.id, "dinner", {}, None, (), now)
    assert get_add_on(edition.id, "dinner", now).places_left is None


def test_add_on_when_stopped_then_over_and_what_is_booked_stays(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_add_on(edition, now)

    stop_selling_add_on(SYSTEM, edition.id, "dinner", now)

    assert get_add_on(edition.id, "dinner", now).sale_state is SaleState.ENDED
    with pytest.raises(Conflict, match="add_on_sale_ended"):
        stop_selling_add_on(SYSTEM, edition.id, "dinner", now)


def test_add_on_when_deleted_then_only_if_nobody_ever_booked_it_and_no_checkpoint_asks_for_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ids = [make_add_on(edition, now, code, places=5).id for code in ("dinner", "lunch", "unused")]
    attendee = make_attendee(edition, now)
    change_add_ons(SYSTEM, edition.id, attendee.id, {"dinner": 1}, now)
    change_add_ons(SYSTEM, edition.id, attendee.id, {}, now)
    make_checkpoint(edition, now, rule={"any": [{"not": {"add_on": ["lunch"]}}, {"ticket_type": ["visitor"]}]})

    for code in ("dinner", "lunch"):
        with pytest.raises(Conflict, match="add_on_in_use"):
            remove_add_on(SYSTEM, edition.id, code, now)
    remove_add_on(SYSTEM, edition.id, "unused", now)

    assert list(name_add_ons(edition.id)) == ["dinner", "lunch"]
    assert [each.add_on_codes for each in list_quotas(edition.id)] == [("dinner",), ("lunch",)]
    assert [each.action for each in list_audit_records("add_on", ids[2])] == [
        "registration.delete_add_on",
        "registration.create_add_on",
    ]
