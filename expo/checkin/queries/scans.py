"""Queries run for each scan: the badge's holder, and an answer given before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select

from expo.badges.models import Badge
from expo.checkin.models import Presence, Scan
from expo.checkin.queries.checkpoints import DoorFacts, Place, TicketTypeFacts
from expo.checkin.queries.passages import STANDING_COLUMNS, standing_of
from expo.checkin.rules import Direction, ForceReason, Holder, Reason, Verdict
from expo.infra.db import db
from expo.pure.door_days import DayRange
from expo.pure.presence import Standing
from expo.pure.tokens import BadgeToken
from expo.registration.models import Attendee, Order
from expo.registration.rules import is_paid


@dataclass(frozen=True)
class AttendeeAtDoor:
    """An attendee as shown to a steward. `code` is the attendee's public id."""

    code: str
    name: str
    latin_name: str
    company: str
    country: str
    ticket_type: TicketTypeFacts
    state: str


@dataclass(frozen=True)
class FirstScan:
    """The current admission: when and where."""

    at: datetime
    checkpoint: Place


@dataclass(frozen=True)
class ScanAnswer:
    """The answer to a scan. It contains the attendee only if the badge's signature is valid."""

    verdict: Verdict
    reason: Reason | None
    attendee: AttendeeAtDoor | None
    first_scan: FirstScan | None


@dataclass(frozen=True)
class Found:
    """The holder of a badge as read for a scan, and whether this scan was already answered."""

    badge_id: int
    token_issue: int
    attendee_id: int
    holder: Holder
    attendee: AttendeeAtDoor
    standing: Standing
    was_answered: bool


# Core tables rather than entities, because every scan runs this.
_badge, _attendee, _order = Badge.__table__, Attendee.__table__, Order.__table__
_presence, _scan = Presence.__table__, Scan.__table__

_ATTENDEE_COLUMNS: tuple[ColumnElement[Any], ...] = (
    _attendee.c.code,
    _attendee.c.name,
    _attendee.c.latin_name,
    _attendee.c.company,
    _attendee.c.country,
    _attendee.c.ticket_type_id,
)

_HOLDER = (
    select(
        _badge.c.id.label("badge_id"),
        _badge.c.issue,
        _badge.c.revoked_at,
        _badge.c.valid_from,
        _badge.c.valid_days,
        _attendee.c.id.label("attendee_id"),
        *_ATTENDEE_COLUMNS,
        _attendee.c.state,
        _order.c.state.label("order_state"),
        _order.c.total_cents,
        _order.c.paid_at,
        *(_presence.c[name] for name in STANDING_COLUMNS),
        _scan.c.id.label("answered"),
    )
    .select_from(_badge)
    .join(_attendee, _attendee.c.id == _badge.c.attendee_id)
    .join(_order, _order.c.id == _attendee.c.order_id)
    .outerjoin(
        _presence,
        and_(_presence.c.attendee_id == _attendee.c.id, _presence.c.zone_id == bindparam("zone_id")),
    )
    .outerjoin(_scan, and_(_scan.c.edition_id == _badge.c.edition_id, _scan.c.scan_id == bindparam("scan_id")))
    .where(_badge.c.edition_id == bindparam("edition_id"), _badge.c.serial == bindparam("serial"))
)

_ANSWERED = (
    select(
        _scan.c.verdict,
        _scan.c.reason,
        _scan.c.checkpoint_id,
        _scan.c.first_entered_at,
        _scan.c.attendee_state,
        *_ATTENDEE_COLUMNS,
    )
    .select_from(_scan)
    .outerjoin(_attendee, _attendee.c.id == _scan.c.attendee_id)
    .where(_scan.c.edition_id == bindparam("edition_id"), _scan.c.scan_id == bindparam("scan_id"))
)

# If the device sent an unknown checkpoint, look up presence in a zone that cannot exist.
NO_ZONE = 0


def find_holder(
    connection: Connection, facts: DoorFacts, edition_id: int, token: BadgeToken, zone_id: int, scan_id: str
) -> Found | None:
    """Return the holder of the badge in a token; None for a serial unknown to the edition."""
    row = connection.execute(
        _HOLDER, {"edition_id": edition_id, "serial": token.serial, "zone_id": zone_id, "scan_id": scan_id}
    ).one_or_none()
    if row is None:
        return None
    return Found(
        badge_id=row.badge_id,
        token_issue=token.issue,
        attendee_id=row.attendee_id,
        holder=Holder(
            badge_issue=row.issue,
            is_revoked=row.revoked_at is not None,
            attendee_state=row.state,
            order_state=row.order_state,
            is_paid=is_paid(row.total_cents, row.paid_at),
            ticket_type_id=row.ticket_type_id,
            is_inside=bool(row.is_inside),
            valid=DayRange.of(row.valid_from, row.valid_days),
        ),
        attendee=_at_door(facts, row, row.state),
        standing=standing_of(row) if row.as_of else Standing(),
        was_answered=row.answered is not None,
    )


def find_answer(connection: Connection, facts: DoorFacts, edition_id: int, scan_id: str) -> ScanAnswer | None:
    """Return the answer given to this scan before; None if it is new.

    Verdict, reason, state and first scan are the original ones; an attendee renamed since has the new name.
    """
    row = connection.execute(_ANSWERED, {"edition_id": edition_id, "scan_id": scan_id}).one_or_none()
    if row is None:
        return None
    verdict = Verdict(row.verdict)
    place = facts.places.get(row.checkpoint_id)
    return ScanAnswer(
        verdict=verdict,
        reason=Reason(row.reason) if row.reason and verdict is not Verdict.ADMITTED else None,
        attendee=_at_door(facts, row, row.attendee_state) if row.code else None,
        first_scan=FirstScan(row.first_entered_at, place) if row.first_entered_at and place else None,
    )


def _at_door(facts: DoorFacts, row: Any, state: str) -> AttendeeAtDoor:
    unnamed = TicketTypeFacts("", {}, 0)  # a type added less than two seconds ago by another process
    return AttendeeAtDoor(
        code=row.code,
        name=row.name,
        latin_name=row.latin_name,
        company=row.company,
        country=row.country,
        ticket_type=facts.ticket_types.get(row.ticket_type_id, unnamed),
        state=state,
    )


@dataclass(frozen=True)
class PastScan:
    """A scan as shown in an attendee's history."""

    received_at: datetime
    scanned_at: datetime
    checkpoint: Place | None
    direction: Direction
    verdict: Verdict
    reason: Reason | None
    forced: bool
    force_reason: ForceReason | None
    force_note: str
    actor_kind: str
    actor_id: int | None


def list_scans_of(facts: DoorFacts, attendee_id: int, limit: int = 50) -> list[PastScan]:
    """Return the last scans of an attendee, newest first."""
    rows = db.session.execute(
        select(Scan).where(Scan.attendee_id == attendee_id).order_by(Scan.id.desc()).limit(limit)
    ).scalars()
    return [
        PastScan(
            received_at=each.received_at,
            scanned_at=each.scanned_at,
            checkpoint=facts.places.get(each.checkpoint_id) if each.checkpoint_id else None,
            direction=Direction(each.direction),
            verdict=Verdict(each.verdict),
            reason=Reason(each.reason) if each.reason else None,
            forced=each.forced,
            force_reason=ForceReason(each.force_reason) if each.force_reason else None,
            force_note=each.force_note or "",
            actor_kind=each.actor_kind,
            actor_id=each.actor_id,
        )
        for each in rows
    ]
