"""Reads of sessions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Text, cast, func, select, union
from sqlalchemy.orm import InstrumentedAttribute

from expo.editions.models import Hall, Room
from expo.infra.db import db
from expo.program.errors import SessionMissing
from expo.program.models import Placement, Session, SessionSpeaker, SessionType, Speaker, Track
from expo.program.rules import SessionState, SpeakerRole
from expo.pure.names import search_terms

MAX_LIMIT = 200
Texts = dict[str, str]


@dataclass(frozen=True)
class SpeakerName:
    """A speaker as named in a session."""

    id: int
    slug: str
    name: Texts
    role: str = SpeakerRole.SPEAKER

    @property
    def is_moderator(self) -> bool:
        """Whether they moderate it."""
        return self.role == SpeakerRole.MODERATOR


@dataclass(frozen=True)
class Place:
    """A room with its hall, as named in a session."""

    slug: str
    name: Texts
    capacity: int | None
    hall_name: Texts | None


@dataclass(frozen=True)
class TrackName:
    """A track, with its position among the edition's tracks (for its colour)."""

    slug: str
    name: Texts
    position: int


@dataclass(frozen=True)
class SessionRow:
    """A session as listed."""

    id: int
    slug: str
    title: Texts
    subtitle: Texts
    kind: str
    language: str
    level: str
    day: date | None
    starts_at: datetime | None
    ends_at: datetime | None
    room: Place | None
    track: TrackName | None
    speakers: tuple[SpeakerName, ...] = ()
    links: tuple[dict[str, str], ...] = ()
    attachments: tuple[dict[str, str], ...] = ()
    is_recording_refused: bool = False
    sequence: int = 0
    state: str = SessionState.PUBLISHED
    # The name of its type; empty if the type is only a term of an imported file.
    kind_name: Texts = field(default_factory=dict)
    interpretation: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    stream_url: str = ""
    recording_url: str = ""
    changed_at: datetime | None = None
    # Whether it was at another time or in another room in an earlier published version.
    is_moved: bool = False
    # When it began before it was last moved, taken out of the timetable or cancelled.
    former_start: datetime | None = None

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not be held."""
        return self.state == SessionState.CANCELLED

    @property
    def hall_name(self) -> Texts | None:
        """The hall in which it is held."""
        return self.room.hall_name if self.room else None

    @property
    def minutes(self) -> int | None:
        """Duration in minutes; None while it is not scheduled."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True)
class FormerPlace:
    """Where a session was before it was last moved."""

    starts_at: datetime | None
    room_name: Texts | None


@dataclass(frozen=True)
class SessionPage:
    """A session with all its texts."""

    row: SessionRow
    abstract: Texts
    description: Texts
    former: FormerPlace | None = None


@dataclass(frozen=True)
class SessionFilter:
    """Which sessions to list; None and empty values do not restrict."""

    day: date | None = None
    room: str | None = None
    track: str | None = None
    language: str | None = None
    kind: str | None = None
    level: str | None = None
    q: str = ""
    hall: str | None = None


def list_sessions(edition_id: int, filters: SessionFilter | None = None) -> list[SessionRow]:
    """Return the sessions that match every part of the filter, by time and room."""
    return read_sessions(_apply_filter(edition_id, filters or SessionFilter()))


def list_running_sessions(edition_id: int, filters: SessionFilter, first: datetime, last: datetime) -> list[SessionRow]:
    """Return the sessions that match a filter, began before the first moment and end after the last."""
    return read_sessions(_apply_filter(edition_id, filters).where(Session.starts_at < first, Session.ends_at > last))


def paginate_sessions(
    edition_id: int, filters: SessionFilter, cursor: int | None = None, limit: int = MAX_LIMIT
) -> tuple[list[SessionRow], int | None]:
    """Return the page of sessions after `cursor`, ordered by id, and the next cursor (None at the end)."""
    limit = max(1, min(limit, MAX_LIMIT))
    query = _apply_filter(edition_id, filters).order_by(None).order_by(Session.id).limit(limit + 1)
    if cursor is not None:
        query = query.where(Session.id > cursor)
    rows = read_sessions(query)
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def list_search_words(edition_id: int) -> list[str]:
    """Return the distinct words that find a public session of an edition."""
    texts = db.session.scalars(select(Session.search_text).where(*is_public(edition_id)))
    return sorted({word for text in texts for word in text.split()})


def list_sessions_by_id(edition_id: int, session_ids: Sequence[int]) -> list[SessionRow]:
    """Return an edition's sessions with these ids, in the given order."""
    found = {row.id: row for row in read_sessions(session_query(edition_id).where(Session.id.in_(session_ids)))}
    return [found[session_id] for session_id in session_ids if session_id in found]


