"""Queries run for scans: the badges' holders, and answers given before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, select

from expo.badges.models import Badge
from expo.checkin.models import Scan
from expo.checkin.queries.checkpoints import DoorFacts, Place, TicketTypeFacts
from expo.checkin.rules import Direction, ForceReason, Reason, Verdict
from expo.checkin.rules.facts import HolderFacts, Need, Question
from expo.infra.db import db
from expo.infra.direct import Pending, Ready, fetch_direct, send_direct
from expo.program.models import SeatHold, Session
from expo.program.rules import SeatState
from expo.pure.door_days import DayRange
from expo.registration.models import Attendee, Order, OrderLine
from expo.registration.rules import is_paid
from expo.tickets.models import AddOn


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
    note: str


@dataclass(frozen=True)
class FirstScan:
    """The current admission: when and where."""

    at: datetime
    checkpoint: Place


@dataclass(frozen=True)
class RequiredItem:
    """A ticket type or an add-on that the rule of a checkpoint asks for."""

    code: str
    name: dict[str, str]


@dataclass(frozen=True)
class ScanAnswer:
    """The answer to a scan. It contains the attendee only if the badge's signature is valid.

    `disagrees` is what the server would have decided on a scan that a device decided: a reason, or "admitted".
    """

    verdict: Verdict
    reason: Reason | None
    attendee: AttendeeAtDoor | None
    first_scan: FirstScan | None
    disagrees: str | None = None
    # With the verdict `needs_answers`, which is not stored: what staff have to ask first.
    questions: tuple[Question, ...] = ()
    # Of the add-ons that the checkpoint asks for, those that the attendee has now.
    add_ons: tuple[RequiredItem, ...] = ()
    # Refused by the rule or the opening times: what would let the attendee in.
    needed: Need | None = None
    # The tickets and add-ons any one of which would be enough.
    missing_ticket_types: tuple[RequiredItem, ...] = ()
    missing_add_ons: tuple[RequiredItem, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundHolder:
    """The holder of a badge as read for a scan."""

    badge_id: int
    attendee_id: int
    holder: HolderFacts
    attendee: AttendeeAtDoor
    # The counter in the scanned token, which is lower than the badge's if the badge was reissued.
    token_issue: int = 0


# People who have used their seat still have it.
WITH_SEAT = (SeatState.HELD.value, SeatState.USED.value)
# Core tables rather than entities, because every scan runs this.
_badge, _attendee, _order, _scan = Badge.__table__, Attendee.__table__, Order.__table__, Scan.__table__

_ATTENDEE_COLUMNS: tuple[ColumnElement[Any], ...] = (
    _attendee.c.code,
    _attendee.c.name,
    _attendee.c.latin_name,
    _attendee.c.company,
    _attendee.c.country,
    _attendee.c.ticket_type_id,
    _attendee.c.door_note,
)

# The badge is locked, because its holder decides alone on its attendee. Locking in one order avoids deadlocks.
_HOLDERS = (
    select(
        _badge.c.serial,
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
    )
    .select_from(_badge)
    .join(_attendee, _attendee.c.id == _badge.c.attendee_id)
    .join(_order, _order.c.id == _attendee.c.order_id)
    .where(_badge.c.edition_id == bindparam("edition_id"), _badge.c.serial.in_(bindparam("serials", expanding=True)))
    .order_by(_badge.c.id)
)
LOCK_HOLDERS = _HOLDERS.with_for_update(key_share=True, of=_badge)

_ANSWERED = (
    select(
        _scan.c.scan_id,
        _scan.c.verdict,
        _scan.c.reason,
        _scan.c.disagrees,
        _scan.c.first_checkpoint_id,
        _scan.c.first_entered_at,
        _scan.c.attendee_state,
        *_ATTENDEE_COLUMNS,
    )
    .select_from(_scan)
    .outerjoin(_attendee, _attendee.c.id == _scan.c.attendee_id)
    .where(_scan.c.edition_id == bindparam("edition_id"), _scan.c.scan_id.in_(bindparam("scan_ids", expanding=True)))
)


_SEATS = (
    select(SeatHold.attendee_id, Session.slug)
    .join(Session, Session.id == SeatHold.session_id)
    .where(SeatHold.attendee_id.in_(bindparam("attendee_ids", expanding=True)), SeatHold.state.in_(WITH_SEAT))
    .order_by(SeatHold.attendee_id, Session.slug)
)


_ADD_ONS = (
    select(OrderLine.attendee_id, AddOn.code)
    .join(AddOn, AddOn.id == OrderLine.add_on_id)
    .where(OrderLine.attendee_id.in_(bindparam("attendee_ids", expanding=True)), OrderLine.cancelled_at.is_(None))
    .order_by(OrderLine.attendee_id, AddOn.code)
)


def send_lock_of_holders(connection: Connection, edition_id: int, serials: Collection[int]) -> Pending | Ready:
    """Lock badges until the transaction ends, and ask for their holders; `read_holders` reads the answer."""
    if not serials:
        return Ready([])
    return send_direct(connection, LOCK_HOLDERS, {"edition_id": edition_id, "serials": sorted(serials)})


def read_holders(facts: DoorFacts, sent: Pending | Ready) -> dict[int, FoundHolder]:
    """Return the holders of badges by serial; unknown serials are left out."""
    return {row.serial: _found(facts, row) for row in sent.rows()}


def send_answers(connection: Connection, edition_id: int, scan_ids: Collection[str]) -> Pending | Ready:
    """Ask for the answers given to these scans before; `read_answers` reads them."""
    return send_direct(connection, _ANSWERED, {"edition_id": edition_id, "scan_ids": sorted(scan_ids)})


def read_answers(facts: DoorFacts, sent: Pending | Ready) -> dict[str, ScanAnswer]:
    """Return answers by scan id.

    Verdict, reason, state and first scan are the original ones; an attendee renamed since has the new name.
    """
    return {row.scan_id: _answer(facts, row) for row in sent.rows()}


def find_answers(
    connection: Connection, facts: DoorFacts, edition_id: int, scan_ids: Collection[str]
) -> dict[str, ScanAnswer]:
    """Return the answers given to these scans before, by scan id; new scans are left out."""
    return read_answers(facts, send_answers(connection, edition_id, scan_ids))


def _found(facts: DoorFacts, row: Any) -> FoundHolder:
    attendee = _at_door(facts, row, row.state)
    valid = DayRange.of(row.valid_from, row.valid_days)
    holder: HolderFacts = {
        "badge_issue": row.issue,
        "is_revoked": row.revoked_at is not None,
        "first_day": valid.first.isoformat(),
        "last_day": valid.last.isoformat(),
        "attendee_state": row.state,
        "order_state": row.order_state,
        "is_paid": is_paid(row.total_cents, row.paid_at),
        "ticket_type": attendee.ticket_type.code,
        "add_ons": [],
        "seats": [],
        "party": attendee.ticket_type.party,
    }
    return FoundHolder(row.badge_id, row.attendee_id, holder, attendee)


def _answer(facts: DoorFacts, row: Any) -> ScanAnswer:
    verdict = Verdict(row.verdict)
    place = facts.places.get(row.first_checkpoint_id)
    return ScanAnswer(
        verdict=verdict,
        reason=Reason(row.reason) if row.reason and verdict is not Verdict.ADMITTED else None,
        attendee=_at_door(facts, row, row.attendee_state) if row.code else None,
        first_scan=FirstScan(row.first_entered_at, place) if row.first_entered_at and place else None,
        disagrees=row.disagrees,
    )


def _at_door(facts: DoorFacts, row: Any, state: str) -> AttendeeAtDoor:
    unnamed = TicketTypeFacts("", {}, 0, 1, {})  # a type added less than two seconds ago by another process
    return AttendeeAtDoor(
        code=row.code,
        name=row.name,
        latin_name=row.latin_name,
        company=row.company,
        country=row.country,
        ticket_type=facts.ticket_types.get(row.ticket_type_id, unnamed),
        state=state,
        note=row.door_note,
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


def list_seats(connection: Connection, attendee_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the sessions in which attendees hold a seat, by attendee; the slugs in order."""
    found: dict[int, list[str]] = {}
    for row in fetch_direct(connection, _SEATS, {"attendee_ids": sorted(attendee_ids)}):
        found.setdefault(row.attendee_id, []).append(row.slug)
    return found


def list_add_ons(connection: Connection, attendee_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the codes of the add-ons of attendees, by attendee."""
    found: dict[int, list[str]] = {}
    for row in fetch_direct(connection, _ADD_ONS, {"attendee_ids": sorted(attendee_ids)}):
        found.setdefault(row.attendee_id, []).append(row.code)
    return found


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
