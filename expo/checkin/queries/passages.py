"""The log of passages: scans that show when an attendee entered or left a checkpoint."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, or_, select

from expo.checkin.models import Checkpoint, Presence, Scan
from expo.checkin.rules import Direction, Reason, Verdict, is_passage
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.pure.presence import Passage, Standing, stand

# Rows read at once when everything is recomputed.
BATCH = 5000

_scan, _presence = (cast("Table", model.__table__) for model in (Scan, Presence))
# A rough filter in SQL; rules.is_passage decides.
_POSSIBLE_PASSAGES = select(
    _scan.c.checkpoint_id,
    _scan.c.attendee_id,
    _scan.c.direction,
    _scan.c.verdict,
    _scan.c.reason,
    _scan.c.forced,
    _scan.c.scan_id,
    _scan.c.scanned_at,
    _scan.c.received_at,
).where(
    or_(
        _scan.c.verdict == Verdict.ADMITTED.value,
        _scan.c.reason.in_([Reason.ALREADY_ADMITTED.value, Reason.NOT_INSIDE.value]),
    )
)
_PASSAGES_OF_ATTENDEE = _POSSIBLE_PASSAGES.where(
    _scan.c.attendee_id == bindparam("attendee_id"), _scan.c.checkpoint_id == bindparam("checkpoint_id")
)


@dataclass(frozen=True)
class WrongPresence:
    """A stored presence that differs from the one computed from the scans."""

    checkpoint_id: int
    attendee_id: int
    stored: Standing | None
    true: Standing


def list_passages(connection: Connection, checkpoint_id: int, attendee_id: int) -> list[Passage]:
    """Return the passages of an attendee at a checkpoint, unordered."""
    rows = connection.execute(_PASSAGES_OF_ATTENDEE, {"checkpoint_id": checkpoint_id, "attendee_id": attendee_id})
    return _passages(rows)


def list_wrong_presences(edition: EditionFacts, now: datetime, limit: int | None = None) -> list[WrongPresence]:
    """Return the presences that differ from the scans; memory use does not grow with the number of scans.

    People whose day is over, and who will be checked out within minutes, are not reported. Differences are read a
    second time, because scanning continues in the meantime.
    """
    wrong = []
    for checkpoint_id in db.session.scalars(
        select(Checkpoint.id).where(Checkpoint.edition_id == edition.id).order_by(Checkpoint.id)
    ).all():
        for attendee_id in _differing(edition, checkpoint_id, now):
            found = compare(edition, checkpoint_id, attendee_id, now)
            if found is not None:
                wrong.append(found)
            if limit is not None and len(wrong) >= limit:
                return wrong
    return wrong


def compare(edition: EditionFacts, checkpoint_id: int, attendee_id: int, now: datetime) -> WrongPresence | None:
    """Return how a presence differs from the one computed from the scans; None if it does not."""
    until = None if edition.is_demo else now
    row = db.session.execute(
        select(Presence.__table__).where(Presence.checkpoint_id == checkpoint_id, Presence.attendee_id == attendee_id)
    ).one_or_none()
    stored = standing_of(row) if row else None
    passages = list_passages(db.session.connection(), checkpoint_id, attendee_id)
    true = stand(passages, edition.door_calendar, until)
    if _is_same(stored, true) or _is_same(stored, stand(passages, edition.door_calendar, None)):
        return None
    return WrongPresence(checkpoint_id, attendee_id, stored, true)


def standing_of(row: Any) -> Standing:
    """Convert a row of `presence`."""
    return Standing(bool(row.is_inside), row.entries, row.first_scan_id, row.entered_at, row.left_at, row.as_of)


def _differing(edition: EditionFacts, checkpoint_id: int, now: datetime) -> list[int]:
    """Return the attendees whose presence may be wrong, by merging both lists in the order of attendees."""
    until = None if edition.is_demo else now
    stored = _iterate_stored(checkpoint_id)
    current = next(stored, None)
    differing = []
    for attendee_id, passages in _iterate_logged(checkpoint_id):
        while current is not None and current[0] < attendee_id:
            differing.append(current[0])
            current = next(stored, None)
        standing = None
        if current is not None and current[0] == attendee_id:
            standing = current[1]
            current = next(stored, None)
        if not _is_same(standing, stand(passages, edition.door_calendar, until)):
            differing.append(attendee_id)
    while current is not None:
        differing.append(current[0])
        current = next(stored, None)
    return differing


def _iterate_stored(checkpoint_id: int) -> Iterator[tuple[int, Standing]]:
    after = 0
    while rows := db.session.execute(
        select(Presence.__table__)
        .where(Presence.checkpoint_id == checkpoint_id, Presence.attendee_id > after)
        .order_by(Presence.attendee_id)
        .limit(BATCH)
    ).all():
        yield from ((row.attendee_id, standing_of(row)) for row in rows)
        after = rows[-1].attendee_id


def _iterate_logged(checkpoint_id: int) -> Iterator[tuple[int, list[Passage]]]:
    rows = db.session.execute(
        _POSSIBLE_PASSAGES.where(_scan.c.checkpoint_id == checkpoint_id, _scan.c.attendee_id.is_not(None)).order_by(
            _scan.c.attendee_id
        ),
        execution_options={"yield_per": BATCH},
    )
    for attendee_id, group in groupby(rows, key=lambda row: row.attendee_id):
        passages = _passages(group)
        if passages:
            yield attendee_id, passages


def _passages(rows: Any) -> list[Passage]:
    passages = []
    for row in rows:
        direction, is_admitted = Direction(row.direction), row.verdict == Verdict.ADMITTED.value
        reason = Reason(row.reason) if row.reason else None
        if is_passage(direction, None if is_admitted else reason, row.scanned_at, row.received_at):
            is_forced = is_admitted and row.forced and reason is Reason.ALREADY_ADMITTED
            passages.append(Passage(row.scanned_at, direction is Direction.ENTRY, row.scan_id, is_forced))
    return passages


def _is_same(stored: Standing | None, true: Standing) -> bool:
    if stored is None:
        return true.as_of is None
    return (stored.is_inside, stored.entries, stored.entered_at) == (true.is_inside, true.entries, true.entered_at)
