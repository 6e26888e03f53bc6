"""Queries on the add-ons that attendees have booked: their order lines that are not cancelled."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from expo.infra.db import core_connection, db
from expo.infra.direct import fetch_direct
from expo.registration.models import OrderLine
from expo.tickets.models import AddOn


@dataclass(frozen=True)
class HeldAddOn:
    """An add-on of an attendee. The price is for all units."""

    add_on_id: int
    code: str
    name: dict[str, str]
    quantity: int
    price_cents: int


# Built once, because every registration runs it.
_ADD_ONS_OF = (
    select(OrderLine.attendee_id, AddOn.id, AddOn.code, AddOn.name, OrderLine.quantity, OrderLine.total_cents)
    .join(AddOn, AddOn.id == OrderLine.add_on_id)
    .where(OrderLine.attendee_id.in_(bindparam("attendee_ids", expanding=True)), OrderLine.cancelled_at.is_(None))
    .order_by(AddOn.position, AddOn.id)
)


def list_add_ons_of(attendee_ids: Collection[int]) -> dict[int, tuple[HeldAddOn, ...]]:
    """Return the add-ons of attendees by attendee, in their order; those without any are left out."""
    if not attendee_ids:
        return {}
    rows = fetch_direct(core_connection(), _ADD_ONS_OF, {"attendee_ids": sorted(attendee_ids)})
    found: dict[int, tuple[HeldAddOn, ...]] = {}
    for row in rows:
        held = HeldAddOn(row.id, row.code, row.name, row.quantity, row.total_cents)
        found[row.attendee_id] = (*found.get(row.attendee_id, ()), held)
    return found


def count_sold_add_ons(edition_id: int) -> dict[str, int]:
    """Return how many units of each add-on of an edition are booked, by code; those without any are left out."""
    rows = db.session.execute(
        select(AddOn.code, func.sum(OrderLine.quantity))
        .join(OrderLine, OrderLine.add_on_id == AddOn.id)
        .where(AddOn.edition_id == edition_id, OrderLine.cancelled_at.is_(None))
        .group_by(AddOn.code)
    )
    return {code: int(units) for code, units in rows}


def is_add_on_booked(add_on_id: int) -> bool:
    """Return whether an add-on was ever booked, even if that was cancelled."""
    return db.session.scalar(select(OrderLine.id).where(OrderLine.add_on_id == add_on_id).limit(1)) is not None