def list_sessions_by_slug(edition_id: int, slugs: Sequence[str]) -> list[SessionRow]:
    """Return an edition's public sessions with these slugs, by time; unknown ones are left out."""
    return read_sessions(session_query(edition_id).where(Session.slug.in_(slugs)))


def get_session(edition_id: int, slug: str) -> SessionPage:
    """Return one session with all its texts. Raises SessionMissing."""
    session = db.session.scalars(select(Session).where(*is_public(edition_id), Session.slug == slug)).one_or_none()
    if session is None:
        raise SessionMissing
    [row] = read_sessions(session_query(edition_id).where(Session.id == session.id))
    former = _find_former(session.moved_from) if row.is_moved and session.moved_from else None
    return SessionPage(row, session.abstract, session.description, former)


def _find_former(moved_from: Mapping[str, Any]) -> FormerPlace:
    room_name = db.session.scalar(select(Room.name).where(Room.id == moved_from.get("room_id")))
    return FormerPlace(_former_start(moved_from), room_name)


def count_sessions(edition_id: int) -> int:
    """Return how many sessions an edition has."""
    return db.session.scalar(select(func.count()).select_from(Session).where(*is_public(edition_id))) or 0


def count_sessions_by_room(edition_id: int) -> dict[int, int]:
    """Return the number of sessions in each room, published there or placed there in the draft, by room id."""
    places = union(
        select(Session.room_id.label("room_id"), Session.id.label("session_id")).where(
            Session.edition_id == edition_id, Session.room_id.is_not(None)
        ),
        select(Placement.room_id, Placement.session_id).where(
            Placement.edition_id == edition_id, Placement.room_id.is_not(None)
        ),
    ).subquery()
    rows = db.session.execute(select(places.c.room_id, func.count()).group_by(places.c.room_id))
    return dict(tuple(row) for row in rows)


