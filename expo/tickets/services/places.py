"""Take places from quotas and release them, always in the last statements before the commit.

Locks are always acquired in the same order: ticket types by ascending id, then quotas by ascending id. Changing the
ticket types of a quota locks all of them exclusively, so the quotas of a place are read only after the ticket types are
locked.

A busy quota is one row that every registration changes, so it is locked only from here to the commit. The order by
ascending id prevents deadlocks between orders that need the same quotas.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Table, bindparam, or_, select, update

from expo.infra.db import Base, core_connection, db
from expo.infra.direct import fetch_direct
from expo.pure.capacity import demand, places_left
from expo.tickets.errors import SoldOut
from expo.tickets.models import Quota, QuotaTicketType, TicketType

_QUOTA: Table = Base.metadata.tables[Quota.__tablename__]


def take_places(ticket_type_ids: Iterable[int], codes: Mapping[int, str]) -> None:
    """Take one place for each ticket type given, from every quota it belongs to. Raises SoldOut.

    The quotas are read here, while the ticket types are locked, either by `lock_ticket_types` or by the foreign key of
    an attendee inserted before.
    """
    wanted = list(ticket_type_ids)
    quotas_of = _quotas_of(wanted)
    for quota_id, places in demand(wanted, quotas_of):
        if not take_from_quota(quota_id, places):
            size, taken = db.session.execute(select(Quota.size, Quota.taken).where(Quota.id == quota_id)).one()
            first = next(each for each in wanted if quota_id in quotas_of.get(each, ()))
            raise SoldOut(codes[first], places_left(size, taken) or 0)


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


def lock_ticket_types(ticket_type_ids: Iterable[int]) -> None:
    """Lock the quota assignment of these ticket types until the commit; the lock is shared.

    Inserting an attendee locks the same rows through its foreign key, but in the order of the attendees.
    """
    db.session.execute(_HOLD_TYPES, {"ticket_type_ids": sorted(set(ticket_type_ids))})


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


def release_places(ticket_type_ids: Iterable[int]) -> None:
    """Release one place for each ticket type given, in every quota it belongs to."""
    wanted = list(ticket_type_ids)
    lock_ticket_types(wanted)
    for quota_id, places in demand(wanted, _quotas_of(wanted)):
        db.session.execute(_RELEASE, {"quota_id": quota_id, "places": places})


def _quotas_of(ticket_type_ids: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in fetch_direct(core_connection(), _QUOTAS_OF, {"ticket_type_ids": sorted(set(ticket_type_ids))}):
        found.setdefault(row.ticket_type_id, []).append(row.quota_id)
    return found
