"""The programme in lists: sessions, speakers and rooms."""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission, require
from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Page, PageQuery, Schema, Text, Texts
from expo.api.v1.version import v1
from expo.editions.queries import RoomRow, list_rooms
from expo.program.queries import (
    UNPLACED,
    DraftFilter,
    SessionFilter,
    SessionRow,
    SpeakerRow,
    paginate_all_sessions,
    paginate_sessions,
    paginate_speakers,
)
from expo.program.rules import SessionState


class SessionListState(StrEnum):
    """A state of sessions, or that of those without a place."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    UNPLACED = UNPLACED


class SessionQuery(PageQuery):
    """Filters for sessions; omitted ones do not apply."""

    state: SessionListState | None = Field(
        None, description="draft and unplaced (in no draft timetable) require `program.manage`"
    )
    day: date | None = None
    room: Text | None = Field(None, description="Id of a room")
    hall: Text | None = Field(None, description="Code of a hall")
    track: Text | None = Field(None, description="Id of a track")
    kind: Text | None = Field(None, description="Code of a session type")
    language: Text | None = None
    level: Text | None = Field(None, description="all, beginner, intermediate, advanced, or the programme's own")
    q: Text = Field("", max_length=200, description="Words from the title, speakers or abstract")


class Named(Schema):
    """An item with an id and a name."""

    id: str
    name: Texts


class SessionOut(Schema):
    """A session. If it has no time or room, it is not scheduled yet."""

    id: str
    state: SessionState
    title: Texts
    subtitle: Texts
    kind: str
    language: str
    level: str
    day: date | None
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    room: Named | None
    track: Named | None
    speakers: list[Named]


class SpeakerOut(Schema):
    """A speaker."""

    id: str
    name: Texts
    session_count: int


class HallOut(Schema):
    """A hall."""

    code: str
    name: Texts


class RoomOut(Schema):
    """A room."""

    id: str
    name: Texts
    capacity: int | None
    hall: HallOut | None


INTERNAL_STATES = frozenset({SessionListState.DRAFT, SessionListState.UNPLACED})


@v1.route("GET", "/sessions", group="Programme")
def get_sessions(call: Call, query: SessionQuery) -> Page[SessionOut]:
    """List sessions: without `state`, the public ones."""
    shared = query.model_dump(exclude={"state", "cursor", "limit"})
    cursor = read_cursor(query.cursor)
    if query.state is None:
        rows, after = paginate_sessions(call.edition_id, SessionFilter(**shared), cursor, query.limit)
    else:
        if query.state in INTERNAL_STATES:
            require(call.actor, Permission.PROGRAM_MANAGE, call.edition_id)
        wanted = DraftFilter(state=query.state.value, **shared)
        rows, after = paginate_all_sessions(call.edition_id, wanted, cursor, query.limit)
    return Page[SessionOut](items=[session_out(row) for row in rows], next=write_cursor(after))


@v1.route("GET", "/speakers", group="Programme")
def get_speakers(call: Call, query: PageQuery) -> Page[SpeakerOut]:
    """List speakers."""
    rows, after = paginate_speakers(call.edition_id, read_cursor(query.cursor), query.limit)
    return Page[SpeakerOut](items=[_speaker_out(row) for row in rows], next=write_cursor(after))


@v1.route("GET", "/rooms", group="Programme")
def get_rooms(call: Call, query: PageQuery) -> Page[RoomOut]:
    """List rooms."""
    after = read_cursor(query.cursor) or 0
    rows = sorted((row for row in list_rooms(call.edition_id) if row.id > after), key=lambda row: row.id)
    page = rows[: query.limit]
    return Page[RoomOut](
        items=[_room_out(row) for row in page],
        next=write_cursor(page[-1].id) if len(rows) > query.limit else None,
    )


def session_out(row: SessionRow) -> SessionOut:
    """Return a session as it is sent."""
    return SessionOut(
        id=row.slug,
        state=SessionState(row.state),
        title=row.title,
        subtitle=row.subtitle,
        kind=row.kind,
        language=row.language,
        level=row.level,
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        room=Named(id=row.room.slug, name=row.room.name) if row.room else None,
        track=Named(id=row.track.slug, name=row.track.name) if row.track else None,
        speakers=[Named(id=each.slug, name=each.name) for each in row.speakers],
    )


def _speaker_out(row: SpeakerRow) -> SpeakerOut:
    return SpeakerOut(id=row.slug, name=row.name, session_count=row.session_count)


def _room_out(row: RoomRow) -> RoomOut:
    hall = HallOut(code=row.hall.code, name=row.hall.name) if row.hall else None
    return RoomOut(id=row.slug, name=row.name, capacity=row.capacity, hall=hall)
