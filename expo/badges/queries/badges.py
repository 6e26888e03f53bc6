"""Queries on badges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from expo.badges.models import Badge
from expo.infra.db import db
from expo.pure.door_days import DayRange
from expo.registration.models import Attendee, Order
from expo.registration.rules import AttendeeState
from expo.tickets.models import TicketType


@dataclass(frozen=True)
class BadgeRow:
    """An attendee's badge with its current issue."""

    id: int
    edition_id: int
    attendee_id: int
    serial: int
    issue: int
    token: str
    valid_from: date
    valid_days: int
    issued_at: datetime
    revoked_at: datetime | None


def find_badge(edition_id: int, serial: int) -> BadgeRow | None:
    """Return the badge with this serial in an edition, or None."""
    row = db.session.execute(_query().where(Badge.edition_id == edition_id, Badge.serial == serial)).one_or_none()
    return BadgeRow(*row) if row else None


def find_badge_of(attendee_id: int) -> BadgeRow | None:
    """Return the badge of an attendee, revoked or not; None if none was issued."""
    row = db.session.execute(_query().where(Badge.attendee_id == attendee_id)).one_or_none()
    return BadgeRow(*row) if row else None


def list_badges_of(attendee_ids: Sequence[int]) -> dict[int, BadgeRow]:
    """Return the badges of these attendees, by attendee id."""
    rows = db.session.execute(_query().where(Badge.attendee_id.in_(attendee_ids)))
    return {row.attendee_id: BadgeRow(*row) for row in rows}


@dataclass(frozen=True)
class BadgesOut:
    """The number of valid badges of a ticket type for the same days."""

    ticket_type_id: int
    valid: DayRange
    count: int


def count_badges_out(edition_id: int) -> list[BadgesOut]:
    """Return the number of valid badges of confirmed attendees, by ticket type and days."""
    rows = db.session.execute(
        select(Attendee.ticket_type_id, Badge.valid_from, Badge.valid_days, func.count())
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .where(
            Badge.edition_id == edition_id,
            Badge.revoked_at.is_(None),
            Attendee.state == AttendeeState.CONFIRMED.value,
        )
        .group_by(Attendee.ticket_type_id, Badge.valid_from, Badge.valid_days)
        .order_by(Attendee.ticket_type_id, Badge.valid_from, Badge.valid_days)
    )
    return [BadgesOut(type_id, DayRange.of(first, days), count) for type_id, first, days, count in rows]


def list_valid_tokens(edition_id: int, *, ticket_type: str | None = None, limit: int | None = None) -> list[str]:
    """Return the QR texts of badges that a checkpoint would admit: confirmed attendees, paid orders, not revoked."""
    query = (
        select(Badge.token)
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .join(Order, Order.id == Attendee.order_id)
        .where(
            Badge.edition_id == edition_id,
            Badge.revoked_at.is_(None),
            Attendee.state == AttendeeState.CONFIRMED.value,
            (Order.total_cents == 0) | Order.paid_at.is_not(None),
        )
        .order_by(Badge.id)
    )
    if ticket_type is not None:
        query = query.join(TicketType, TicketType.id == Attendee.ticket_type_id).where(TicketType.code == ticket_type)
    return list(db.session.scalars(query if limit is None else query.limit(limit)))


def _query() -> Select[int, int, int, int, int, str, date, int, datetime, datetime | None]:
    return select(
        Badge.id,
        Badge.edition_id,
        Badge.attendee_id,
        Badge.serial,
        Badge.issue,
        Badge.token,
        Badge.valid_from,
        Badge.valid_days,
        Badge.issued_at,
        Badge.revoked_at,
    )
