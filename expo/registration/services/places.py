"""Taking places from quotas and giving them back: always the last statements before the commit.

A hot quota is one row that every registration changes, so its lock is held from here to the commit and no longer.
Quotas are changed by rising id: two orders that need the same quotas never wait for each other in a circle.
"""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Table, bindparam, or_, select, update

from expo.infra.db import Base, db
from expo.pure.capacity import demand, places_left
from expo.registration.errors import SoldOut
from expo.registration.models import Quota, QuotaTicketType

# Takes one place for each ticket type named; told their codes for the refusal.
PlaceTaker = Callable[[Iterable[int], Mapping[int, str]], None]

_QUOTA: Table = Base.metadata.tables[Quota.__tablename__]


def take_places(ticket_type_ids: Iterable[int], codes: Mapping[int, str]) -> None:
    """Take one place for each ticket type named, from every quota it belongs to. Raises SoldOut.

    Which quotas those are is read here, after the attendees were inserted: their foreign key keeps the ticket types'
    quotas from changing until the commit.
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
_GIVE_BACK = (
    update(_QUOTA).where(_QUOTA.c.id == bindparam("quota_id")).values(taken=_QUOTA.c.taken - bindparam("places"))
)
_LINK: Table = Base.metadata.tables[QuotaTicketType.__tablename__]
_QUOTAS_OF = select(_LINK.c.ticket_type_id, _LINK.c.quota_id).where(
    _LINK.c.ticket_type_id.in_(bindparam("ticket_type_ids", expanding=True))
)


def take_from_quota(quota_id: int, places: int) -> bool:
    """Take places from one quota if it has so many; the statement is the lock. Return whether they were taken."""
    return db.session.scalar(_TAKE, {"quota_id": quota_id, "places": places}) is not None


def give_back_places(ticket_type_ids: Iterable[int]) -> None:
    """Give back one place for each ticket type named, to every quota it belongs to."""
    wanted = list(ticket_type_ids)
    for quota_id, places in demand(wanted, _quotas_of(wanted)):
        db.session.execute(_GIVE_BACK, {"quota_id": quota_id, "places": places})


def _quotas_of(ticket_type_ids: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for ticket_type_id, quota_id in db.session.execute(_QUOTAS_OF, {"ticket_type_ids": sorted(set(ticket_type_ids))}):
        found.setdefault(ticket_type_id, []).append(quota_id)
    return found
