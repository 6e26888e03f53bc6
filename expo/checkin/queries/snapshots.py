"""Snapshots of what a device at a door needs: everything at first, then what has changed.

Attendees are in it as encrypted records (`pure/door_records.py`). A cursor names the moment up to which a device knows
all changes. Changes are dated when their request begins and become visible when it commits, so the moment lies before
everything that may still be open: see docs/decisions/0025-what-a-door-device-holds.md.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, text

from expo.badges.models import Badge, FormerBadge
from expo.badges.queries import list_trusted_keys
from expo.checkin.models import Presence, Scan
from expo.checkin.queries.checkpoints import CheckpointRow, list_checkpoints
from expo.editions.errors import EditionMissing
from expo.editions.models import Edition
from expo.infra.db import db
from expo.program.models import SeatHold, Session
from expo.program.rules import SeatState
from expo.pure.door_days import TURN_OVER, DayRange
from expo.pure.door_records import RecordSealer, make_dictionary, record_key, text_of
from expo.registration.models import Attendee, Order
from expo.tickets.models import TicketType

# A change becomes visible at most this long after the moment with which it is dated, or its transaction is listed by
# PostgreSQL. It also covers the differences between the clocks of several servers.
COMMIT_TIME = timedelta(minutes=1)
# A device that knows less gets everything, which costs less than a long list of changes.
MAX_AGE = timedelta(hours=12)
MAX_CHANGES = 5000
FORMAT = "1"
_SEATED = (SeatState.HELD.value, SeatState.USED.value)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a device needs. `content` is as sent; it contains no `wipe`, which is about a device."""

    cursor: str
    is_whole: bool
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all records of an edition share; if it changes, everything is sent again."""

    edition: Edition
    ticket_types: list[TicketType]
    dictionary: bytes

    @property
    def mark(self) -> str:
        """Return a text that differs when records must be written again."""
        parts = (FORMAT, str(self.edition.id), str(self.edition.starts_on), str(self.edition.ends_on))
        return hashlib.sha256("|".join(parts).encode() + self.dictionary).hexdigest()[:12]


def read_snapshot(edition_id: int, since: str | None, now: datetime) -> Snapshot:
    """Return what has changed since a cursor; everything without one, or if it is too old to be of use.

    Raises EditionMissing.
    """
    frame = _read_frame(edition_id)
    moment = _complete_until(now)
    changed = _list_changes(frame, since, now)
    known: dict[int, str] = {}
    records = _list_records(frame, changed.attendees if changed else None, known)
    return Snapshot(
        cursor=f"{frame.mark}-{int(moment.timestamp() * 1_000_000)}",
        is_whole=changed is None,
        content=_describe(frame)
        | {
            "server_time": _moment(now),
            "records": records,
            "removed": [],
            "standings": _list_standings(edition_id, changed.passed if changed else None, known),
        },
    )


def _read_frame(edition_id: int) -> _Frame:
    edition = db.session.get(Edition, edition_id)
    if edition is None:
        raise EditionMissing
    types = list(
        db.session.scalars(
            select(TicketType).where(TicketType.edition_id == edition_id).order_by(TicketType.position, TicketType.id)
        )
    )
    valid = [(each.code, DayRange.of(each.valid_from, each.valid_days)) for each in reversed(types)]
    sessions = db.session.scalars(
        select(Session.slug)
        .where(Session.edition_id == edition_id, Session.seat_limit.is_not(None))
        .order_by(Session.id)
    )
    return _Frame(edition, types, make_dictionary(sessions, ((code, days.first, days.last) for code, days in valid)))


def _complete_until(now: datetime) -> datetime:
    """Return the moment before which no change can become visible any more."""
    if db.engine.dialect.name != "postgresql":
        return now - COMMIT_TIME
    oldest = db.session.scalar(
        text(
            "SELECT min(xact_start) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
    )
    return (min(now, oldest.astimezone(UTC)) if oldest else now) - COMMIT_TIME


@dataclass(frozen=True, slots=True)
class _Changes:
    attendees: set[int]
    passed: set[int]


def _list_changes(frame: _Frame, since: str | None, now: datetime) -> _Changes | None:
    """Return the attendees that changed, and those that passed a door; None if everything has to be sent."""
    moment = _read_cursor(frame, since, now)
    if moment is None:
        return None
    edition_id = frame.edition.id
    # Everything that changes an order changes the date of at least one of its attendees.
    orders = select(Attendee.order_id).where(Attendee.edition_id == edition_id, Attendee.updated_at >= moment)
    issued = _ids(
        select(Badge.attendee_id).where(Badge.edition_id == edition_id, Badge.issued_at >= moment),
    )
    changed = issued | _ids(
        select(Attendee.id).where(Attendee.order_id.in_(orders)),
        select(Badge.attendee_id).where(Badge.edition_id == edition_id, Badge.revoked_at >= moment),
        select(SeatHold.attendee_id).where(SeatHold.changed_at >= moment),
    )
    passed = issued | _ids(
        select(Scan.attendee_id)
        .where(Scan.edition_id == edition_id, Scan.received_at >= moment, Scan.attendee_id.is_not(None))
        .distinct()
    )
    return _Changes(changed, passed) if max(len(changed), len(passed)) <= MAX_CHANGES else None


def _read_cursor(frame: _Frame, since: str | None, now: datetime) -> datetime | None:
    mark, _, micros = (since or "").partition("-")
    if mark != frame.mark or not micros.isdecimal() or len(micros) > 16:  # noqa: PLR2004 - microseconds of this age
        return None
    moment = datetime.fromtimestamp(int(micros) / 1_000_000, UTC)
    return moment if now - MAX_AGE <= moment <= now else None


def _ids(*queries: Select[Any]) -> set[int]:
    return {each for query in queries for each in db.session.scalars(query.limit(MAX_CHANGES + 1))}


def _list_records(frame: _Frame, attendee_ids: Collection[int] | None, known: dict[int, str]) -> list[str]:
    """Return the records of these attendees or of all, and note in `known` the id of each one's newest record."""
    if attendee_ids is not None and not attendee_ids:
        return []
    edition_id, sealer = frame.edition.id, RecordSealer(frame.dictionary)
    codes = {each.id: each.code for each in frame.ticket_types}
    seats = _list_seats(edition_id, attendee_ids)
    former = _list_former_tokens(edition_id, attendee_ids)
    records = []
    for row in db.session.execute(_holders(edition_id, attendee_ids)):
        valid = DayRange.of(row.valid_from, row.valid_days)
        content = [
            row.name,
            row.latin_name,
            row.company,
            row.country,
            codes.get(row.ticket_type_id, ""),
            row.issue,
            int(row.is_revoked),
            valid.first.isoformat(),
            valid.last.isoformat(),
            row.state,
            row.order_state,
            int(row.is_paid),
            1,
            [],
            seats.get(row.attendee_id, []),
            row.code,
            "",
        ]
        where = record_key(row.token)
        known[row.attendee_id] = text_of(where.id)
        records.append(text_of(sealer.seal(where, content)))
        records += [text_of(sealer.seal(record_key(each), content)) for each in former.get(row.id, ())]
    return records


