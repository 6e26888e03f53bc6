"""Applying a schedule to the programme: adding, updating and removing in one transaction."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from expo.accounts.rules import Actor, Permission, require
from expo.accounts.services import check_email
from expo.editions.models import Room
from expo.editions.services import increment_content_version
from expo.errors import Conflict, Invalid
from expo.formats.schedule import Schedule, ScheduleEvent, SchedulePerson
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.program.models import (
    Placement,
    ScheduleSource,
    Session,
    SessionSpeaker,
    SessionType,
    Speaker,
    Track,
)
from expo.program.queries.notices import list_planning
from expo.program.queries.versions import read_published_entries
from expo.program.rules.merges import merge_texts, next_base
from expo.program.rules.renames import apply_renames
from expo.program.rules.schedules import ImportDecisions, ImportMode, ScheduleChange
from expo.program.rules.versions import VersionEntry
from expo.program.services.materials import delete_materials
from expo.program.services.schedules.comparing import (
    Comparison,
    MatchedSpeaker,
    compare_schedule,
    field_id,
    list_removed,
    list_unused_speakers,
    list_unused_tracks,
    uses_file_value,
)
from expo.program.services.schedules.describing import describe_change
from expo.program.services.schedules.named import add_missing, refresh
from expo.program.services.schedules.placing import place_sessions
from expo.program.services.schedules.sessions import (
    Rows,
    add_session,
    describe_source,
    link_speakers,
    merge_session,
    update_search_text,
)
from expo.program.services.sessions import DEPENDENTS
from expo.program.services.timetable import lock_timetable
from expo.program.services.versions import record_imported
from expo.pure.kinds import name_kind
from expo.pure.merges import Merge
from expo.pure.names import search_text


@dataclass(frozen=True)
class _Import:
    """An import that is being applied."""

    comparison: Comparison
    decisions: ImportDecisions
    # Whether the programme comes from this file, or from an earlier version of it: then rows keep its raw form.
    is_same_source: bool


@dataclass
class _Writes:
    """What is written once all sessions are merged: links to speakers and places, by session."""

    links: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    places: dict[int, Placement | None] = field(default_factory=dict)


def import_schedule(
    actor: Actor, edition_id: int, schedule: Schedule, now: datetime, decisions: ImportDecisions | None = None
) -> ScheduleChange:
    """Bring the edition's programme in line with a schedule; sessions keep their addresses and places in agendas.

    What was changed here since the last file stays, unless the file changed it too and `decisions` say otherwise.
    Times and rooms are published at once. Raises Conflict `too_many_removals` if more than a tenth of the sessions, and
    more than allowed, would be removed.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    decisions = decisions or ImportDecisions()
    with atomic():
        lock_timetable(edition_id)
        schedule = apply_renames(schedule, decisions.renames)
        comparison = compare_schedule(edition_id, schedule)
        change = describe_change(comparison, decisions)
        allowed = decisions.allowed_removals
        if allowed is not None and change.removes_much and len(change.removed) > allowed:
            raise Conflict("too_many_removals", field="removals", count=len(change.removed), total=change.total)
        published = _read_published(comparison, decisions)
        running = _Import(comparison, decisions, _is_its_file(comparison, decisions))
        _apply(running, actor, now)
        number = record_imported(actor, edition_id, _list_published(running), published, now)
        if running.is_same_source:
            _store_source(running, now)
        increment_content_version(edition_id, now)
        record_act(
            actor,
            "program.import_schedule",
            now,
            edition_id=edition_id,
            subject="edition",
            subject_id=edition_id,
            added=len(change.added),
            changed=len(change.changed),
            removed=len(change.removed),
            mode=decisions.mode.value,
        )
    return replace(change, version=number)


def _read_published(comparison: Comparison, decisions: ImportDecisions) -> dict[int, VersionEntry]:
    """Return what visitors see before the import, and who planned to see the sessions that it removes."""
    planning = list_planning([session.id for session in list_removed(comparison, decisions)])
    return {
        session_id: replace(entry, attendee_ids=tuple(planning.get(session_id, ())))
        for session_id, entry in read_published_entries(comparison.program.edition.id).items()
    }


def _list_published(running: _Import) -> set[int]:
    """Return the sessions that the file has, by id: those that were found in the programme, and the added ones."""
    program = running.comparison.program
    known = {session.id for session in program.sessions}
    now = db.session.scalars(select(Session.id).where(Session.edition_id == program.edition.id))
    return {each.session.id for each in running.comparison.matched} | (set(now) - known)


