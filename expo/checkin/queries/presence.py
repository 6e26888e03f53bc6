"""Reads of presence: where attendees stand, and who was admitted to a room."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from expo.badges.models import Badge
from expo.checkin.models import Checkpoint, Presence, Scan
from expo.checkin.queries.passages import standing_of
from expo.checkin.rules import Direction, Verdict
from expo.editions.models import Room
from expo.infra.db import db
from expo.infra.direct import Pending, Ready, send_direct
from expo.pure.presence import Standing

_presence, _badge = Presence.__table__, Badge.__table__
_STANDINGS = select(_presence).where(
    _presence.c.attendee_id.in_(bindparam("attendee_ids", expanding=True)),
    _presence.c.zone_id.in_(bindparam("zone_ids", expanding=True)),
)
_STANDINGS_OF_BADGES = select(_presence).where(
    _presence.c.attendee_id.in_(
        select(_badge.c.attendee_id).where(
            _badge.c.edition_id == bindparam("edition_id"), _badge.c.serial.in_(bindparam("serials", expanding=True))
        )
    ),
    # With "+ 0" PostgreSQL begins with the attendees: otherwise it reads everybody in the zones for some of them.
    (_presence.c.zone_id + 0).in_(bindparam("zone_ids", expanding=True)),
)


def send_standings(
    connection: Connection, edition_id: int, zone_ids: Collection[int], serials: Collection[int]
) -> Pending | Ready:
    """Ask for the standings of badges' holders in zones; `read_standings` reads the answer."""
    if not zone_ids or not serials:
        return Ready([])
    values = {"edition_id": edition_id, "serials": sorted(serials), "zone_ids": sorted(zone_ids)}
    return send_direct(connection, _STANDINGS_OF_BADGES, values)


def read_standings(sent: Pending | Ready) -> dict[tuple[int, int], Standing]:
    """Return where attendees stand by attendee and zone; zones that they were never in are left out."""
    return {(row.attendee_id, row.zone_id): standing_of(row) for row in sent.rows()}


def list_standings(
    connection: Connection, zone_ids: Collection[int], attendee_ids: Collection[int]
) -> dict[tuple[int, int], Standing]:
    """Return where attendees stand by attendee and zone; zones that they were never in are left out."""
    if not zone_ids or not attendee_ids:
        return {}
    values = {"attendee_ids": sorted(attendee_ids), "zone_ids": sorted(zone_ids)}
    return read_standings(send_direct(connection, _STANDINGS, values))


def has_checkpoint_in_room(edition_id: int, room: str) -> bool:
    """Whether badges are scanned at a room, given by its slug."""
    query = (
        select(Checkpoint.id)
        .join(Room, Room.id == Checkpoint.room_id)
        .where(Checkpoint.edition_id == edition_id, Room.slug == room)
    )
    return db.session.scalar(query.limit(1)) is not None


def list_admitted_to_room(edition_id: int, room: str, since: datetime, until: datetime) -> set[int]:
    """Return the attendees who were admitted to a room, given by its slug, between two moments."""
    query = (
        select(Scan.attendee_id)
        .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .join(Room, Room.id == Checkpoint.room_id)
        .where(
            Checkpoint.edition_id == edition_id,
            Room.slug == room,
            Scan.scanned_at >= since,
            Scan.scanned_at <= until,
            Scan.direction == Direction.ENTRY.value,
            Scan.verdict == Verdict.ADMITTED.value,
            Scan.undone_at.is_(None),
            Scan.attendee_id.is_not(None),
        )
        .distinct()
    )
    return {attendee_id for attendee_id in db.session.scalars(query) if attendee_id is not None}


def has_entered(attendee_id: int) -> bool:
    """Return whether an attendee was admitted anywhere at the expo."""
    entered = select(Presence.zone_id).where(Presence.attendee_id == attendee_id, Presence.entries > 0).limit(1)
    return db.session.scalar(entered) is not None