def _holders(edition_id: int, attendee_ids: Collection[int] | None) -> Select[Any]:
    query = (
        select(
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
            Attendee.ticket_type_id,
            Attendee.state,
            Attendee.code,
            Order.state.label("order_state"),
            ((Order.total_cents == 0) | Order.paid_at.is_not(None)).label("is_paid"),
        )
        .join(Attendee, Attendee.id == Badge.attendee_id)
        .join(Order, Order.id == Attendee.order_id)
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


def _list_standings(edition_id: int, attendee_ids: Collection[int] | None, known: dict[int, str]) -> list[list[Any]]:
    """Return who is where; `known` has the ids of records that were just written."""
    if attendee_ids is not None and not attendee_ids:
        return []
    codes = {each.id: each.code for each in list_checkpoints(edition_id)}
    query = (
        select(
            Presence.checkpoint_id,
            Presence.attendee_id,
            Presence.is_inside,
            Presence.entries,
            Presence.entered_at,
            Presence.left_at,
            Presence.as_of,
            Badge.token,
        )
        .join(Badge, Badge.attendee_id == Presence.attendee_id)
        .where(Presence.checkpoint_id.in_(codes))
    )
    if attendee_ids is not None:
        query = query.where(Presence.attendee_id.in_(attendee_ids))
    standings = []
    for row in db.session.execute(query):
        where = known.get(row.attendee_id)
        if where is None:
            where = known[row.attendee_id] = text_of(record_key(row.token).id)
        entered, left = (each and _moment(each) for each in (row.entered_at, row.left_at))
        standings.append(
            [where, codes[row.checkpoint_id], int(row.is_inside), row.entries, 0, entered, left, _moment(row.as_of)]
        )
    return standings


def _describe(frame: _Frame) -> dict[str, Any]:
    """Return what is sent whole each time, because it is short."""
    edition = frame.edition
    types = {each.id: each.code for each in frame.ticket_types}
    checkpoints = list_checkpoints(edition.id)
    return {
        "dictionary": text_of(frame.dictionary),
        "edition": {
            "number": edition.number,
            "code": edition.slug,
            "time_zone": edition.time_zone,
            "starts_on": edition.starts_on.isoformat(),
            "ends_on": edition.ends_on.isoformat(),
            "is_demo": edition.is_demo,
            "day_zero": edition.day_zero.isoformat(),
            "turn_over": TURN_OVER.isoformat("minutes"),
        },
        "keys": [
            {"edition": number, "key_id": key_id, "public_key": text_of(key)}
            for number, keys in sorted(list_trusted_keys().items())
            for key_id, key in sorted(keys.items())
        ],
        "ticket_types": [{"code": each.code, "name": each.name, "band": each.band} for each in frame.ticket_types],
        "checkpoints": [_describe_door(each, types) for each in checkpoints],
        "zones": [
            {
                "code": each.code,
                "name": each.name,
                "capacity": each.capacity,
                "inside": each.inside,
                "exclusive_group": None,
                "anti_passback": True,
            }
            for each in checkpoints
        ],
    }


def _describe_door(door: CheckpointRow, types: dict[int, str]) -> dict[str, Any]:
    admitted = door.ticket_type_ids
    return {
        "code": door.code,
        "name": door.name,
        "kind": "gate",
        "zone": door.code,
        "is_open": door.is_open,
        "opens_at": door.opens_at and _moment(door.opens_at),
        "closes_at": door.closes_at and _moment(door.closes_at),
        "ticket_types": None if admitted is None else sorted(types[each] for each in admitted if each in types),
        "session": None,
        "session_starts_at": None,
        "session_ends_at": None,
        "rule": None,
        "anti_passback": True,
        "questions": [],
    }


def _moment(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