def _is_its_file(comparison: Comparison, decisions: ImportDecisions) -> bool:
    program = comparison.program
    if program.source is None or program.source.format == comparison.schedule.format:
        return True
    return decisions.mode is ImportMode.REPLACE and not comparison.matched


def _apply(running: _Import, actor: Actor, now: datetime) -> None:
    comparison, schedule, program = running.comparison, running.comparison.schedule, running.comparison.program
    edition_id = program.edition.id
    unused_speakers = list_unused_speakers(comparison, running.decisions)
    unused_tracks = list_unused_tracks(comparison, running.decisions)
    rooms = add_missing(Room, edition_id, program.rooms, schedule.rooms, comparison.rooms)
    tracks = add_missing(Track, edition_id, program.tracks, schedule.tracks, comparison.tracks)
    for position, room in enumerate(schedule.rooms):
        refresh(rooms[room.key], room, position, schedule.format, is_same_source=running.is_same_source)
    for position, track in enumerate(schedule.tracks):
        refresh(tracks[track.key], track, position, schedule.format, is_same_source=running.is_same_source)
    for rename in running.decisions.renames:
        row = (rooms if rename.kind == "room" else tracks)[rename.our_key]
        row.name = rename.name
        if running.is_same_source:
            # So that the next file finds it by its key.
            row.source = {**row.source, "key": rename.key}
    names = {at: speaker.name for at, speaker in program.speakers.items()}
    speakers = _apply_speakers(running)
    renamed = {at for at, speaker in program.speakers.items() if speaker.name != names[at]}
    rows = Rows(
        rooms={key: room.id for key, room in rooms.items()},
        tracks={key: track.id for key, track in tracks.items()},
        speakers={key: speaker.id for key, speaker in speakers.items()},
        speaker_names={speaker.id: speaker.name for speaker in (*program.speakers.values(), *speakers.values())},
        track_names={track.id: track.name for track in (*program.tracks, *tracks.values())},
    )
    _remove_sessions([session.id for session in list_removed(comparison, running.decisions)])
    _apply_sessions(running, rows, renamed, actor, now)
    _add_types(edition_id, [event.kind for event in schedule.events])
    db.session.execute(delete(Speaker).where(Speaker.id.in_(unused_speakers)))
    db.session.execute(delete(Track).where(Track.id.in_(unused_tracks)))


def _apply_sessions(running: _Import, rows: Rows, renamed: set[int], actor: Actor, now: datetime) -> None:
    comparison = running.comparison
    writes = _Writes()
    positions = {event.key: position for position, event in enumerate(comparison.schedule.events)}
    _update_sessions(running, rows, renamed, positions, writes, now)
    _add_sessions(running, rows, positions, writes, now)
    db.session.execute(delete(SessionSpeaker).where(SessionSpeaker.session_id.in_(list(writes.links))))
    if links := [link for listed in writes.links.values() for link in listed]:
        db.session.execute(insert(SessionSpeaker), links)
    place_sessions(actor, comparison.program.edition.id, comparison.placements, writes.places, now)


def _update_sessions(
    running: _Import, rows: Rows, renamed: set[int], positions: dict[str, int], writes: _Writes, now: datetime
) -> None:
    comparison, is_same_source = running.comparison, running.is_same_source
    program, schedule = comparison.program, comparison.schedule
    for each in comparison.matched:
        session, links = each.session, program.links.get(each.session.id, [])
        source = describe_source(each.event, schedule.format) if is_same_source else session.source
        merged = merge_session(program, each, rows, comparison.placements.get(session.id), running.decisions.take, now)
        # Even the same speakers may be named differently in this event.
        if merged.takes_persons or (is_same_source and each.sides["persons"].merge is Merge.SAME):
            writes.links[session.id] = link_speakers(session.id, each.event, rows, links)
        if is_same_source:
            session.position = positions[each.event.key]
        if is_same_source or merged.takes_minutes:
            source = {**source, "has_end": merged.has_end}
        session.source = {**source, "base": merged.base}
        if merged.place is not None:
            writes.places[session.id] = merged.place
        if renamed.intersection(link.speaker_id for link in links):
            update_search_text(program, session, rows)


def _add_sessions(running: _Import, rows: Rows, positions: dict[str, int], writes: _Writes, now: datetime) -> None:
    comparison = running.comparison
    program, schedule = comparison.program, comparison.schedule
    taken = {session.slug for session in program.sessions}
    last = max((session.position for session in program.sessions), default=-1)
    new: list[tuple[Session, ScheduleEvent]] = []
    for number, event in enumerate(comparison.added, start=last + 1):
        position = positions[event.key] if running.is_same_source else number
        new.append((add_session(program.edition.id, event, schedule.format, rows, position, taken, now), event))
    db.session.flush()
    for session, event in new:
        writes.links[session.id] = link_speakers(session.id, event, rows, ())
        if session.starts_at and session.ends_at:
            writes.places[session.id] = Placement(
                session_id=session.id,
                edition_id=session.edition_id,
                room_id=session.room_id,
                starts_at=session.starts_at,
                ends_at=session.ends_at,
            )


