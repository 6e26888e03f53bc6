"""Snapshots of what a device at a door needs: everything at first, then what has changed.

Attendees are in it as encrypted records (`pure/door_records.py`). A cursor names the moment up to which a device knows
all changes. Changes are dated when their request begins and become visible when it commits, so the moment lies before
everything that may still be open: see docs/decisions/0025-what-a-door-device-holds.md.
"""

import hashlib
import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, text

from expo.badges.models import Badge
from expo.badges.queries import list_trusted_keys
from expo.checkin.models import Scan
from expo.checkin.queries.checkpoints import (
    DOOR_FACTS_SECONDS,
    list_checkpoint_facts,
    list_checkpoints,
    name_required_add_ons,
)
from expo.checkin.queries.records import (
    Records,
    Standings,
    list_records,
    list_standings,
    read_gone_standings,
    read_records,
    read_standings,
)
from expo.checkin.queries.zones import list_zones
from expo.editions.errors import EditionMissing
from expo.editions.models import Edition
from expo.infra.cache import get_recent
from expo.infra.db import db
from expo.infra.rendered_files import find_rendered_file, store_rendered_file
from expo.program.models import SeatHold, Session
from expo.pure.door_days import TURN_OVER, DayRange
from expo.pure.door_records import make_dictionary, text_of
from expo.registration.models import Attendee
from expo.tickets.models import TicketType

