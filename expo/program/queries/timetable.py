"""Reads of the draft timetable: everything that its editor shows and checks, and what changed since a revision."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from expo.accounts.models import Person
from expo.accounts.rules import Actor
from expo.editions.models import Hall, Room
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.errors import SessionMissing
from expo.program.models import (
    AgendaEntry,
    Placement,
    Session,
    SessionSpeaker,
    SessionType,
    Speaker,
    Timetable,
    TimetableChange,
    Track,
)
from expo.program.queries.sessions import SpeakerName, Texts, TrackName
from expo.program.rules import SessionState
from expo.program.rules.conflicts import Facts, RoomConstraints, SessionConstraints, Span
from expo.program.rules.timetable import History, Slot, Step, day_begins_at, replay_history, slot_from_json
from expo.proposals.models import Proposal
from expo.pure.periods import read_periods

DEFAULT_MINUTES = 30
# How many changes are read at once.
MAX_CHANGES = 500
# How many of a person's own changes can be undone.
UNDO_STEPS = 100


@dataclass(frozen=True, slots=True)
class DraftRoom:
    """A room of the timetable, with its hall."""

    id: int
    slug: str
    name: Texts
    hall_name: Texts | None
    capacity: int | None


@dataclass(frozen=True, slots=True)
class DraftSession:
    """A session of the draft; `minutes` is how long it lasts, or will usually last once it is placed."""

    id: int
    slug: str
    title: Texts
    kind: str
    state: str
    language: str
    track: TrackName | None
    speakers: tuple[SpeakerName, ...]
    minutes: int
    audience: int | None
    takes_all_rooms: bool
    slot: Slot | None
    published_slot: Slot | None

    @property
    def is_changed(self) -> bool:
        """Whether publishing the draft would move, add or remove the session."""
        return self.slot != self.published_slot


@dataclass(frozen=True)
class Draft:
    """The draft timetable of an edition, and the facts by which it is checked."""

    revision: int
    rooms: dict[int, DraftRoom]
    sessions: dict[int, DraftSession]
    facts: Facts

    @property
    def slots(self) -> dict[int, Slot]:
        """The places of the sessions that have one."""
        return {each.id: each.slot for each in self.sessions.values() if each.slot is not None}

    def get_session(self, slug: str) -> DraftSession:
        """Return the session with this slug. Raises SessionMissing."""
        found = next((each for each in self.sessions.values() if each.slug == slug), None)
        if found is None:
            raise SessionMissing
        return found

    def with_slot(self, session_id: int, slot: Slot | None) -> "Draft":
        """Return the draft with one session elsewhere."""
        moved = replace(self.sessions[session_id], slot=slot)
        return replace(self, sessions={**self.sessions, session_id: moved})


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of one placement, with the name of who made it (empty if unknown)."""

    revision: int
    session_id: int
    slot: Slot | None
    changed_by: int | None
    name: str


def read_draft(edition: EditionFacts, around: Collection[int] | None = None) -> Draft:
    """Return the draft: all sessions that are not cancelled, by start.

    With `around` it has only these sessions and those near them in time, which is enough to check them and a tenth of
    the work.
    """
    timetable = db.session.execute(
        select(Timetable.revision, Timetable.walking_minutes, Timetable.buffer_minutes).where(
            Timetable.edition_id == edition.id
        )
    ).one_or_none()
    revision, walking, buffer = timetable or (0, 10, 0)
    near = None if around is None else _is_near(around, timedelta(minutes=max(walking, buffer)))
    rows = _read_rows(edition.id, near)
    ids = None if around is None else [row.id for row in rows]
    rooms, room_constraints = _read_rooms(edition.id)
    speakers, unavailable = _read_speakers(edition.id, ids)
    sessions, constraints = _check_rows(rows, speakers, _count_agendas(edition.id, around))
    facts = Facts(
        days=Span(
            day_begins_at(edition.starts_on, edition.zone),
            day_begins_at(edition.ends_on + timedelta(days=1), edition.zone),
        ),
        rooms=room_constraints,
        sessions=constraints,
        unavailable=unavailable,
        walking=timedelta(minutes=walking),
        buffer=timedelta(minutes=buffer),
    )
    return Draft(revision, rooms, sessions, facts)


