"""What a snapshot says about attendees: encrypted records of badges, and who is where."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from expo.badges.models import Badge, FormerBadge
from expo.checkin.models import Presence, Zone
from expo.infra.db import db
from expo.program.models import SeatHold, Session
from expo.program.rules import SeatState
from expo.pure.door_days import DayRange
from expo.pure.door_records import RecordSealer, record_key, text_of
from expo.registration.models import Attendee, Order, OrderLine
from expo.tickets.models import AddOn, TicketType

_SEATED = (SeatState.HELD.value, SeatState.USED.value)


def list_records(
    edition_id: int, dictionary: bytes, attendee_ids: Collection[int] | None, known: dict[int, int | str]
) -> list[str]:
    """Return the records of these attendees or of all, and note in `known` the place of each one's newest record."""
    if attendee_ids is not None and not attendee_ids:
        return []
    sealer = RecordSealer(dictionary)
    seats = _list_seats(edition_id, attendee_ids)
    add_ons = _list_add_ons(edition_id, attendee_ids)
    former = _list_former_tokens(edition_id, attendee_ids)
    records: list[str] = []
    for row in db.session.execute(_holders(edition_id, attendee_ids)):
        valid = DayRange.of(row.valid_from, row.valid_days)
        content = [
            row.name,
            row.latin_name,
            row.company,
            row.country,
            row.ticket_type,
            row.issue,
            int(row.is_revoked),
            valid.first.isoformat(),
            valid.last.isoformat(),
            row.state,
            row.order_state,
            int(row.is_paid),
            row.party,
            add_ons.get(row.attendee_id, []),
            seats.get(row.attendee_id, []),
            row.code,
            row.door_note,
        ]
        where = record_key(row.token)
        known[row.attendee_id] = len(records)
        records.append(text_of(sealer.seal(where, content)))
        records += [text_of(sealer.seal(record_key(each), content)) for each in former.get(row.id, ())]
    return records


_HOLDER: tuple[Any, ...] = (
    Badge.id,
    Badge.token,
    Badge.issue,
    Badge.revoked_at.is_not(None).label("is_revoked"),
    Badge.valid_from,
    Badge.valid_days,
    Badge.attendee_id,
    Attendee.name,
    Attendee.latin_name,
    Attendee.company,
    Attendee.country,
    Attendee.door_note,
    TicketType.code.label("ticket_type"),
    TicketType.party,
    Attendee.state,
    Attendee.code,
    Order.state.label("order_state"),
    ((Order.total_cents == 0) | Order.paid_at.is_not(None)).label("is_paid"),
)


def _holders(edition_id: int, attendee_ids: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    query = (
        select(*_HOLDER)
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .join(Order, Order.id == Attendee.order_id)
        .join(TicketType, TicketType.id == Attendee.ticket_type_id)
        .where(Badge.edition_id == edition_id)
    )
    return query if attendee_ids is None else query.where(Badge.attendee_id.in_(attendee_ids))


def _list_seats(edition_id: int, attendee_ids: Collection[int] | None) -> dict[int, list[str]]:
    """Return the sessions in which each attendee has a seat."""
    query = (
        select(SeatHold.attendee_id, Session.slug)
        .join(Session, Session.id == SeatHold.session_id)
        .where(Session.edition_id == edition_id, SeatHold.state.in_(_SEATED))
        .order_by(Session.slug)
    )
    if attendee_ids is not None:
        query = query.where(SeatHold.attendee_id.in_(attendee_ids))
    found: dict[int, list[str]] = {}
    for attendee_id, slug in db.session.execute(query):
        found.setdefault(attendee_id, []).append(slug)
    return found


def _list_add_ons(edition_id: int, attendee_ids: Collection[int] | None) -> dict[int, list[str]]:
    """Return the codes of each attendee's add-ons."""
    query = (
        select(OrderLine.attendee_id, AddOn.code)
        .join(AddOn, AddOn.id == OrderLine.add_on_id)
        .where(AddOn.edition_id == edition_id, OrderLine.cancelled_at.is_(None))
        .order_by(AddOn.code)
    )
    if attendee_ids is not None:
        query = query.where(OrderLine.attendee_id.in_(attendee_ids))
    found: dict[int, list[str]] = {}
    for attendee_id, code in db.session.execute(query):
        found.setdefault(attendee_id, []).append(code)
    return found


def _list_former_tokens(edition_id: int, attendee_ids: Collection[int] | None) -> dict[int, list[str]]:
    query = (
        select(FormerBadge.badge_id, FormerBadge.token)
        .join(Badge, Badge.id == FormerBadge.badge_id)
        .where(Badge.edition_id == edition_id)
        .order_by(FormerBadge.badge_id, FormerBadge.issue)
    )
    if attendee_ids is not None:
        query = query.where(Badge.attendee_id.in_(attendee_ids))
    found: dict[int, list[str]] = {}
    for badge_id, token in db.session.execute(query):
        found.setdefault(badge_id, []).append(token)
    return found


def list_standings(
    edition_id: int, attendee_ids: Collection[int] | None, known: dict[int, int | str]
) -> list[list[Any]]:
    """Return who is where; `known` has the places of records in the same answer. Others are named by their id.

    An id is random and cannot be compressed, and neither can most of a moment: with 16,000 standings they would take
    a third of a megabyte.
    """
    if attendee_ids is not None and not attendee_ids:
        return []
    query = (
        select(
            Presence.attendee_id,
            Zone.code,
            Presence.is_inside,
            Presence.entries,
            Presence.entries_today,
            Presence.entered_at,
            Presence.left_at,
            Presence.as_of,
            Badge.token,
        )
        .join(Zone, Zone.id == Presence.zone_id)
        .join(Badge, Badge.attendee_id == Presence.attendee_id)
        .where(Zone.edition_id == edition_id)
    )
    if attendee_ids is not None:
        query = query.where(Presence.attendee_id.in_(attendee_ids))
    standings = []
    for row in db.session.execute(query):
        where = known.get(row.attendee_id)
        if where is None:
            where = known[row.attendee_id] = text_of(record_key(row.token).id)
        latest = max(filter(None, (row.entered_at, row.left_at)), default=None)
        moments = [_milliseconds(row.entered_at), _milliseconds(row.left_at)]
        as_of = None if row.as_of == latest else _milliseconds(row.as_of)
        standings.append([where, row.code, int(row.is_inside), row.entries, row.entries_today, *moments, as_of])
    return standings


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)
