"""One session in any state: read, create, duplicate, change, cancel, reinstate, delete."""

from dataclasses import replace
from datetime import date
from http import HTTPStatus

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.schemas import Deleted, DeleteQuery, LinkIn, LinkOut, Schema, Text, Texts, TextsIn, example
from expo.api.v1.program import Named
from expo.api.v1.version import v1
from expo.flows.sessions import change_session, create_session, duplicate_session
from expo.infra.addresses import public_url
from expo.program.queries import DraftPage, get_any_session, get_session_for, list_materials
from expo.program.rules import Link, SessionRequest, SessionState, SpeakerPart, SpeakerRole
from expo.program.services import cancel_session, delete_session, reinstate_session

GROUP = "Programme"


class SpeakerPartIn(Schema):
    """A speaker of a session."""

    id: Text = Field(description="Id of a speaker")
    role: SpeakerRole = SpeakerRole.SPEAKER


class SpeakerPartOut(Schema):
    """A speaker of a session."""

    id: str
    name: Texts
    role: SpeakerRole


class SessionChangeIn(Schema):
    """The fields to change; omitted ones stay unchanged. Texts and lists are replaced as a whole."""

    model_config = example(title={"en": "Open data for cities", "zh": "城市开放数据"}, track="smart-cities")

    title: TextsIn = Field(default_factory=dict)
    subtitle: TextsIn = Field(default_factory=dict)
    abstract: TextsIn = Field(default_factory=dict, description="Markdown")
    description: TextsIn = Field(default_factory=dict, description="Markdown")
    kind: Text = Field("", description="Code of a session type")
    track: Text | None = Field(None, description="Id of a track")
    tags: list[Text] = Field(default_factory=list)
    language: Text = ""
    interpretation: list[Text] = Field(default_factory=list, description="Languages into which it is interpreted")
    level: Text = Field("", description="all, beginner, intermediate, advanced, or the programme's own")
    speakers: list[SpeakerPartIn] = Field(default_factory=list, description="In the order in which they are shown")
    links: list[LinkIn] = Field(default_factory=list)
    attachments: list[LinkIn] = Field(default_factory=list, description="Slides and other materials")
    stream_url: Text = Field("", description="https only")
    recording_url: Text = Field("", description="https only")
    seat_limit: int | None = Field(None, ge=1, description="Seats that attendees can reserve; null if none")
    expected_audience: int | None = Field(None, ge=1)
    needs: list[Text] = Field(default_factory=list, description="Equipment that the room must have")
    takes_all_rooms: bool = False
    is_recording_refused: bool = False
    notes: Text = Field("", description="For the team only")


class SessionIn(SessionChangeIn):
    """A new session. It is a draft until a timetable with it is published."""

    title: TextsIn


class FileOut(Schema):
    """A file that visitors download from the session's page once the session is public."""

    name: str
    title: str
    media_type: str
    size: int = Field(description="Bytes")
    url: str


class SessionDetailOut(Schema):
    """A session with everything that organizers enter."""

    id: str
    version: str = Field(description="Also the ETag; send it as If-Match with a change")
    state: SessionState
    title: Texts
    subtitle: Texts
    abstract: Texts
    description: Texts
    kind: str
    track: Named | None
    tags: list[str]
    language: str
    interpretation: list[str]
    level: str
    speakers: list[SpeakerPartOut]
    links: list[LinkOut]
    attachments: list[LinkOut]
    files: list[FileOut] = Field(description="Uploaded slides, handouts and pictures")
    stream_url: str
    recording_url: str
    seat_limit: int | None
    expected_audience: int | None
    needs: list[str]
    takes_all_rooms: bool
    is_recording_refused: bool
    notes: str
    day: date | None
    starts_at: AwareDatetime | None = Field(description="As published; null until then")
    ends_at: AwareDatetime | None
    room: Named | None


@v1.route("GET", "/sessions/<id>", group=GROUP, permission=Permission.PROGRAM_READ)
def get_one_session(call: Call, id: str) -> SessionDetailOut:  # noqa: A002 - the name in the address
    """Get a session. Drafts and internal values (such as notes) require `program.manage`."""
    return _out(get_session_for(call.actor, call.edition_id, id))


@v1.route("POST", "/sessions", group=GROUP, permission=Permission.PROGRAM_MANAGE, status=HTTPStatus.CREATED)
def post_session(call: Call, body: SessionIn) -> SessionDetailOut:
    """Create a session as a draft."""
    slug = create_session(call.actor, call.edition_id, _merge(SessionRequest({}, {}, {}, {}), body), call.now)
    return _out(get_any_session(call.edition_id, slug))


@v1.route(
    "POST",
    "/sessions/<id>/duplicate",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    status=HTTPStatus.CREATED,
)
def post_copy_of_session(call: Call, id: str) -> SessionDetailOut:  # noqa: A002 - the name in the address
    """Create a draft with the values of a session, but without its place, recording and files."""
    slug = duplicate_session(call.actor, call.edition_id, id, call.now)
    return _out(get_any_session(call.edition_id, slug))


