"""Describing what an import of a schedule changes, for people to read and decide."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from expo.accounts.rules import Actor, Permission, require
from expo.formats.schedule import ANY, Schedule, ScheduleRoom, ScheduleTrack, Texts
from expo.program.queries.schedules import key_of
from expo.program.rules import SessionState
from expo.program.rules.renames import Named, Rename, find_renames
from expo.program.rules.schedules import (
    FieldChange,
    ImportDecisions,
    ImportMode,
    ItemChange,
    KeptSession,
    ScheduleChange,
    find_in_schedule,
    find_taken,
)
from expo.program.services.schedules.comparing import (
    Comparison,
    Matched,
    MatchedSpeaker,
    compare_schedule,
    field_id,
    list_removed,
    list_unused_speakers,
    list_unused_tracks,
    uses_file_value,
)
from expo.pure.languages import localized
from expo.pure.merges import Merge

# The beginning of a text that is shown beside the other one.
SHOWN_LENGTH = 300


def preview_schedule(
    actor: Actor, edition_id: int, schedule: Schedule, decisions: ImportDecisions | None = None
) -> ScheduleChange:
    """Return what importing this schedule would change, without changing anything."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    return describe_change(compare_schedule(edition_id, schedule), decisions or ImportDecisions())


def describe_change(comparison: Comparison, decisions: ImportDecisions) -> ScheduleChange:
    """Return a comparison for people to read."""
    details = [_describe(comparison, each) for each in comparison.matched]
    changed = [each for each, item in zip(comparison.matched, details, strict=True) if _is_changed(each, decisions)]
    speakers = [_describe_speaker(each) for each in comparison.speakers]
    replaces = decisions.mode is ImportMode.REPLACE
    removed = list_removed(comparison, decisions)
    unused_tracks = list_unused_tracks(comparison, decisions)
    program, schedule = comparison.program, comparison.schedule
    renames = list_renames(comparison)
    asked = {each.key for each in renames if each.kind == "room"}
    unknown = [room.key for room in schedule.rooms if room.key not in comparison.rooms and room.key not in asked]
    all_sides = [each.sides for each in comparison.matched] + [each.sides for each in comparison.speakers]
    return ScheduleChange(
        added=tuple(event.title for event in comparison.added),
        changed=tuple(each.event.title for each in changed),
        unchanged=len(comparison.matched) - len(changed),
        removed=tuple(session.title for session in removed),
        details=tuple(item for item in [*details, *speakers] if item.fields),
        kept=sum(side.merge is Merge.KEEP for sides in all_sides for side in sides.values()),
        removed_speakers=tuple(program.speakers[at].name for at in list_unused_speakers(comparison, decisions)),
        removed_tracks=tuple(track.name for track in program.tracks if track.id in unused_tracks),
        missing=0 if replaces else len(comparison.absent),
        findings=(
            *find_in_schedule(schedule, program.edition.days, unknown if program.rooms else ()),
            *find_taken(schedule, comparison.rooms, _list_staying(comparison)),
        ),
        renames=renames,
    )


def _list_staying(comparison: Comparison) -> list[KeptSession]:
    """Return the placed sessions that are not in the file: those that are not published stay in any case."""
    matched = {each.session.id for each in comparison.matched}
    rows = [
        (session.title, placed)
        for session in comparison.program.sessions
        if session.id not in matched
        and session.state != SessionState.CANCELLED
        and (placed := comparison.placements.get(session.id)) is not None
    ]
    return [KeptSession(title, at.room_id, at.starts_at, at.ends_at) for title, at in rows if at.room_id is not None]


def list_renames(comparison: Comparison) -> tuple[Rename, ...]:
    """Return the rooms and tracks of the file that look like renamed ones of the programme."""
    program, schedule = comparison.program, comparison.schedule
    room_keys = {room.id: key_of(room) for room in program.rooms}
    track_keys = {track.id: key_of(track) for track in program.tracks}
    return (
        *_find_renames(
            "room",
            schedule.rooms,
            {room_keys[room.id]: room.name for room in program.rooms if room.id not in comparison.rooms.values()},
            [(each.event.room, room_keys.get(each.session.room_id or 0)) for each in comparison.matched],
            comparison.rooms,
        ),
        *_find_renames(
            "track",
            schedule.tracks,
            {track_keys[each.id]: each.name for each in program.tracks if each.id not in comparison.tracks.values()},
            [(each.event.track, track_keys.get(each.session.track_id or 0)) for each in comparison.matched],
            comparison.tracks,
        ),
    )


def _find_renames(
    kind: str,
    said: Sequence[ScheduleRoom] | Sequence[ScheduleTrack],
    gone: Mapping[str, Texts],
    uses: Sequence[tuple[str | None, str | None]],
    known: Mapping[str, int],
) -> tuple[Rename, ...]:
    shared = Counter((theirs, ours) for theirs, ours in uses if theirs and ours)
    used = Counter(ours for _theirs, ours in uses if ours)
    new = [Named(each.key, each.name or {ANY: each.key}) for each in said if each.key not in known]
    return find_renames(kind, new, [Named(key, name, used[key]) for key, name in gone.items()], shared)


def _is_changed(each: Matched, decisions: ImportDecisions) -> bool:
    return any(
        uses_file_value(side, field_id("session", each.session.id, name), decisions.take)
        for name, side in each.sides.items()
    )


def _describe(comparison: Comparison, each: Matched) -> ItemChange:
    names = {room.key: room.name for room in comparison.schedule.rooms}
    names |= {track.key: track.name for track in comparison.schedule.tracks}
    persons = {person.key: person.name for event in (each.ours, each.event) for person in event.persons}
    return ItemChange(
        kind="session",
        slug=each.session.slug,
        title=each.session.title,
        fields=tuple(
            FieldChange(
                field_id("session", each.session.id, name),
                name,
                _show(side.ours, names, persons, comparison),
                _show(side.theirs, names, persons, comparison),
                side.merge is Merge.ASK,
            )
            for name, side in each.sides.items()
            if side.merge in (Merge.TAKE, Merge.ASK)
        ),
    )


def _describe_speaker(each: MatchedSpeaker) -> ItemChange:
    return ItemChange(
        kind="speaker",
        slug=each.speaker.slug,
        title=each.speaker.name,
        fields=tuple(
            FieldChange(
                field_id("speaker", each.speaker.id, name),
                name,
                _shorten(side.ours),
                _shorten(side.theirs),
                side.merge is Merge.ASK,
            )
            for name, side in each.sides.items()
            if side.merge in (Merge.TAKE, Merge.ASK)
        ),
    )


def _shorten(texts: Texts) -> Texts:
    """Return a text as it is shown: its beginning, because descriptions may be long."""
    return {
        language: text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…" for language, text in texts.items()
    }


def _show(value: Any, names: Mapping[str, Texts], persons: Mapping[str, Texts], comparison: Comparison) -> Texts:
    """Return a value as a text to read."""
    if isinstance(value, dict):
        return _shorten(value)
    if isinstance(value, datetime):
        return {ANY: value.astimezone(comparison.program.edition.zone).strftime("%Y-%m-%d %H:%M")}
    if isinstance(value, tuple):
        parts = [each if isinstance(each, str) else each.url for each in value]
        return {ANY: ", ".join(localized(persons.get(part) or {ANY: part}, ANY) for part in parts)}
    if isinstance(value, str) and value in names:
        return names[value]
    return {} if value in (None, "") else {ANY: str(value)}