# A change becomes visible at most this long after the moment with which it is dated, or its transaction is listed by
# PostgreSQL. It also covers the differences between the clocks of several servers.
COMMIT_TIME = timedelta(minutes=1)
# A device that knows less gets everything, which costs less than a long list of changes.
MAX_AGE = timedelta(hours=12)
MAX_CHANGES = 5000
FORMAT = "2"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a device needs. `content` is as sent, without the time of sending and without `wipe`."""

    cursor: str
    is_whole: bool
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Frame:
    """What all records of an edition share; if it changes, everything is sent again."""

    edition: Edition
    ticket_types: list[TicketType]
    dictionary: bytes

    @property
    def mark(self) -> str:
        """Return a text that differs when records must be written again."""
        edition = self.edition
        parts = (FORMAT, edition.id, edition.starts_on, edition.ends_on, *(each.party for each in self.ticket_types))
        return hashlib.sha256(repr(parts).encode() + self.dictionary).hexdigest()[:12]

    def cursor_at(self, moment: datetime) -> str:
        """Return the cursor of a client that knows all changes up to a moment."""
        return f"{self.mark}-{int(moment.timestamp() * 1_000_000)}"


def read_snapshot(edition_id: int, since: str | None, now: datetime) -> Snapshot:
    """Return what has changed since a cursor; everything without one, or if it is too old to be of use.

    Raises EditionMissing.
    """
    frame = read_frame(edition_id)
    cursor = frame.cursor_at(complete_until(now))
    changed = list_changes(frame, since, now)
    if changed is None:
        return _read_whole(frame, cursor, now)
    records = read_records(edition_id, frame.dictionary, changed.attendees)
    standings = read_standings(edition_id, changed.passed)
    for attendee_id, gone in read_gone_standings(edition_id, changed.passed).items():
        standings.setdefault(attendee_id, []).extend(gone)
    return _snapshot(frame, cursor, records, standings, is_whole=False)


def _snapshot(frame: Frame, cursor: str, records: Records, standings: Standings, *, is_whole: bool) -> Snapshot:
    known: dict[int, int] = {}
    content = _describe(frame) | {"records": list_records(records, known), "removed": []}
    return Snapshot(cursor, is_whole, content | {"standings": list_standings(standings, known)})


@dataclass(slots=True)
class _Everything:
    """What this process has read of an edition for whole snapshots, up to a cursor."""

    cursor: str
    records: Records
    standings: Standings


# Requests bring the same reading up to date.
_reading = threading.Lock()


def _read_whole(frame: Frame, cursor: str, now: datetime) -> Snapshot:
    """Return the whole snapshot. What this process has read and encrypted before is only brought up to date.

    It follows the cursors that devices follow, so it contains what a device knows that has followed all deltas.
    """
    recent, key = get_recent(), ("door_everything", frame.edition.id)
    with _reading:
        known: _Everything | None = recent.get(key)
        found = _bring_up_to_date(frame, known, now) if known else None
        if found is None:
            shared = _find_shared(frame)
            found = _bring_up_to_date(frame, shared, now) if shared else None
        if found is None or len(found.records) != _count_badges(frame.edition.id):
            found = _Everything(
                cursor,
                read_records(frame.edition.id, frame.dictionary, None),
                read_standings(frame.edition.id, None),
            )
            _share(frame, found)
        found.cursor = cursor
        recent.set(key, found, MAX_AGE.total_seconds())
        return _snapshot(frame, cursor, found.records, found.standings, is_whole=True)


def _find_shared(frame: Frame) -> _Everything | None:
    """Return what another process of this machine has read, up to its cursor."""
    content = find_rendered_file(_shared_key(frame), MAX_AGE.seconds)
    if content is None:
        return None
    read = json.loads(content)
    return _Everything(read["cursor"], dict(read["records"]), dict(read["standings"]))


def _share(frame: Frame, found: _Everything) -> None:
    """Store for the other processes what took this one a second to read and encrypt.

    Tokens are left out: they say under which id a standing is sent whose record is not, and here all records are.
    """
    standings = [[attendee_id, [["", *row[1:]] for row in rows]] for attendee_id, rows in found.standings.items()]
    body = {"cursor": found.cursor, "records": list(found.records.items()), "standings": standings}
    store_rendered_file(_shared_key(frame), json.dumps(body, separators=(",", ":")).encode(), MAX_AGE.seconds)


def _shared_key(frame: Frame) -> str:
    return f"door_everything:{frame.mark}"


def _bring_up_to_date(frame: Frame, known: _Everything, now: datetime) -> _Everything | None:
    """Read again what has changed; None if everything has to be read."""
    moment = read_cursor(frame, known.cursor, now)
    if moment is None:
        return None
    edition_id, changes = frame.edition.id, list_changes_since(frame.edition.id, moment, MAX_CHANGES + 1)
    if len(changes.attendees) > MAX_CHANGES:
        return None
    _replace(known.records, changes.attendees, read_records(edition_id, frame.dictionary, changes.attendees))
    if len(changes.passed) > MAX_CHANGES:
        known.standings = read_standings(edition_id, None)
    else:
        _replace(known.standings, changes.passed, read_standings(edition_id, changes.passed))
    return known


def _replace(known: dict[int, Any], attendee_ids: Collection[int], found: Mapping[int, Any]) -> None:
    for each in attendee_ids:
        if each in found:
            known[each] = found[each]
        else:
            known.pop(each, None)


def _count_badges(edition_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Badge).where(Badge.edition_id == edition_id)) or 0


def read_frame(edition_id: int) -> Frame:
    """Return what the records of an edition share. Raises EditionMissing."""
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
    return Frame(edition, types, make_dictionary(sessions, ((code, days.first, days.last) for code, days in valid)))


def complete_until(now: datetime) -> datetime:
    """Return the moment before which no further change can become visible."""
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
class Changes:
    """The attendees whose door data changed, and those who passed a door."""

    attendees: set[int]
    passed: set[int]


def list_changes(frame: Frame, since: str | None, now: datetime) -> Changes | None:
    """Return the attendees that changed, and those that passed a door; None if everything has to be sent."""
    moment = read_cursor(frame, since, now)
    if moment is None:
        return None
    changes = list_changes_since(frame.edition.id, moment, MAX_CHANGES + 1)
    return changes if max(len(changes.attendees), len(changes.passed)) <= MAX_CHANGES else None


def list_changes_since(edition_id: int, moment: datetime, most: int | None = None) -> Changes:
    """Return the changes since a moment; with `most`, only some of them if there are more."""
    # Everything that changes an order changes the date of at least one of its attendees.
    orders = select(Attendee.order_id).where(Attendee.edition_id == edition_id, Attendee.updated_at >= moment)
    issued = _ids(
        most,
        select(Badge.attendee_id).where(Badge.edition_id == edition_id, Badge.issued_at >= moment),
    )
    changed = issued | _ids(
        most,
        select(Attendee.id).where(Attendee.order_id.in_(orders)),
        select(Badge.attendee_id).where(Badge.edition_id == edition_id, Badge.revoked_at >= moment),
        select(SeatHold.attendee_id).where(SeatHold.changed_at >= moment),
    )
    scanned = select(Scan.attendee_id).where(Scan.edition_id == edition_id, Scan.attendee_id.is_not(None)).distinct()
    passed = issued | _ids(most, scanned.where(Scan.received_at >= moment), scanned.where(Scan.undone_at >= moment))
    return Changes(changed, passed)


def read_cursor(frame: Frame, since: str | None, now: datetime) -> datetime | None:
    """Return the moment that a cursor names; None if it is of no use."""
    mark, _, micros = (since or "").partition("-")
    if mark != frame.mark or not micros.isdecimal() or len(micros) > 16:  # noqa: PLR2004 - microseconds of this age
        return None
    moment = datetime.fromtimestamp(int(micros) / 1_000_000, UTC)
    return moment if now - MAX_AGE <= moment <= now else None


def _ids(most: int | None, *queries: Select[Any]) -> set[int]:
    return {each for query in queries for each in db.session.scalars(query.limit(most))}


def _describe(frame: Frame) -> dict[str, Any]:
    """Return what is sent whole each time, because it is short; at most two seconds old."""
    recent, key = get_recent(), ("door_description", frame.edition.id)
    found: dict[str, Any] | None = recent.get(key)
    if found is None:
        found = _read_description(frame)
        recent.set(key, found, DOOR_FACTS_SECONDS)
    return found


def _read_description(frame: Frame) -> dict[str, Any]:
    edition = frame.edition
    facts = list_checkpoint_facts(edition.id)
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
        "ticket_types": [
            {"code": each.code, "name": each.name, "band": each.band, "door_note": each.door_note}
            for each in frame.ticket_types
        ],
        # Those that rules ask for, which verdicts name.
        "add_ons": [{"code": code, "name": name} for code, name in name_required_add_ons(edition.id, facts).items()],
        "checkpoints": [
            {**facts[each.code], "name": each.name, "kind": each.kind.value} for each in list_checkpoints(edition.id)
        ],
        "zones": [
            {
                "code": each.code,
                "name": each.name,
                "capacity": each.capacity,
                "inside": each.inside,
                "exclusive_group": each.exclusive_group,
                "anti_passback": each.anti_passback,
            }
            for each in list_zones(edition.id)
        ],
    }
