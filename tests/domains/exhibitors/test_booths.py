"""Booths are drawn, moved, numbered, sold and shared."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, ExpoError, Refused
from expo.exhibitors.queries import BoothRow, get_booth, list_booths, list_plans, list_public_booths
from expo.exhibitors.rules import BoothState, Geometry
from expo.exhibitors.services import (
    BoothChange,
    RowRequest,
    add_row,
    adopt_booths,
    arrange_booths,
    change_booths,
    free_booth,
    hold_booth,
    leave_booth,
    sell_booth,
    share_booth,
)
from expo.pure.plane import Box
from tests.floor_plans import make_company, make_hall


def _booths(edition: EditionFacts, hall_id: int, now: datetime) -> dict[str, BoothRow]:
    return {each.code: each for each in list_booths(edition.id, hall_id, now)}


def test_row_when_added_then_numbered_booths_stand_side_by_side(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    hall_id = make_hall(edition, now)

    add_row(SYSTEM, edition.id, "hall-1", RowRequest("A-", 3, Box(2, 4, 3, 2), start=9, gap=1, price=500), now)

    rows = list_booths(edition.id, hall_id, now)
    assert [(each.code, each.place and each.place.box.x, each.price) for each in rows] == [
        ("A-09", 2, 500), ("A-10", 6, 500), ("A-11", 10, 500),
    ]  # fmt: skip


def test_change_when_based_on_an_old_version_then_nothing_changes(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    hall_id = make_hall(edition, now)
    first, second = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A", 2, Box(0, 0, 3, 3)), now)
    moved = Geometry(Box(10, 10, 3, 3))
    change_booths(SYSTEM, edition.id, "hall-1", [BoothChange("A01", moved, first, 1)], now)

    with pytest.raises(ExpoError) as caught:
        change_booths(
            SYSTEM,
            edition.id,
            "hall-1",
            [BoothChange("A02", moved, second, 1), BoothChange("A01", Geometry(Box(0, 0, 3, 3)), first, 1)],
            now,
        )

    assert caught.value.code == "booth_changed"
    places = {code: each.place.box.x for code, each in _booths(edition, hall_id, now).items() if each.place}
    assert places == {"A01": 10, "A02": 3}


def test_numbers_when_two_booths_swap_theirs_then_both_have_the_other(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    hall_id = make_hall(edition, now)
    first, second = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A", 2, Box(0, 0, 3, 3)), now)
    places = {each.id: each.place for each in list_booths(edition.id, hall_id, now)}

    swap = [BoothChange("A02", places[first], first, 1), BoothChange("A01", places[second], second, 1)]
    change_booths(SYSTEM, edition.id, "hall-1", swap, now)

    assert {code: each.id for code, each in _booths(edition, hall_id, now).items()} == {"A01": second, "A02": first}
    for taken in ("A01", "a01", "Ａ01"):
        with pytest.raises(Conflict) as caught:
            change_booths(SYSTEM, edition.id, "hall-1", [BoothChange(taken, places[first], first, 2)], now)
        assert caught.value.code == "booth_exists"


def test_sale_when_booth_is_sold_then_nobody_else_gets_it_but_may_share_it(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_hall(edition, now)
    buyer, other = make_company(edition, "Alpha", now), make_company(edition, "Beta", now)
    [booth_id] = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A", 1, Box(0, 0, 3, 3)), now)
    with pytest.raises(Conflict) as early:
        share_booth(SYSTEM, edition.id, booth_id, other, now)
    sell_booth(SYSTEM, edition.id, booth_id, buyer, now)

    with pytest.raises(Conflict) as caught:
        sell_booth(SYSTEM, edition.id, booth_id, other, now)
    share_booth(SYSTEM, edition.id, booth_id, other, now)
    with pytest.raises(Conflict) as kept:
        leave_booth(SYSTEM, edition.id, booth_id, buyer, now)

    assert (early.value.code, caught.value.code, kept.value.code) == ("booth_not_sold", "booth_taken", "booth_holder")
    booth = get_booth(edition.id, booth_id, now)
    assert (booth.state, [each.slug for each in booth.companies]) == (BoothState.SOLD, [buyer, other])
    free_booth(SYSTEM, edition.id, booth_id, now)
    booth = get_booth(edition.id, booth_id, now)
    assert (booth.state, booth.holder, booth.companies) == (BoothState.FREE, None, ())


def test_hold_when_it_runs_out_then_the_booth_is_free_for_others(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_hall(edition, now)
    holder, other = make_company(edition, "Alpha", now), make_company(edition, "Beta", now)
    [booth_id] = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A", 1, Box(0, 0, 3, 3)), now)
    later = now + timedelta(days=2)
    hold_booth(SYSTEM, edition.id, booth_id, holder, now + timedelta(days=1), now)

    with pytest.raises(Conflict):
        sell_booth(SYSTEM, edition.id, booth_id, other, now)
    before, after = get_booth(edition.id, booth_id, now), get_booth(edition.id, booth_id, later)
    sell_booth(SYSTEM, edition.id, booth_id, other, later)

    assert (before.state, after.state) == (BoothState.HELD, BoothState.FREE)
    sold = get_booth(edition.id, booth_id, later)
    assert (sold.state, sold.holder and sold.holder.slug) == (BoothState.SOLD, other)


def test_delete_when_booth_is_sold_then_it_stays(app: Flask, edition: EditionFacts, now: datetime) -> None:
    hall_id = make_hall(edition, now)
    [booth_id] = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A", 1, Box(0, 0, 3, 3)), now)
    sell_booth(SYSTEM, edition.id, booth_id, make_company(edition, "Alpha", now), now)

    with pytest.raises(Conflict) as caught:
        change_booths(SYSTEM, edition.id, "hall-1", [BoothChange("A01", None, booth_id, 2, is_deleted=True)], now)

    assert caught.value.code == "booth_occupied"
    assert len(list_booths(edition.id, hall_id, now)) == 1


def test_imported_booths_when_arranged_then_all_have_a_place_in_a_hall_that_fits(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for number in range(1, 31):
        make_company(edition, f"Company {number}", now, booth=f"A{number:02}", hall="Hall 1")

    placed = arrange_booths(SYSTEM, edition.id, "hall-1", now)

    [plan] = list_plans(edition.id)
    booths = list_public_booths(edition.id, now)
    assert (placed, plan.booths, plan.placed, len(booths)) == (30, 30, 30, 30)
    assert {each.state for each in booths} == {BoothState.SOLD}
    assert all(each.place and each.place.box.right <= plan.width for each in booths)
    assert arrange_booths(SYSTEM, edition.id, "hall-1", now) == 0


def test_booths_without_a_hall_when_adopted_then_can_be_arranged(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    hall_id = make_hall(edition, now)
    add_row(SYSTEM, edition.id, "hall-1", RowRequest("A", 1, Box(0, 0, 3, 3)), now)
    for name, booth in (("Alpha", "A01"), ("Beta", "A02")):
        make_company(edition, name, now, booth=booth)

    adopted = adopt_booths(SYSTEM, edition.id, "hall-1", now)

    # The hall has a booth A01 already.
    assert (adopted, [each.code for each in list_booths(edition.id, None, now)]) == (1, ["A01"])
    assert arrange_booths(SYSTEM, edition.id, "hall-1", now) == 1
    assert [each.code for each in list_booths(edition.id, hall_id, now) if each.place] == ["A01", "A02"]


def test_acts_when_the_actor_may_not_manage_exhibitors_then_are_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_hall(edition, now)
    [booth_id] = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A", 1, Box(0, 0, 3, 3)), now)

    for act in (
        lambda: sell_booth(ANONYMOUS, edition.id, booth_id, "alpha", now),
        lambda: free_booth(ANONYMOUS, edition.id, booth_id, now),
        lambda: arrange_booths(ANONYMOUS, edition.id, "hall-1", now),
        lambda: change_booths(ANONYMOUS, edition.id, "hall-1", [BoothChange("B", None)], now),
    ):
        with pytest.raises(Refused):
            act()
