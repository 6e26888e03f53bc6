"""Comparing a schedule with the programme: which session is which, and what happens to every field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from expo.editions.queries import get_edition
from expo.formats.schedule import ANY, Schedule, ScheduleEvent, SchedulePerson, Texts
from expo.formats.writers import read_back
from expo.program.models import Placement, Session, Speaker
from expo.program.queries.schedules import (
    Program,
    base_event,
    draft_slot,
    make_schedule,
    read_placements,
    read_program,
)
from expo.program.rules import SessionState
from expo.program.rules.identities import identifiers_of_event, identifiers_of_session, match_identifiers
from expo.program.rules.merges import compare_events, compare_persons
from expo.program.rules.schedules import ImportDecisions, ImportMode, with_program_days
from expo.program.services.schedules.named import match_named
from expo.pure.merges import Merge, Sides

_UNEDITED = object()


@dataclass(frozen=True)
class Matched:
    """A session that is in the file, with its fields in three states, and as the file's format shows it."""

    session: Session
    event: ScheduleEvent
    ours: ScheduleEvent
    sides: Mapping[str, Sides]


@dataclass(frozen=True)
class MatchedSpeaker:
    """A speaker who is in the file, with their fields in three states."""

    speaker: Speaker
    person: SchedulePerson
    sides: Mapping[str, Sides]


@dataclass(frozen=True)
class Comparison:
    """A schedule compared with the programme."""

    program: Program
    schedule: Schedule
    placements: Mapping[int, Placement]
    matched: tuple[Matched, ...]
    added: tuple[ScheduleEvent, ...]
    # Published sessions that the format could hold, and that are not in the file.
    absent: tuple[Session, ...]
    speakers: tuple[MatchedSpeaker, ...]
    # By key in the file: the rows that it means.
    rooms: Mapping[str, int] = field(default_factory=dict)
    tracks: Mapping[str, int] = field(default_factory=dict)
    absent_speakers: tuple[int, ...] = ()
    absent_tracks: tuple[int, ...] = ()


def compare_schedule(edition_id: int, schedule: Schedule) -> Comparison:
    """Return a schedule to compare with the programme: its draft timetable, and its content in the form of the file."""
    edition = get_edition(edition_id)
    program, schedule = read_program(edition), with_program_days(schedule, edition.door_calendar)
    placements = read_placements(edition_id)
    ours = make_schedule(program, program.sessions, lambda each: draft_slot(placements.get(each.id)), _address)
    marks = [
        identifiers_of_session(event, ours, session.slug)
        for event, session in zip(ours.events, program.sessions, strict=True)
    ]
    in_form = read_back(ours, schedule.format, program.edition.zone)
    shown = _match_shown(marks, in_form)
    bases = _read_bases(program, ours, schedule, marks)
    found = match_identifiers(marks, [identifiers_of_event(event) for event in schedule.events])
    matched = tuple(
        _compare(program.sessions[at], event, ours.events[at], shown.get(at), bases.get(at, _UNEDITED))
        for position, event in enumerate(schedule.events)
        if (at := found.get(position)) is not None
    )
    taken = set(found.values())
    absent = [
        session
        for at, session in enumerate(program.sessions)
        if at not in taken and at in shown and session.state == SessionState.PUBLISHED
    ]
    speakers = match_named(program.speakers.values(), schedule.persons)
    shown_speakers = match_named(program.speakers.values(), in_form.persons)
    tracks = match_named(program.tracks, schedule.tracks)
    shown_tracks = match_named(program.tracks, in_form.tracks)
    by_speaker = {at: person for person in in_form.persons if (at := shown_speakers.get(person.key))}
    return Comparison(
        program=program,
        schedule=schedule,
        placements=placements,
        matched=matched,
        added=tuple(event for position, event in enumerate(schedule.events) if position not in found),
        absent=tuple(absent),
        speakers=tuple(
            _compare_speaker(program.speakers[at], person, by_speaker.get(at))
            for person in schedule.persons
            if (at := speakers.get(person.key))
        ),
        rooms=match_named(program.rooms, schedule.rooms),
        tracks=tracks,
        absent_speakers=tuple(set(shown_speakers.values()) - set(speakers.values())),
        absent_tracks=tuple(set(shown_tracks.values()) - set(tracks.values())),
    )


def _match_shown(marks: list[Mapping[str, str]], in_form: Schedule) -> dict[int, ScheduleEvent]:
    """Return the sessions that the file's format can hold, as it shows them, by their position."""
    found = match_identifiers(marks, [identifiers_of_event(event) for event in in_form.events])
    return {at: in_form.events[position] for position, at in found.items()}


