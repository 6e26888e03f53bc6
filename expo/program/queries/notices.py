"""Reads of the people whom changes of the timetable concern: speakers, former speakers, and attendees."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, Select, and_, func, or_, select, union
from sqlalchemy.orm import aliased

from expo.accounts.models import Person
from expo.infra.db import db
from expo.program.models import AgendaEntry, SeatHold, SessionSpeaker, Speaker, VersionNotice
from expo.program.queries.sessions import Texts
from expo.program.rules import OPEN_STATES
from expo.program.rules.versions import (
    CHANGES_FOR_ATTENDEES,
    CHANGES_FOR_FORMER_SPEAKERS,
    CHANGES_FOR_SPEAKERS,
    VersionChange,
)
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState


@dataclass(frozen=True)
class PersonConcerned:
    """Somebody whom changes concern, as a speaker or because the sessions are on their schedule."""

    # None for a speaker who has an address but no account yet, who is known by `email`, and whose `language` is empty.
    person_id: int | None
    email: str
    language: str
    # As a speaker.
    name: Texts
    as_speaker: tuple[int, ...]
    # Sessions in which they no longer speak.
    as_former_speaker: tuple[int, ...]
    as_attendee: tuple[int, ...]


# The ids in one query.
BATCH = 1_000
# An account, or an address without one.
_Key = tuple[int, str]


def list_people_concerned(edition_id: int, changes: Sequence[VersionChange]) -> list[PersonConcerned]:
    """Return who should learn of changes: present and former speakers, and confirmed attendees by schedule or seat."""
    contacts: dict[_Key, tuple[int | None, str, str, Texts]] = {}
    spoken = _collect(contacts, _speaking(edition_id, changes))
    former = _collect(contacts, _formerly_speaking(edition_id, changes))
    planned = _collect(contacts, _planning(edition_id, changes))
    people = []
    for key in sorted(contacts):
        as_speaker, as_former = spoken[key], former[key] - spoken[key]
        as_attendee = planned[key] - as_speaker
        if as_speaker or as_former or as_attendee:
            sessions = (tuple(sorted(each)) for each in (as_speaker, as_former, as_attendee))
            people.append(PersonConcerned(*contacts[key], *sessions))
    return people


def list_planning(session_ids: Collection[int]) -> dict[int, list[int]]:
    """Return the attendees who have sessions on their schedule or a seat in them, by session."""
    planning: dict[int, list[int]] = defaultdict(list)
    for attendee_id, session_id in db.session.execute(_planned(session_ids).order_by("session_id", "attendee_id")):
        planning[session_id].append(attendee_id)
    return planning


def list_informed(version_id: int) -> set[int]:
    """Return the people who have been notified of a version."""
    return set(db.session.scalars(select(VersionNotice.person_id).where(VersionNotice.version_id == version_id)))


def _collect(contacts: dict[_Key, tuple[int | None, str, str, Texts]], rows: Iterable[Any]) -> dict[_Key, set[int]]:
    sessions: dict[_Key, set[int]] = defaultdict(set)
    for person_id, email, language, name, session_id in rows:
        key = (person_id, "") if person_id is not None else (0, email)
        contacts.setdefault(key, (person_id, email, language, name))
        sessions[key].add(session_id)
    return sessions


def _speaking(edition_id: int, changes: Sequence[VersionChange]) -> Iterable[Any]:
    changed = {change.session_id for change in changes if change.kind in CHANGES_FOR_SPEAKERS}
    query = _contacts_of_speakers(edition_id, SessionSpeaker.session_id)
    return db.session.execute(
        query.join(SessionSpeaker, SessionSpeaker.speaker_id == Speaker.id).where(
            SessionSpeaker.session_id.in_(changed)
        )
    )


def _formerly_speaking(edition_id: int, changes: Sequence[VersionChange]) -> list[tuple[Any, ...]]:
    left: dict[int, set[int]] = defaultdict(set)
    for change in changes:
        if change.kind in CHANGES_FOR_FORMER_SPEAKERS:
            for speaker_id in set(change.speakers_before) - set(change.speakers_after):
                left[speaker_id].add(change.session_id)
    if not left:
        return []
    query = _contacts_of_speakers(edition_id, Speaker.id).where(Speaker.id.in_(left))
    return [(*contact, session_id) for *contact, at in db.session.execute(query) for session_id in left[at]]


def _contacts_of_speakers(edition_id: int, last: Any) -> Select[*tuple[Any, ...]]:
    """Return the query for the contacts of speakers: of their account, or the one at the address that is known."""
    owner = aliased(Person)
    return (
        select(
            func.coalesce(Person.id, owner.id),
            func.coalesce(Person.email, owner.email, Speaker.email),
            func.coalesce(Person.language, owner.language, ""),
            Speaker.name,
            last,
        )
        .select_from(Speaker)
        .outerjoin(Person, Person.id == Speaker.person_id)
        .outerjoin(owner, and_(Speaker.person_id.is_(None), owner.email == Speaker.email))
        .where(Speaker.edition_id == edition_id, or_(Person.id.is_not(None), Speaker.email != ""))
    )


def _planning(edition_id: int, changes: Collection[VersionChange]) -> Iterable[Any]:
    changed = {change.session_id for change in changes if change.kind in CHANGES_FOR_ATTENDEES}
    planning = _planned(changed).subquery()
    rows = db.session.execute(
        select(Attendee.person_id, Attendee.email, Attendee.language, planning.c.session_id)
        .join(planning, planning.c.attendee_id == Attendee.id)
        .where(Attendee.edition_id == edition_id, Attendee.state == AttendeeState.CONFIRMED)
    )
    yield from ((person_id, email, language, {}, session_id) for person_id, email, language, session_id in rows)
    yield from _formerly_planning(edition_id, changes)


def _formerly_planning(edition_id: int, changes: Collection[VersionChange]) -> Iterable[Any]:
    """Return who planned to see sessions that have been deleted: only the version says so."""
    left: dict[int, list[int]] = defaultdict(list)
    for change in changes:
        for attendee_id in change.attendees_before:
            left[attendee_id].append(change.session_id)
    wanted = sorted(left)
    for start in range(0, len(wanted), BATCH):
        rows = db.session.execute(
            select(Attendee.id, Attendee.person_id, Attendee.email, Attendee.language).where(
                Attendee.edition_id == edition_id,
                Attendee.state == AttendeeState.CONFIRMED,
                Attendee.id.in_(wanted[start : start + BATCH]),
            )
        )
        for attendee_id, person_id, email, language in rows:
            yield from ((person_id, email, language, {}, session_id) for session_id in left[attendee_id])


def _planned(session_ids: Collection[int]) -> CompoundSelect[int, int]:
    return union(
        select(AgendaEntry.attendee_id, AgendaEntry.session_id).where(AgendaEntry.session_id.in_(session_ids)),
        select(SeatHold.attendee_id, SeatHold.session_id).where(
            SeatHold.session_id.in_(session_ids), SeatHold.state.in_(OPEN_STATES)
        ),
    )
