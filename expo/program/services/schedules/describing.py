"""Describing what an import of a schedule changes, for people to read and decide."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from expo.accounts.rules import Actor, Permission, require
from expo.formats.schedule import ANY, Schedule, Texts
from expo.program.rules.merges import Merge
from expo.program.rules.schedules import (
    FieldChange,
    ImportDecisions,
    ImportMode,
    ItemChange,
    ScheduleChange,
    find_in_schedule,
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
    takes,
)
from expo.pure.languages import localized

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
    unknown = [room.key for room in schedule.rooms if room.key not in comparison.rooms]
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
        findings=find_in_schedule(schedule, program.edition.days, unknown if program.rooms else ()),
    )


def _is_changed(each: Matched, decisions: ImportDecisions) -> bool:
    return any(
        takes(side, field_id("session", each.session.id, name), decisions.take) for name, side in each.sides.items()
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