def _read_bases(
    program: Program, ours: Schedule, schedule: Schedule, marks: list[Mapping[str, str]]
) -> dict[int, ScheduleEvent | None]:
    """Return what the last file said about each session, in the form of this file, by position; None if nothing.

    Only sessions that were changed here since are written out, which are few.
    """
    bases = [base_event(program, session, event) for session, event in zip(program.sessions, ours.events, strict=True)]
    edited = [at for at, base in enumerate(bases) if base is not None and base != ours.events[at]]
    names = {person.key: person.name for at in edited for person in _base_of(bases, at).persons}
    persons = tuple(replace(person, name=names.get(person.key, person.name)) for person in ours.persons)
    document = replace(ours, events=tuple(_base_of(bases, at) for at in edited), persons=persons)
    shown = _match_shown([marks[at] for at in edited], read_back(document, schedule.format, program.edition.zone))
    found: dict[int, ScheduleEvent | None] = {at: None for at, base in enumerate(bases) if base is None}
    found.update({at: shown.get(position, bases[at]) for position, at in enumerate(edited)})
    return found


def _base_of(bases: list[ScheduleEvent | None], at: int) -> ScheduleEvent:
    base = bases[at]
    if base is None:
        raise ValueError("a session that was never in a file has no base")
    return base


def _compare(
    session: Session,
    event: ScheduleEvent,
    ours: ScheduleEvent,
    shown: ScheduleEvent | None,
    base: Any,
) -> Matched:
    form = shown or ours
    return Matched(session, event, form, compare_events(form if base is _UNEDITED else base, form, event))


def _compare_speaker(speaker: Speaker, person: SchedulePerson, shown: SchedulePerson | None) -> MatchedSpeaker:
    ours = shown or SchedulePerson(person.key, speaker.name, speaker.biography)
    source = speaker.source
    base = None
    if "name" in source:
        is_named_so = source["name"] == speaker.name
        is_described_so = source.get("biography", speaker.biography) == speaker.biography
        base = SchedulePerson(
            person.key,
            ours.name if is_named_so else _in_form(source["name"], ours.name),
            ours.biography if is_described_so else _in_form(source["biography"], ours.biography),
        )
    return MatchedSpeaker(speaker, person, compare_persons(base, ours, person))


def _in_form(texts: Texts, ours: Texts) -> Texts:
    """Return a text as a format shows it, which shows another one as `ours`: in all its languages, or in one."""
    if set(ours) <= {ANY}:
        first = texts.get(ANY) or next(iter(texts.values()), "")
        return {ANY: first} if first else {}
    return texts


def _address(slug: str) -> str:
    return f"/sessions/{slug}"


def list_removed(comparison: Comparison, decisions: ImportDecisions) -> tuple[Session, ...]:
    """Return the sessions that the import removes."""
    return comparison.absent if decisions.mode is ImportMode.REPLACE else ()


def list_unused_speakers(comparison: Comparison, decisions: ImportDecisions) -> list[int]:
    """Return the speakers to remove: they came with an earlier file, are not in this one, and have no session left."""
    if decisions.mode is not ImportMode.REPLACE:
        return []
    program = comparison.program
    gone = {session.id for session in comparison.absent}
    # Sessions whose speakers are replaced by those in the file.
    gone |= {each.session.id for each in comparison.matched if each.sides["persons"].merge is Merge.TAKE}
    busy = {link.speaker_id for session_id, links in program.links.items() if session_id not in gone for link in links}
    speakers = program.speakers
    return sorted(
        at
        for at in comparison.absent_speakers
        if at not in busy and speakers[at].person_id is None and "key" in speakers[at].source
    )


def list_unused_tracks(comparison: Comparison, decisions: ImportDecisions) -> list[int]:
    """Return the tracks to remove: they came with an earlier file, are not in this one, and have no session left."""
    if decisions.mode is not ImportMode.REPLACE:
        return []
    gone = {session.id for session in comparison.absent}
    gone |= {each.session.id for each in comparison.matched if each.sides["track"].merge is Merge.TAKE}
    busy = {session.track_id for session in comparison.program.sessions if session.id not in gone}
    sources = {track.id: track.source for track in comparison.program.tracks}
    return sorted(at for at in comparison.absent_tracks if at not in busy and "key" in sources[at])


def uses_file_value(side: Sides, id_: str, take: frozenset[str]) -> bool:
    """Whether the file's value of a field is used."""
    return side.merge is Merge.TAKE or (side.merge is Merge.ASK and id_ in take)


def field_id(kind: str, row_id: int, name: str) -> str:
    """Return the id of a field of a session or speaker."""
    return f"{kind}-{row_id}-{name}"
