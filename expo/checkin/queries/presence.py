"""Reads of presence: who was admitted to a room."""

from datetime import datetime

from sqlalchemy import select

from expo.checkin.models import Checkpoint, Scan
from expo.checkin.rules import Direction, Verdict
from expo.editions.models import Room
from expo.infra.db import db


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
