"""Places held by attendees, compared with the counters of the quotas."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from expo.infra.db import db
from expo.registration.models import Attendee
from expo.registration.rules import HOLDING_STATES
from expo.tickets.models import Quota, QuotaTicketType, TicketType


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


def count_held_places(edition_id: int, ticket_type_codes: Sequence[str]) -> int:
    """Return how many places of these ticket types the attendees of an edition hold."""
    types = select(TicketType.id).where(TicketType.edition_id == edition_id, TicketType.code.in_(ticket_type_codes))
    held = (
        select(func.count())
        .select_from(Attendee)
        .where(Attendee.ticket_type_id.in_(types), Attendee.state.in_([state.value for state in HOLDING_STATES]))
    )
    return db.session.scalar(held) or 0


def recount_quotas(edition_id: int) -> list[QuotaCount]:
    """Return every quota of an edition with its counter and the places that attendees actually hold."""
    held = (
        select(QuotaTicketType.quota_id, func.count(Attendee.id).label("counted"))
        .join(Attendee, Attendee.ticket_type_id == QuotaTicketType.ticket_type_id)
        .where(Attendee.edition_id == edition_id, Attendee.state.in_([state.value for state in HOLDING_STATES]))
        .group_by(QuotaTicketType.quota_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Quota.id, Quota.name, Quota.taken, func.coalesce(held.c.counted, 0))
        .outerjoin(held, held.c.quota_id == Quota.id)
        .where(Quota.edition_id == edition_id)
        .order_by(Quota.id)
    )
    return [QuotaCount(*row) for row in rows]