def _apply_speakers(running: _Import) -> dict[str, Speaker]:
    comparison, schedule = running.comparison, running.comparison.schedule
    program = comparison.program
    known = {each.person.key: each.speaker.id for each in comparison.speakers}
    matched = {each.person.key: each for each in comparison.speakers}
    # A file in another format may have one name for two people: then nobody new is added as long as nothing changes.
    needed = {person.key for event in _list_events_taken(running) for person in event.persons}
    persons = [each for each in schedule.persons if running.is_same_source or each.key in known or each.key in needed]
    speakers = add_missing(Speaker, program.edition.id, program.speakers.values(), persons, known)
    for position, person in enumerate(persons):
        speaker = speakers[person.key]
        base: dict[str, Any] = {"name": person.name, "biography": person.biography}
        if person.key in matched:
            base = _merge_speaker(matched[person.key], running.decisions)
        else:
            speaker.biography = person.biography
            speaker.external_id = person.key[:200]
        # What a file has is public at once.
        speaker.is_public = True
        if running.is_same_source:
            speaker.position = position
            speaker.external_id = person.key[:200]
        if running.is_same_source or not speaker.source:
            raw = {"key": person.key, "format": schedule.format, "raw": person.raw}
            speaker.source = {**raw, **base}
        else:
            speaker.source = {**speaker.source, **base}
        speaker.email = speaker.email or _address_of(person)
        speaker.search_text = search_text(*speaker.name.values())
    db.session.flush()
    return speakers


def _address_of(person: SchedulePerson) -> str:
    """Return the e-mail address of a speaker in the file; empty if it has none that can be written to."""
    try:
        return check_email(person.email) if person.email else ""
    except Invalid:
        return ""


def _list_events_taken(running: _Import) -> list[ScheduleEvent]:
    """Return the events whose speakers are used: those of new sessions, and of sessions that take them."""
    take = running.decisions.take
    return [
        *running.comparison.added,
        *(
            each.event
            for each in running.comparison.matched
            if uses_file_value(each.sides["persons"], field_id("session", each.session.id, "persons"), take)
        ),
    ]


def _merge_speaker(each: MatchedSpeaker, decisions: ImportDecisions) -> dict[str, Any]:
    """Update a speaker, and return what the file is now known to say about them."""
    speaker = each.speaker
    base: dict[str, Any] = {}
    for name, side in each.sides.items():
        current = getattr(speaker, name)
        before = speaker.source.get(name, current)
        merged = merge_texts(current, side.ours, side.theirs)
        if uses_file_value(side, field_id("speaker", speaker.id, name), decisions.take) and (merged or name != "name"):
            setattr(speaker, name, merged)
        base[name] = next_base(side, before, merged)
    return base


def _remove_sessions(gone: list[int]) -> None:
    for table in DEPENDENTS:
        db.session.execute(delete(table).where(table.session_id.in_(gone)))
    delete_materials(gone)
    db.session.execute(delete(Session).where(Session.id.in_(gone)).execution_options(synchronize_session="fetch"))


def _add_types(edition_id: int, kinds: list[str]) -> None:
    """Add the types of session that the edition does not have yet, under the names that the file uses."""
    known = set(db.session.scalars(select(SessionType.code).where(SessionType.edition_id == edition_id)))
    new = [kind for kind in dict.fromkeys(kinds) if kind and kind not in known]
    for position, kind in enumerate(new, start=len(known)):
        db.session.add(SessionType(edition_id=edition_id, code=kind, name=name_kind(kind), position=position))


def _store_source(running: _Import, now: datetime) -> None:
    schedule, source = running.comparison.schedule, running.comparison.program.source
    edition_id = running.comparison.program.edition.id
    if source is not None and running.decisions.mode is ImportMode.UPDATE:
        source.imported_at = now
        return
    if source is None:
        source = ScheduleSource(edition_id=edition_id, format=schedule.format, document={}, imported_at=now)
        db.session.add(source)
    source.format = schedule.format
    source.imported_at = now
    source.document = {
        "title": schedule.title,
        "acronym": schedule.acronym,
        "version": schedule.version,
        "base_url": schedule.base_url,
        "zone": schedule.zone.key,
        "days": [day.isoformat() for day in schedule.days],
        "document": schedule.document,
    }
    db.session.flush()
