"""Places held by attendees and their add-ons, compared with the counters of the quotas."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from expo.infra.db import db
from expo.registration.models import Attendee, OrderLine
from expo.registration.rules import HOLDING_STATES
from expo.tickets.models import AddOn, Quota, QuotaAddOn, QuotaTicketType, TicketType


@dataclass(frozen=True)
class QuotaCount:
    """A quota's counter and the number of places that attendees actually hold."""

    quota_id: int
    name: str
    taken: int
    counted: int

    @property
    def agrees(self) -> bool:
        """Return whether the counter is correct."""
        return self.taken == self.counted


def count_held_places(edition_id: int, ticket_type_codes: Sequence[str], add_on_codes: Sequence[str] = ()) -> int:
    """Return how many places of these ticket types and add-ons the attendees of an edition hold."""
    types = select(TicketType.id).where(TicketType.edition_id == edition_id, TicketType.code.in_(ticket_type_codes))
    held = (
        select(func.count())
        .select_from(Attendee)
        .where(Attendee.ticket_type_id.in_(types), Attendee.state.in_([state.value for state in HOLDING_STATES]))
    )
    units = (
        select(func.coalesce(func.sum(OrderLine.quantity), 0))
        .join(AddOn, AddOn.id == OrderLine.add_on_id)
        .where(AddOn.edition_id == edition_id, AddOn.code.in_(add_on_codes), OrderLine.cancelled_at.is_(None))
    )
    of_add_ons = db.session.scalar(units) or 0 if add_on_codes else 0
    return (db.session.scalar(held) or 0) + int(of_add_ons)


def recount_quotas(edition_id: int) -> list[QuotaCount]:
    """Return every quota of an edition with its counter and the places that attendees actually hold."""
    held = (
        select(QuotaTicketType.quota_id, func.count(Attendee.id).label("counted"))
        .join(Attendee, Attendee.ticket_type_id == QuotaTicketType.ticket_type_id)
        .where(Attendee.edition_id == edition_id, Attendee.state.in_([state.value for state in HOLDING_STATES]))
        .group_by(QuotaTicketType.quota_id)
        .subquery()
    )
    units = (
        select(QuotaAddOn.quota_id, func.sum(OrderLine.quantity).label("counted"))
        .join(OrderLine, OrderLine.add_on_id == QuotaAddOn.add_on_id)
        .where(OrderLine.cancelled_at.is_(None))
        .group_by(QuotaAddOn.quota_id)
        .subquery()
    )
    counted = func.coalesce(held.c.counted, 0) + func.coalesce(units.c.counted, 0)
    rows = db.session.execute(
        select(Quota.id, Quota.name, Quota.taken, counted)
        .outerjoin(held, held.c.quota_id == Quota.id)
        .outerjoin(units, units.c.quota_id == Quota.id)
        .where(Quota.edition_id == edition_id)
        .order_by(Quota.id)
    )
    return [QuotaCount(*row) for row in rows]
