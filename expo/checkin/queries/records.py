"""What a snapshot says about attendees: encrypted records of badges, and who is where."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, select

from expo.badges.models import Badge, FormerBadge
from expo.checkin.models import Checkpoint, Presence, Scan, Zone
from expo.infra.db import db
from expo.infra.direct import fetch_direct
from expo.program.models import SeatHold, Session
from expo.program.rules import SeatState
from expo.pure.door_days import DayRange
from expo.pure.door_records import RecordSealer, record_key, text_of
from expo.registration.models import Attendee, Order, OrderLine
from expo.tickets.models import AddOn, TicketType

_SEATED = (SeatState.HELD.value, SeatState.USED.value)


Records = dict[int, list[str]]
Standings = dict[int, list[list[Any]]]


def read_records(edition_id: int, dictionary: bytes, attendee_ids: Collection[int] | None) -> Records:
    """Return the records of these attendees or of all, by attendee; that of the newest badge comes first."""
    if attendee_ids is not None and not attendee_ids:
        return {}
    sealer = RecordSealer(dictionary)
    seats = _list_seats(edition_id, attendee_ids)
    add_ons = _list_add_ons(edition_id, attendee_ids)
    former = _list_former_tokens(edition_id, attendee_ids)
    records: Records = {}
    for row in _fetch(_HOLDERS, _SOME_HOLDERS, edition_id, attendee_ids):
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
        tokens = (row.token, *former.get(row.id, ()))
        records[row.attendee_id] = [text_of(sealer.seal(record_key(each), content)) for each in tokens]
    return records


def list_records(records: Records, known: dict[int, int]) -> list[str]:
    """Return records as they are sent, and note in `known` the place of each attendee's newest one."""
    listed: list[str] = []
    for attendee_id, own in records.items():
        known[attendee_id] = len(listed)
        listed += own
    return listed


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


_HOLDERS = (
    select(*_HOLDER)
    .join(Attendee, Attendee.id == Badge.attendee_id)
    .join(Order, Order.id == Attendee.order_id)
    .join(TicketType, TicketType.id == Attendee.ticket_type_id)
    .where(Badge.edition_id == bindparam("edition_id"))
)
_SOME_HOLDERS = _HOLDERS.where(Badge.attendee_id.in_(bindparam("attendee_ids", expanding=True)))


def _fetch(everybody: Any, some: Any, edition_id: int, attendee_ids: Collection[int] | None) -> Any:
    """Return the rows of a query for all attendees, or of the one for some, as the driver has them."""
    values: dict[str, Any] = {"edition_id": edition_id}
    if attendee_ids is not None:
        values["attendee_ids"] = sorted(attendee_ids)
    return fetch_direct(db.session.connection(), everybody if attendee_ids is None else some, values)


def _list_seats(edition_id: int, attendee_ids: Collection[int] | None) -> dict[int, list[str]]:
    """Return the sessions in which each attendee has a seat."""
    query = (
        select(SeatHold.attendee_id, Session.slug)
        .join(Session, Session.id == SeatHold.session_id)
        .where(Session.edition_id == edition_id, SeatHold.state.in_(_SEATED))
        .order_by(Session.slug)
    )
    return _gather(query if attendee_ids is None else query.where(SeatHold.attendee_id.in_(attendee_ids)))


def _list_add_ons(edition_id: int, attendee_ids: Collection[int] | None) -> dict[int, list[str]]:
    """Return the codes of each attendee's add-ons."""
    query = (
        select(OrderLine.attendee_id, AddOn.code)
        .join(AddOn, AddOn.id == OrderLine.add_on_id)
        .where(AddOn.edition_id == edition_id, OrderLine.cancelled_at.is_(None))
        .order_by(AddOn.code)
    )
    return _gather(query if attendee_ids is None else query.where(OrderLine.attendee_id.in_(attendee_ids)))


def _gather(query: Select[int, str]) -> dict[int, list[str]]:
    """Return the texts that a query finds, by the id in its first column."""
    found: dict[int, list[str]] = {}
    for owner_id, text in db.session.execute(query):
        found.setdefault(owner_id, []).append(text)
    return found


def _list_former_tokens(edition_id: int, attendee_ids: Collection[int] | None) -> dict[int, list[str]]:
    query = (
        select(FormerBadge.badge_id, FormerBadge.token)
        .join(Badge, Badge.id == FormerBadge.badge_id)
        .where(Badge.edition_id == edition_id)
        .order_by(FormerBadge.badge_id, FormerBadge.issue)
    )
    return _gather(query if attendee_ids is None else query.where(Badge.attendee_id.in_(attendee_ids)))


_STANDINGS = (
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
    .where(Zone.edition_id == bindparam("edition_id"))
)
_SOME_STANDINGS = _STANDINGS.where(Presence.attendee_id.in_(bindparam("attendee_ids", expanding=True)))


def read_standings(edition_id: int, attendee_ids: Collection[int] | None) -> Standings:
    """Return where these attendees stand, or all, by attendee; each with the token of the badge at first."""
    if attendee_ids is not None and not attendee_ids:
        return {}
    standings: Standings = defaultdict(list)
    for row in _fetch(_STANDINGS, _SOME_STANDINGS, edition_id, attendee_ids):
        latest = max(filter(None, (row.entered_at, row.left_at)), default=None)
        moments = [_milliseconds(row.entered_at), _milliseconds(row.left_at)]
        as_of = None if row.as_of == latest else _milliseconds(row.as_of)
        standings[row.attendee_id].append(
            [row.token, row.code, int(row.is_inside), row.entries, row.entries_today, *moments, as_of]
        )
    return standings


# Where somebody was only by scans that were taken back.
_GONE = (
    select(Scan.attendee_id, Zone.code, Badge.token)
    .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
    .join(Zone, Zone.id == Checkpoint.zone_id)
    .join(Badge, Badge.attendee_id == Scan.attendee_id)
    .where(
        Scan.edition_id == bindparam("edition_id"),
        Scan.attendee_id.in_(bindparam("attendee_ids", expanding=True)),
        Scan.undone_at.is_not(None),
        ~exists().where(Presence.zone_id == Zone.id, Presence.attendee_id == Scan.attendee_id),
    )
    .distinct()
)


def read_gone_standings(edition_id: int, attendee_ids: Collection[int]) -> Standings:
    """Return, like `read_standings`, that these attendees were never in the zones of scans that were taken back.

    They no longer have a presence there, but devices may still know of one.
    """
    if not attendee_ids:
        return {}
    standings: Standings = defaultdict(list)
    values = {"edition_id": edition_id, "attendee_ids": sorted(attendee_ids)}
    for row in fetch_direct(db.session.connection(), _GONE, values):
        standings[row.attendee_id].append([row.token, row.code, 0, 0, 0, None, None, None])
    return standings


def list_standings(standings: Standings, known: Mapping[int, int]) -> list[list[Any]]:
    """Return standings as they are sent; `known` has the places of records in the same answer.

    Others are named by the id of their record. An id is random and cannot be compressed, and neither can most of a
    moment: with 16,000 standings they would take a third of a megabyte.
    """
    listed: list[list[Any]] = []
    for attendee_id, rows in standings.items():
        where: int | str | None = known.get(attendee_id)
        if where is None:
            where = text_of(record_key(rows[0][0]).id)
        listed += [[where, *row[1:]] for row in rows]
    return listed


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)