def _is_near(session_ids: Collection[int], margin: timedelta) -> ColumnElement[bool]:
    """Return the condition for sessions that are these, or not further from them in time than `margin`."""
    first, last = db.session.execute(
        select(func.min(Placement.starts_at), func.max(Placement.ends_at)).where(Placement.session_id.in_(session_ids))
    ).one()
    these = Session.id.in_(session_ids)
    if not first:  # none of them is placed
        return these
    return or_(these, and_(Placement.starts_at <= last + margin, Placement.ends_at >= first - margin))


def list_changes(edition_id: int, since: int) -> list[ChangeRow]:
    """Return the changes after a revision, oldest first, at most MAX_CHANGES of them."""
    rows = db.session.execute(
        select(
            TimetableChange.revision,
            TimetableChange.session_id,
            TimetableChange.after,
            TimetableChange.changed_by,
            Person.name,
            Person.email,
        )
        .outerjoin(Person, Person.id == TimetableChange.changed_by)
        .where(TimetableChange.edition_id == edition_id, TimetableChange.revision > since)
        .order_by(TimetableChange.revision)
        .limit(MAX_CHANGES)
    )
    return [
        ChangeRow(revision, session_id, slot_from_json(after), changed_by, name or email or "")
        for revision, session_id, after, changed_by, name, email in rows
    ]


def read_history(actor: Actor, edition_id: int) -> History:
    """Return what the actor can undo and redo."""
    if actor.kind != "person":
        return History()
    rows = db.session.execute(
        select(TimetableChange.revision, TimetableChange.undoes)
        .where(TimetableChange.edition_id == edition_id, TimetableChange.changed_by == actor.id)
        .order_by(TimetableChange.revision.desc())
        .limit(UNDO_STEPS)
    ).all()
    return replay_history(Step(revision, undoes) for revision, undoes in reversed(rows))


def _read_rooms(edition_id: int) -> tuple[dict[int, DraftRoom], dict[int, RoomConstraints]]:
    rows = db.session.execute(
        select(Room.id, Room.slug, Room.name, Hall.name, Room.capacity, Room.hall_id, Room.equipment, Room.unavailable)
        .outerjoin(Hall, Hall.id == Room.hall_id)
        .where(Room.edition_id == edition_id)
        .order_by(Room.position, Room.id)
    ).all()
    shown = {row[0]: DraftRoom(*row[:5]) for row in rows}
    constraints = {
        row[0]: RoomConstraints(row.hall_id, row.capacity, _words(row.equipment), _spans(row.unavailable))
        for row in rows
    }
    return shown, constraints


def _read_speakers(
    edition_id: int, session_ids: Collection[int] | None
) -> tuple[dict[int, list[SpeakerName]], dict[int, list[Span]]]:
    """Return the speakers of each session, moderators too, and when speakers cannot speak."""
    query = (
        select(SessionSpeaker.session_id, Speaker.id, Speaker.slug, Speaker.name, Speaker.unavailable)
        .join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
        .where(Speaker.edition_id == edition_id)
        .order_by(SessionSpeaker.session_id, SessionSpeaker.position)
    )
    if session_ids is not None:
        query = query.where(SessionSpeaker.session_id.in_(session_ids))
    speakers: dict[int, list[SpeakerName]] = {}
    unavailable: dict[int, list[Span]] = {}
    for session_id, speaker_id, slug, name, spans in db.session.execute(query):
        speakers.setdefault(session_id, []).append(SpeakerName(speaker_id, slug, name))
        if spans:
            unavailable[speaker_id] = list(_spans(spans))
    return speakers, unavailable