@v1.route("PATCH", "/sessions/<id>", group=GROUP, permission=Permission.PROGRAM_MANAGE)
def patch_session(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: SessionChangeIn,
    version: str | None,
) -> SessionDetailOut:
    """Update a session. If it is published, the change is public at once."""
    before = _to_request(get_any_session(call.edition_id, id))
    change_session(call.actor, call.edition_id, id, _merge(before, body), version, call.now)
    return _out(get_any_session(call.edition_id, id))


@v1.route(
    "POST",
    "/sessions/<id>/cancel",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_cancellation(call: Call, id: str, version: str | None) -> SessionDetailOut:  # noqa: A002 - as above
    """Cancel a published session; it stays visible as cancelled."""
    cancel_session(call.actor, call.edition_id, id, version, call.now)
    return _out(get_any_session(call.edition_id, id))


@v1.route(
    "POST",
    "/sessions/<id>/reinstate",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_reinstatement(call: Call, id: str, version: str | None) -> SessionDetailOut:  # noqa: A002 - as above
    """Undo the cancellation of a session."""
    reinstate_session(call.actor, call.edition_id, id, version, call.now)
    return _out(get_any_session(call.edition_id, id))


@v1.route(
    "DELETE",
    "/sessions/<id>",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def remove_session(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    query: DeleteQuery,
    version: str | None,
) -> Deleted:
    """Delete a session. 409 `session_in_use` if attendees chose it, unless `cascade` is true."""
    delete_session(call.actor, call.edition_id, id, version, call.now, with_uses=query.cascade)
    return Deleted(id=id)


def _to_request(page: DraftPage) -> SessionRequest:
    row = page.row
    return SessionRequest(
        title=row.title,
        subtitle=row.subtitle,
        abstract=page.abstract,
        description=page.description,
        kind=row.kind,
        track=row.track.slug if row.track else None,
        tags=row.tags,
        language=row.language,
        interpretation=row.interpretation,
        level=row.level,
        speakers=tuple(SpeakerPart(each.slug, SpeakerRole(each.role)) for each in row.speakers),
        links=tuple(Link(each["url"], each.get("title", "")) for each in row.links),
        attachments=tuple(Link(each["url"], each.get("title", "")) for each in row.attachments),
        stream_url=row.stream_url,
        recording_url=row.recording_url,
        seat_limit=page.seat_limit,
        expected_audience=page.expected_audience,
        needs=page.needs,
        takes_all_rooms=page.takes_all_rooms,
        is_recording_refused=row.is_recording_refused,
        notes=page.notes,
    )


def _merge(before: SessionRequest, body: SessionChangeIn) -> SessionRequest:
    """Return the request with the fields that the body contains."""
    given = {name: getattr(body, name) for name in body.model_fields_set}
    if "speakers" in given:
        given["speakers"] = tuple(SpeakerPart(each.id, each.role) for each in body.speakers)
    for name in {"links", "attachments"} & given.keys():
        given[name] = tuple(Link(each.url, each.title) for each in given[name])
    for name in {"tags", "interpretation", "needs"} & given.keys():
        given[name] = tuple(given[name])
    return replace(before, **given)


def _out(page: DraftPage) -> SessionDetailOut:
    row = page.row
    return SessionDetailOut(
        id=row.slug,
        version=page.version,
        state=SessionState(row.state),
        title=row.title,
        subtitle=row.subtitle,
        abstract=page.abstract,
        description=page.description,
        kind=row.kind,
        track=Named(id=row.track.slug, name=row.track.name) if row.track else None,
        tags=list(row.tags),
        language=row.language,
        interpretation=list(row.interpretation),
        level=row.level,
        speakers=[SpeakerPartOut(id=each.slug, name=each.name, role=SpeakerRole(each.role)) for each in row.speakers],
        links=[LinkOut(url=each["url"], title=each.get("title", "")) for each in row.links],
        attachments=[LinkOut(url=each["url"], title=each.get("title", "")) for each in row.attachments],
        files=[
            FileOut(
                name=each.name,
                title=each.title,
                media_type=each.media_type,
                size=each.size,
                url=public_url(f"/sessions/{row.slug}/files/{each.key}"),
            )
            for each in list_materials(row.id)
        ],
        stream_url=row.stream_url,
        recording_url=row.recording_url,
        seat_limit=page.seat_limit,
        expected_audience=page.expected_audience,
        needs=list(page.needs),
        takes_all_rooms=page.takes_all_rooms,
        is_recording_refused=row.is_recording_refused,
        notes=page.notes,
        day=row.day,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        room=Named(id=row.room.slug, name=row.room.name) if row.room else None,
    )