def is_public(edition_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that select an edition's public sessions: those of the published timetable."""
    return (Session.edition_id == edition_id, Session.state != SessionState.DRAFT)


def session_query(edition_id: int) -> Select[*tuple[Any, ...]]:
    """Return the query for public sessions whose rows `read_sessions` reads, by time and room."""
    return any_session_query(edition_id).where(*is_public(edition_id))


def any_session_query(edition_id: int) -> Select[*tuple[Any, ...]]:
    """Return the query for sessions in every state, drafts included: for organizers only."""
    return select_sessions(Session).where(Session.edition_id == edition_id)


def select_sessions(place: type[Session] | type[Placement]) -> Select[*tuple[Any, ...]]:
    """Return a query over all sessions, with their published (Session) or their draft (Placement) places."""
    query = (
        select(
            Session.id,
            Session.slug,
            _as_text(Session.title),
            _as_text(Session.subtitle),
            Session.kind,
            Session.language,
            Session.level,
            Session.day,
            place.starts_at,
            place.ends_at,
            Room.slug,
            _as_text(Room.name),
            Room.capacity,
            _as_text(Hall.name),
            Track.slug,
            _as_text(Track.name),
            Track.position,
            _as_text(Session.links),
            _as_text(Session.attachments),
            Session.is_recording_refused,
            Session.sequence,
            Session.state,
            _as_text(SessionType.name),
            _as_text(Session.interpretation),
            _as_text(Session.tags),
            Session.stream_url,
            Session.recording_url,
            Session.changed_at,
            _as_text(Session.moved_from),
            place.room_id,
        )
        .select_from(Session)
        .order_by(place.starts_at.is_(None), place.starts_at, Room.position, Session.position, Session.id)
    )
    if place is Placement:
        query = query.outerjoin(Placement, Placement.session_id == Session.id)
    return (
        query.outerjoin(Room, Room.id == place.room_id)
        .outerjoin(Hall, Hall.id == Room.hall_id)
        .outerjoin(Track, Track.id == Session.track_id)
        .outerjoin(SessionType, (SessionType.edition_id == Session.edition_id) & (SessionType.code == Session.kind))
    )


def _apply_filter(edition_id: int, filters: SessionFilter) -> Select[*tuple[Any, ...]]:
    query = session_query(edition_id)
    if filters.day:
        query = query.where(Session.day == filters.day)
    if filters.hall:
        query = query.where(Hall.code == filters.hall)
    if filters.room:
        query = query.where(Room.slug == filters.room)
    if filters.track:
        query = query.where(Track.slug == filters.track)
    if filters.language:
        query = query.where(Session.language == filters.language)
    if filters.kind:
        query = query.where(Session.kind == filters.kind)
    if filters.level:
        query = query.where(Session.level == filters.level)
    for term in search_terms(filters.q):
        query = query.where(Session.search_text.like(f"% {term}%"))
    return query


def read_sessions(query: Select[*tuple[Any, ...]]) -> list[SessionRow]:
    """Return the sessions that a query finds, with their speakers."""
    rows = db.session.execute(query).all()
    shared = _Shared()
    speakers = _speakers_of([row[0] for row in rows], shared)
    return [_session_row(row, tuple(speakers.get(row[0], ())), shared) for row in rows]


def _as_text(column: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """Return a JSON column as text, which `_Shared` reads once where many rows have the same."""
    return cast(column, Text).label(f"{column.class_.__name__}_{column.key}")


class _Shared:
    """What many sessions have in common, such as the names of rooms: made once for all of them."""

    def __init__(self) -> None:
        self._values: dict[str | None, Any] = {None: None}
        self._places: dict[str, Place] = {}
        self._tracks: dict[str, TrackName] = {}

    def read(self, text: str | None) -> Any:
        if text not in self._values:
            self._values[text] = json.loads(text or "null")
        return self._values[text]

    def place(self, slug: str | None, name: str, capacity: int | None, hall_name: str | None) -> Place | None:
        if slug is None:
            return None
        if slug not in self._places:
            self._places[slug] = Place(slug, self.read(name), capacity, self.read(hall_name))
        return self._places[slug]

    def track(self, slug: str | None, name: str, position: int) -> TrackName | None:
        if slug is None:
            return None
        if slug not in self._tracks:
            self._tracks[slug] = TrackName(slug, self.read(name), position)
        return self._tracks[slug]


def _session_row(row: Row[*tuple[Any, ...]], speakers: tuple[SpeakerName, ...], shared: _Shared) -> SessionRow:
    session_id, slug, title, subtitle, kind, language, level, day, starts_at, ends_at, *place = row[:14]
    track_slug, track_name, at, links, attachments, is_recording_refused, sequence, state, *more = row[14:]
    kind_name, interpretation, tags, stream_url, recording_url, changed_at, moved_from, room_id = more
    read = shared.read
    former = read(moved_from)
    return SessionRow(
        id=session_id,
        slug=slug,
        title=read(title),
        subtitle=read(subtitle),
        kind=kind,
        language=language,
        level=level,
        day=day,
        starts_at=starts_at,
        ends_at=ends_at,
        room=shared.place(*place),
        track=shared.track(track_slug, track_name, at),
        speakers=speakers,
        links=tuple(read(links)),
        attachments=tuple(read(attachments)),
        is_recording_refused=is_recording_refused,
        sequence=sequence,
        state=state,
        kind_name=read(kind_name) or {},
        interpretation=tuple(read(interpretation)),
        tags=tuple(read(tags)),
        stream_url=stream_url,
        recording_url=recording_url,
        changed_at=changed_at,
        is_moved=_is_moved(former, starts_at, room_id),
        former_start=_former_start(former),
    )


def _is_moved(moved_from: Mapping[str, Any] | None, starts_at: datetime | None, room_id: int | None) -> bool:
    """Whether a session was elsewhere before; a change of its end alone is not a move."""
    if not moved_from or starts_at is None:
        return False
    return moved_from.get("room_id") != room_id or _former_start(moved_from) != starts_at


def _former_start(moved_from: Mapping[str, Any] | None) -> datetime | None:
    starts_at = (moved_from or {}).get("starts_at")
    return datetime.fromisoformat(starts_at) if starts_at else None


def _speakers_of(session_ids: Sequence[int], shared: _Shared) -> dict[int, list[SpeakerName]]:
    """Return the speakers of each session in their order, in one query; for many sessions it reads all speakers."""
    found: dict[int, list[SpeakerName]] = {}
    query = (
        select(SessionSpeaker.session_id, Speaker.id, Speaker.slug, _as_text(Speaker.name), SessionSpeaker.role)
        .join(Speaker, Speaker.id == SessionSpeaker.speaker_id)
        .where(SessionSpeaker.session_id.in_(session_ids))
        .order_by(SessionSpeaker.session_id, SessionSpeaker.position)
    )
    for session_id, speaker_id, slug, name, role in db.session.execute(query):
        found.setdefault(session_id, []).append(SpeakerName(speaker_id, slug, shared.read(name), role))
    return found
