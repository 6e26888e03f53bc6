"""Move attendees in and out of zones, in memory, while a batch of scans is processed.

A scan later than all known ones updates its holder's standing. Any other is merged by its time: the standing is
computed again from the log, which nobody else can extend as long as the badge is locked.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from expo.checkin.queries.checkpoints import Door, DoorFacts
from expo.checkin.queries.passages import list_passages
from expo.checkin.queries.presence import list_standings
from expo.checkin.rules import Direction, is_answered_at_the_door
from expo.checkin.services.admissions import Counter, write_counters, write_presences
from expo.checkin.services.verdicts import ScanRequest
from expo.pure.presence import OUTSIDE, Passage, Standing, apply_passage, end_day, fold_passages

# An attendee, and the zones that exclude each other.
Key = tuple[int, tuple[int, ...]]


@dataclass
class Movements:
    """Where attendees stand, by attendee and zone: as stored, and as changed so far."""

    connection: Connection
    facts: DoorFacts
    counters: dict[int, Counter]
    stored: dict[tuple[int, int], Standing]
    changed: dict[tuple[int, int], Standing] = field(default_factory=dict)
    counted: set[int] = field(default_factory=set)
    _made: dict[Key, list[Passage]] = field(default_factory=dict)
    _logs: dict[Key, list[Passage]] = field(default_factory=dict)

    def load_logs(self, scans: Iterable[tuple[int, Door, ScanRequest]]) -> None:
        """Read the logs of the scans that are not later than all known ones, with one query for each group of zones."""
        wanted: dict[tuple[int, ...], set[int]] = {}
        for attendee_id, door, request in scans:
            group = self.facts.group_of(door.zone.id)
            if not self._is_latest(attendee_id, group, request):
                wanted.setdefault(group, set()).add(attendee_id)
        for group, attendee_ids in wanted.items():
            found = list_passages(self.connection, group, sorted(attendee_ids))
            self._logs |= {(attendee_id, group): passages for attendee_id, passages in found.items()}

    def standing_before(self, attendee_id: int, zone_id: int, request: ScanRequest, received_at: datetime) -> Standing:
        """Return the holder's standing in a zone just before the scan; a tie in time counts as before.

        While somebody waits for the answer, entries that are known already count even if they bear a later time: of two
        doors that scan the same badge, the second to ask finds out, whatever their clocks say.
        """
        group = self.facts.group_of(zone_id)
        if self._is_latest(attendee_id, group, request):
            return end_day(self._standing(attendee_id, zone_id), self.facts.calendar, request.scanned_at)
        step = (request.scanned_at, request.direction is not Direction.ENTRY)
        before = [each for each in self._log(attendee_id, group) if each.order[:2] <= step]
        standing = fold_passages(before, group, self.facts.calendar, request.scanned_at)[zone_id]
        is_decided = request.decided is not None or request.direction is not Direction.ENTRY
        if is_decided or not is_answered_at_the_door(request.scanned_at, received_at):
            return standing
        known = fold_passages(self._log(attendee_id, group), group, self.facts.calendar, request.scanned_at)[zone_id]
        return known if known.entries > standing.entries else standing

    def move(self, attendee_id: int, door: Door, request: ScanRequest, passage: Passage, now: datetime) -> bool:
        """Let the holder pass; return whether there was room. Without room, only holders let in by a device pass."""
        group = self.facts.group_of(door.zone.id)
        before = {zone_id: self._standing(attendee_id, zone_id) for zone_id in group}
        if self._is_latest(attendee_id, group, request):
            after = dict(before)
            apply_passage(after, passage, self.facts.calendar)
        else:
            passages = [*self._log(attendee_id, group), passage]
            until = None if self.facts.is_demo else max([now, *(each.at for each in passages)])
            after = fold_passages(passages, group, self.facts.calendar, until)
        counter = self.counters.get(door.zone.id)
        more = after[door.zone.id].people_inside - before[door.zone.id].people_inside
        has_room = more <= 0 or counter is None or counter.has_room_for(more)
        if not has_room and request.decided is None:
            return False
        self._made.setdefault((attendee_id, group), []).append(passage)
        if (attendee_id, group) in self._logs:
            self._logs[attendee_id, group].append(passage)
        self.replace(attendee_id, after)
        return has_room

    def replace(self, attendee_id: int, standings: dict[int, Standing]) -> None:
        """Change where an attendee stands, and the counters with it."""
        for zone_id, standing in standings.items():
            before = self._standing(attendee_id, zone_id)
            if standing == before:
                continue
            counter = self.counters.get(zone_id)
            if counter is not None and standing.people_inside != before.people_inside:
                counter.inside = max(0, counter.inside + standing.people_inside - before.people_inside)
                self.counted.add(zone_id)
            self.changed[attendee_id, zone_id] = standing

    def _standing(self, attendee_id: int, zone_id: int) -> Standing:
        key = attendee_id, zone_id
        return self.changed.get(key) or self.stored.get(key, OUTSIDE)

    def _is_latest(self, attendee_id: int, group: tuple[int, ...], request: ScanRequest) -> bool:
        for zone_id in group:
            standing = self._standing(attendee_id, zone_id)
            # Later than `as_of` is only the end of a day that is over, but was not when this scan was made.
            for moment in (standing.as_of, standing.left_at):
                if moment is not None and moment >= request.scanned_at:
                    return False
        return True

    def _log(self, attendee_id: int, group: tuple[int, ...]) -> list[Passage]:
        key = attendee_id, group
        if key not in self._logs:
            logged = list_passages(self.connection, group, [attendee_id])[attendee_id]
            self._logs[key] = [*logged, *self._made.get(key, ())]
        return self._logs[key]


def recompute_from_log(
    connection: Connection,
    facts: DoorFacts,
    counters: dict[int, Counter],
    groups: Collection[tuple[int, ...]],
    attendee_ids: Collection[int],
    now: datetime,
) -> None:
    """Compute again from the log where attendees are in groups of zones; both are locked by the caller."""
    zone_ids = [zone_id for group in groups for zone_id in group]
    movements = Movements(connection, facts, counters, list_standings(connection, zone_ids, attendee_ids))
    known: dict[int, set[tuple[int, ...]]] = {}
    for attendee_id, zone_id in movements.stored:
        known.setdefault(attendee_id, set()).add(facts.group_of(zone_id))
    for attendee_id, passages in list_passages(connection, zone_ids, sorted(attendee_ids)).items():
        by_group: dict[tuple[int, ...], list[Passage]] = {group: [] for group in known.get(attendee_id, ())}
        for each in passages:
            by_group.setdefault(facts.group_of(each.zone_id), []).append(each)
        for group, own in by_group.items():
            until = None if facts.is_demo else max([now, *(each.at for each in own)])
            movements.replace(attendee_id, fold_passages(own, group, facts.calendar, until))
    write_presences(connection, movements.changed)
    write_counters(connection, {zone_id: counters[zone_id].inside for zone_id in movements.counted})
