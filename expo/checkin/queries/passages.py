"""The log of passages: scans that show when an attendee entered or left a zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, Table, bindparam, or_, select

from expo.checkin.models import Checkpoint, Presence, Scan, Zone
from expo.checkin.queries.zones import list_zones
from expo.checkin.rules import Decider, Direction, Reason, Verdict, is_passage
from expo.editions.queries import EditionFacts
from expo.infra.db import begin_consistent_read, db
from expo.infra.direct import fetch_direct
from expo.pure.presence import OUTSIDE, Passage, Standing, fold_passages

# Rows read at once when everything is recomputed.
BATCH = 5000
STANDING_COLUMNS = (
    "is_inside",
    "entries",
    "first_scan_id",
    "day",
    "entries_today",
    "entered_at",
    "checkpoint_id",
    "left_at",
    "as_of",
    "people",
)

_scan, _presence, _checkpoint, _zone = (cast("Table", model.__table__) for model in (Scan, Presence, Checkpoint, Zone))
# A rough filter in SQL; rules.is_passage decides.
_POSSIBLE_PASSAGES = (
    select(
        _checkpoint.c.zone_id,
        _scan.c.checkpoint_id,
        _scan.c.attendee_id,
        _scan.c.direction,
        _scan.c.verdict,
        _scan.c.reason,
        _scan.c.forced,
        _scan.c.decided,
        _zone.c.anti_passback,
        _scan.c.scan_id,
        _scan.c.scanned_at,
        _scan.c.received_at,
        _scan.c.party,
    )
    .join(_checkpoint, _checkpoint.c.id == _scan.c.checkpoint_id)
    .join(_zone, _zone.c.id == _checkpoint.c.zone_id)
    .where(
        _scan.c.undone_at.is_(None),
        or_(
            _scan.c.verdict == Verdict.ADMITTED.value,
            _scan.c.reason.in_([Reason.ALREADY_ADMITTED.value, Reason.NOT_INSIDE.value]),
        ),
    )
)
_zone_ids: BindParameter[Any] = bindparam("zone_ids", expanding=True)
# With "+ 0" SQLite begins with the attendees: otherwise it reads all scans of the zones for some hundred of them.
_PASSAGES_OF_ATTENDEES = _POSSIBLE_PASSAGES.where(
    _scan.c.attendee_id.in_(bindparam("attendee_ids", expanding=True)), (_checkpoint.c.zone_id + 0).in_(_zone_ids)
)
_ALL_PASSAGES = _POSSIBLE_PASSAGES.where(
    _scan.c.attendee_id.is_not(None), _checkpoint.c.zone_id.in_(_zone_ids)
).order_by(_scan.c.attendee_id)


@dataclass(frozen=True)
class WrongPresence:
    """A stored presence that differs from the one computed from the scans."""

    zone_id: int
    attendee_id: int
    stored: Standing | None
    true: Standing


def list_passages(
    connection: Connection, zone_ids: Sequence[int], attendee_ids: Sequence[int]
) -> dict[int, list[Passage]]:
    """Return the passages of attendees into and out of zones by attendee, unordered."""
    found: dict[int, list[Passage]] = {attendee_id: [] for attendee_id in attendee_ids}
    values = {"zone_ids": list(zone_ids), "attendee_ids": list(attendee_ids)}
    for row in fetch_direct(connection, _PASSAGES_OF_ATTENDEES, values):
        passage = _passage(row)
        if passage is not None:
            found[row.attendee_id].append(passage)
    return found


def list_zone_groups(edition_id: int) -> list[tuple[int, ...]]:
    """Return the ids of zones that exclude each other, together; a zone without a group is alone."""
    groups: dict[str | int, list[int]] = {}
    for zone in sorted(list_zones(edition_id), key=lambda each: each.id):
        groups.setdefault(zone.exclusive_group or zone.id, []).append(zone.id)
    return [tuple(zone_ids) for zone_ids in groups.values()]


def list_wrong_presences(edition: EditionFacts, now: datetime, limit: int | None = None) -> list[WrongPresence]:
    """Return the presences that differ from the scans; memory use does not grow with the number of scans.

    People whose day is over, and who will be checked out within minutes, are not reported. Differences are read a
    second time, because scanning continues in the meantime.
    """
    wrong = []
    for zone_ids in list_zone_groups(edition.id):
        differing = _differing(edition, zone_ids, now)
        db.session.rollback()  # they are read again as they are by now
        for attendee_id in differing:
            wrong += compare(edition, zone_ids, attendee_id, now)
            if limit is not None and len(wrong) >= limit:
                return wrong[:limit]
    return wrong


def compare(edition: EditionFacts, zone_ids: Sequence[int], attendee_id: int, now: datetime) -> list[WrongPresence]:
    """Return how the presences in zones that exclude each other differ from those computed from the scans."""
    until = None if edition.is_demo else now
    rows = db.session.execute(
        select(_presence).where(_presence.c.zone_id.in_(zone_ids), _presence.c.attendee_id == attendee_id)
    )
    stored = {row.zone_id: standing_of(row) for row in rows}
    passages = list_passages(db.session.connection(), zone_ids, [attendee_id])[attendee_id]
    true = fold_passages(passages, zone_ids, edition.door_calendar, until)
    lasting = fold_passages(passages, zone_ids, edition.door_calendar, None)
    return [
        WrongPresence(zone_id, attendee_id, stored.get(zone_id), true[zone_id])
        for zone_id in zone_ids
        if not _is_same(stored.get(zone_id), true[zone_id]) and not _is_same(stored.get(zone_id), lasting[zone_id])
    ]


def standing_of(row: Any) -> Standing:
    """Convert a row of `presence`."""
    return Standing(
        is_inside=bool(row.is_inside),
        entries=row.entries,
        first_scan_id=row.first_scan_id,
        day=row.day,
        entries_today=row.entries_today,
        entered_at=row.entered_at,
        checkpoint_id=row.checkpoint_id,
        left_at=row.left_at,
        as_of=row.as_of,
        people=row.people,
    )


def _differing(edition: EditionFacts, zone_ids: Sequence[int], now: datetime) -> list[int]:
    """Return the attendees whose presence may be wrong, by merging both lists in the order of attendees."""
    begin_consistent_read()
    until = None if edition.is_demo else now
    stored = _iterate_stored(zone_ids)
    current = next(stored, None)
    differing = []
    for attendee_id, passages in _iterate_logged(zone_ids):
        while current is not None and current[0] < attendee_id:
            differing.append(current[0])
            current = next(stored, None)
        found: dict[int, Standing] = {}
        if current is not None and current[0] == attendee_id:
            found = current[1]
            current = next(stored, None)
        true = fold_passages(passages, zone_ids, edition.door_calendar, until)
        if not all(_is_same(found.get(zone_id), true[zone_id]) for zone_id in zone_ids):
            differing.append(attendee_id)
    while current is not None:
        differing.append(current[0])
        current = next(stored, None)
    return differing


def _iterate_stored(zone_ids: Sequence[int]) -> Iterator[tuple[int, dict[int, Standing]]]:
    rows = db.session.execute(
        select(_presence).where(_presence.c.zone_id.in_(zone_ids)).order_by(_presence.c.attendee_id),
        execution_options={"yield_per": BATCH},
    )
    for attendee_id, group in groupby(rows, key=lambda row: row.attendee_id):
        yield attendee_id, {row.zone_id: standing_of(row) for row in group}


def _iterate_logged(zone_ids: Sequence[int]) -> Iterator[tuple[int, list[Passage]]]:
    rows = db.session.execute(_ALL_PASSAGES, {"zone_ids": zone_ids}, execution_options={"yield_per": BATCH})
    for attendee_id, group in groupby(rows, key=lambda row: row.attendee_id):
        passages = [passage for row in group if (passage := _passage(row)) is not None]
        if passages:
            yield attendee_id, passages


def _passage(row: Any) -> Passage | None:
    direction, is_admitted = Direction(row.direction), row.verdict == Verdict.ADMITTED.value
    reason = Reason(row.reason) if row.reason else None
    refused, decided = None if is_admitted else reason, Decider(row.decided)
    if not is_passage(direction, refused, row.scanned_at, row.received_at, decided=decided):
        return None
    is_again = row.forced and reason is Reason.ALREADY_ADMITTED
    return Passage(
        at=row.scanned_at,
        is_entry=direction is Direction.ENTRY,
        scan_id=row.scan_id,
        is_forced=is_admitted and (is_again or not row.anti_passback),
        zone_id=row.zone_id,
        checkpoint_id=row.checkpoint_id,
        people=row.party,
    )


def _is_same(stored: Standing | None, true: Standing) -> bool:
    return _compared(stored or OUTSIDE) == _compared(true)


def _compared(standing: Standing) -> tuple[object, ...]:
    return (
        standing.as_of is not None,
        standing.people_inside,
        standing.entries,
        standing.entries_today,
        standing.entered_at,
        standing.checkpoint_id,
    )