def _read_rows(edition_id: int, near: ColumnElement[bool] | None) -> Sequence[Any]:
    query = (
        select(
            Session.id,
            Session.slug,
            Session.title,
            Session.kind,
            Session.state,
            Session.language,
            Session.interpretation,
            Session.needs,
            Session.expected_audience,
            Session.seat_limit,
            Session.takes_all_rooms,
            Session.room_id.label("published_room_id"),
            Session.starts_at.label("published_from"),
            Session.ends_at.label("published_until"),
            Track.id.label("track_id"),
            Track.slug.label("track_slug"),
            Track.name.label("track_name"),
            Track.position.label("track_position"),
            SessionType.minutes.label("usual_minutes"),
            SessionType.is_break,
            Proposal.minutes.label("proposed_minutes"),
            Placement.session_id.label("placed_id"),
            Placement.room_id,
            Placement.starts_at,
            Placement.ends_at,
        )
        .outerjoin(Track, Track.id == Session.track_id)
        .outerjoin(SessionType, (SessionType.edition_id == Session.edition_id) & (SessionType.code == Session.kind))
        .outerjoin(Proposal, Proposal.id == Session.proposal_id)
        .outerjoin(Placement, Placement.session_id == Session.id)
        .where(Session.edition_id == edition_id, Session.state != SessionState.CANCELLED)
        .order_by(Placement.starts_at, Session.position, Session.id)
    )
    return db.session.execute(query if near is None else query.where(near)).all()


def _check_rows(
    rows: Sequence[Any], speakers: Mapping[int, list[SpeakerName]], agendas: Mapping[int, int]
) -> tuple[dict[int, DraftSession], dict[int, SessionConstraints]]:
    """Return the sessions as they are shown and as they are checked."""
    shown, constraints = {}, {}
    for row in rows:
        slot = Slot(row.room_id, row.starts_at, row.ends_at) if row.placed_id is not None else None
        own = tuple(speakers.get(row.id, ()))
        audience = next(
            (each for each in (row.expected_audience, row.seat_limit, agendas.get(row.id)) if each is not None), None
        )
        track = TrackName(row.track_slug, row.track_name, row.track_position) if row.track_id is not None else None
        shown[row.id] = DraftSession(
            row.id, row.slug, row.title, row.kind, row.state, row.language, track, own, _minutes_of(row, slot),
            audience, row.takes_all_rooms, slot, _published_slot(row),
        )  # fmt: skip
        constraints[row.id] = SessionConstraints(
            track_id=row.track_id,
            speakers=frozenset(each.id for each in own),
            needs=_words(row.needs),
            is_interpreted=bool(row.interpretation),
            audience=audience,
            takes_all_rooms=row.takes_all_rooms,
            is_break=bool(row.is_break),
        )
    return shown, constraints


def _minutes_of(row: Any, slot: Slot | None) -> int:
    """Return how long a session lasts in the draft, lasted when it was published, or will probably last."""
    if slot is not None:
        return _whole_minutes(slot.starts_at, slot.ends_at)
    if row.published_from is not None and row.published_until is not None and row.published_until > row.published_from:
        return _whole_minutes(row.published_from, row.published_until)
    return row.proposed_minutes or row.usual_minutes or DEFAULT_MINUTES


def _published_slot(row: Any) -> Slot | None:
    if row.published_from is None:
        return None
    return Slot(row.published_room_id, row.published_from, row.published_until or row.published_from)


def _whole_minutes(begins: datetime, ends: datetime) -> int:
    return int((ends - begins).total_seconds() // 60)


def _count_agendas(edition_id: int, session_ids: Collection[int] | None) -> dict[int, int]:
    """Return how many attendees have each session on their agenda."""
    query = (
        select(AgendaEntry.session_id, func.count())
        .join(Session, Session.id == AgendaEntry.session_id)
        .where(Session.edition_id == edition_id)
        .group_by(AgendaEntry.session_id)
    )
    if session_ids is not None:
        query = query.where(AgendaEntry.session_id.in_(session_ids))
    return {session_id: count for session_id, count in db.session.execute(query)}  # noqa: C416 - a row is not a pair


def _spans(stored: Iterable[Mapping[str, str]]) -> tuple[Span, ...]:
    """Return the times that a room or speaker is unavailable."""
    return tuple(Span(each.start, each.end) for each in read_periods(stored))


def _words(equipment: Iterable[str]) -> frozenset[str]:
    """Return equipment as it is compared: organizers type it in upper or lower case."""
    return frozenset(each.strip().casefold() for each in equipment)
