"""Take places from quotas and release them, always in the last statements before the commit.

Locks are always acquired in the same order: ticket types, then add-ons, then quotas, each by ascending id. Changing the
ticket types or add-ons of a quota locks all of them exclusively, so the quotas of a place are read only after the
ticket types and add-ons are locked.

A busy quota is one row that every registration changes, so it is locked only from here to the commit. The order by
ascending id prevents deadlocks between orders that need the same quotas.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Table, bindparam, or_, select, update

from expo.infra.db import Base, core_connection, db
from expo.infra.direct import fetch_direct
from expo.pure.capacity import demand, places_left
from expo.tickets.errors import AddOnSoldOut, SoldOut
from expo.tickets.models import AddOn, Quota, QuotaAddOn, QuotaTicketType, TicketType
from expo.tickets.rules import AddOnUnits

_QUOTA: Table = Base.metadata.tables[Quota.__tablename__]


def take_places(ticket_type_ids: Iterable[int], codes: Mapping[int, str], add_ons: Sequence[AddOnUnits] = ()) -> None:
    """Take one place for each ticket type given and each unit of an add-on, from every quota they belong to.

    The quotas are read here, while the ticket types and add-ons are locked, either by `lock_ticket_types` and
    `lock_add_ons` or by the foreign keys of attendees and lines inserted before. Raises SoldOut or AddOnSoldOut.
    """
    wanted = list(ticket_type_ids)
    quotas_of = _quotas_of(wanted)
    quotas_of_add_ons = _quotas_of_add_ons(add_ons)
    for quota_id, places in _join(demand(wanted, quotas_of), _demand_of(add_ons, quotas_of_add_ons)):
        if not take_from_quota(quota_id, places):
            size, taken = db.session.execute(select(Quota.size, Quota.taken).where(Quota.id == quota_id)).one()
            left = places_left(size, taken) or 0
            add_on = next((each for each in add_ons if quota_id in quotas_of_add_ons.get(each.add_on_id, ())), None)
            first = next((each for each in wanted if quota_id in quotas_of.get(each, ())), None)
            if first is None and add_on is not None:
                raise AddOnSoldOut(add_on.code, left)
            raise SoldOut(codes[first or 0], left)


_TAKE = (
    update(_QUOTA)
    .where(
        _QUOTA.c.id == bindparam("quota_id"),
        or_(_QUOTA.c.size.is_(None), _QUOTA.c.taken + bindparam("places") <= _QUOTA.c.size),
    )
    .values(taken=_QUOTA.c.taken + bindparam("places"))
    .returning(_QUOTA.c.id)
)
_RELEASE = update(_QUOTA).where(_QUOTA.c.id == bindparam("quota_id")).values(taken=_QUOTA.c.taken - bindparam("places"))
_TYPE: Table = Base.metadata.tables[TicketType.__tablename__]
_LINK: Table = Base.metadata.tables[QuotaTicketType.__tablename__]
_QUOTAS_OF = select(_LINK.c.ticket_type_id, _LINK.c.quota_id).where(
    _LINK.c.ticket_type_id.in_(bindparam("ticket_type_ids", expanding=True))
)


_HOLD_TYPES = (
    select(_TYPE.c.id)
    .where(_TYPE.c.id.in_(bindparam("ticket_type_ids", expanding=True)))
    .order_by(_TYPE.c.id)
    .with_for_update(read=True, key_share=True)
)


_ADD_ON: Table = Base.metadata.tables[AddOn.__tablename__]
_ADD_ON_LINK: Table = Base.metadata.tables[QuotaAddOn.__tablename__]
_HOLD_ADD_ONS = (
    select(_ADD_ON.c.id)
    .where(_ADD_ON.c.id.in_(bindparam("add_on_ids", expanding=True)))
    .order_by(_ADD_ON.c.id)
    .with_for_update(read=True, key_share=True)
)


def lock_ticket_types(ticket_type_ids: Iterable[int]) -> None:
    """Lock the quota assignment of these ticket types until the commit; the lock is shared.

    Inserting an attendee locks the same rows through its foreign key, but in the order of the attendees.
    """
    db.session.execute(_HOLD_TYPES, {"ticket_type_ids": sorted(set(ticket_type_ids))})


def lock_add_ons(add_on_ids: Iterable[int]) -> None:
    """Lock the quota assignment of these add-ons until the commit; the lock is shared. Ticket types are locked before.

    Inserting an order line locks the same rows through its foreign key, but in the order of the lines.
    """
    if ids := sorted(set(add_on_ids)):
        db.session.execute(_HOLD_ADD_ONS, {"add_on_ids": ids})


def move_place(from_type_id: int, to_type_id: int, codes: Mapping[int, str]) -> None:
    """Exchange a place of one ticket type for one of another; quotas shared by both do not change. Raises SoldOut."""
    lock_ticket_types((from_type_id, to_type_id))
    quotas_of = _quotas_of((from_type_id, to_type_id))
    old_quotas, new_quotas = set(quotas_of.get(from_type_id, ())), set(quotas_of.get(to_type_id, ()))
    for quota_id in sorted(old_quotas ^ new_quotas):
        if quota_id in old_quotas:
            db.session.execute(_RELEASE, {"quota_id": quota_id, "places": 1})
        elif not take_from_quota(quota_id, 1):
            raise SoldOut(codes[to_type_id], 0)


def take_from_quota(quota_id: int, places: int) -> bool:
    """Take places from one quota if enough are left and return whether they were; the update itself is the lock."""
    return bool(fetch_direct(core_connection(), _TAKE, {"quota_id": quota_id, "places": places}))


def release_places(ticket_type_ids: Iterable[int], add_ons: Sequence[AddOnUnits] = ()) -> None:
    """Release one place for each ticket type given and each unit of an add-on, in every quota they belong to."""
    wanted = list(ticket_type_ids)
    lock_ticket_types(wanted)
    lock_add_ons(each.add_on_id for each in add_ons)
    places_by_quota = _join(demand(wanted, _quotas_of(wanted)), _demand_of(add_ons, _quotas_of_add_ons(add_ons)))
    for quota_id, places in places_by_quota:
        db.session.execute(_RELEASE, {"quota_id": quota_id, "places": places})


def exchange_add_ons(released: Sequence[AddOnUnits], taken: Sequence[AddOnUnits]) -> None:
    """Release the places of some add-ons and take those of others, quota by quota. Raises AddOnSoldOut."""
    lock_add_ons(each.add_on_id for each in (*released, *taken))
    quotas_of = _quotas_of_add_ons([*released, *taken])
    change = Counter(dict(_demand_of(taken, quotas_of)))
    change.subtract(dict(_demand_of(released, quotas_of)))
    for quota_id, places in sorted(change.items()):
        if places < 0:
            db.session.execute(_RELEASE, {"quota_id": quota_id, "places": -places})
        elif places > 0 and not take_from_quota(quota_id, places):
            size, in_use = db.session.execute(select(Quota.size, Quota.taken).where(Quota.id == quota_id)).one()
            first = next(each for each in taken if quota_id in quotas_of.get(each.add_on_id, ()))
            raise AddOnSoldOut(first.code, places_left(size, in_use) or 0)


def _quotas_of(ticket_type_ids: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in fetch_direct(core_connection(), _QUOTAS_OF, {"ticket_type_ids": sorted(set(ticket_type_ids))}):
        found.setdefault(row.ticket_type_id, []).append(row.quota_id)
    return found


def _quotas_of_add_ons(add_ons: Iterable[AddOnUnits]) -> dict[int, list[int]]:
    ids = sorted({each.add_on_id for each in add_ons})
    found: dict[int, list[int]] = {}
    if ids:
        for add_on_id, quota_id in db.session.execute(
            select(_ADD_ON_LINK.c.add_on_id, _ADD_ON_LINK.c.quota_id).where(_ADD_ON_LINK.c.add_on_id.in_(ids))
        ):
            found.setdefault(add_on_id, []).append(quota_id)
    return found


def _demand_of(add_ons: Iterable[AddOnUnits], quotas_of: Mapping[int, Iterable[int]]) -> list[tuple[int, int]]:
    return demand((each.add_on_id for each in add_ons for _ in range(each.quantity)), quotas_of)


def _join(*demands: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what several demands ask of each quota together, by ascending id, the only locking order."""
    asked: Counter[int] = Counter()
    for each in demands:
        asked.update(dict(each))
    return sorted(asked.items())
