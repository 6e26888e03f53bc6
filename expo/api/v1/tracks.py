"""Tracks: list, create, duplicate, rename, delete."""

from http import HTTPStatus

from pydantic import Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Deleted, DeleteQuery, Page, PageQuery, Schema, Texts, TextsIn, example
from expo.api.v1.version import v1
from expo.flows.sessions import change_track, delete_track
from expo.program.queries import TrackRow, get_track, list_all_tracks
from expo.program.rules import TrackRequest
from expo.program.services import create_track
from expo.pure.copies import name_copy

GROUP = "Programme"


class TrackIn(Schema):
    """A track."""

    model_config = example(name={"en": "Smart cities", "zh": "智慧城市"})

    name: TextsIn


class TrackChangeIn(Schema):
    """What differs in a copy."""

    model_config = example(name={"en": "Smart cities 2", "zh": "智慧城市二"})

    name: TextsIn = Field(default_factory=dict)


class TrackOut(Schema):
    """A track."""

    id: str
    version: str = Field(description="Also the ETag; send it as If-Match with a change")
    name: Texts


@v1.route("GET", "/tracks", group=GROUP)
def get_tracks(call: Call, query: PageQuery) -> Page[TrackOut]:
    """List tracks."""
    after = read_cursor(query.cursor) or 0
    rows = sorted((row for row in list_all_tracks(call.edition_id) if row.id > after), key=lambda row: row.id)
    page = rows[: query.limit]
    return Page[TrackOut](
        items=[_out(row) for row in page], next=write_cursor(page[-1].id) if len(rows) > query.limit else None
    )


@v1.route("GET", "/tracks/<id>", group=GROUP)
def get_one_track(call: Call, id: str) -> TrackOut:  # noqa: A002 - the name in the address
    """Get a track."""
    return _out(get_track(call.edition_id, id))


@v1.route(
    "POST",
    "/tracks",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_track(call: Call, body: TrackIn) -> TrackOut:
    """Create a track after the others. 409 `track_exists` if the name is taken."""
    slug = create_track(call.actor, call.edition_id, TrackRequest(body.name), call.now)
    return _out(get_track(call.edition_id, slug))


@v1.route(
    "POST",
    "/tracks/<id>/duplicate",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_copy_of_track(call: Call, id: str, body: TrackChangeIn) -> TrackOut:  # noqa: A002 - the name in the address
    """Create a track like another, without its sessions. Without a name, the copy is numbered."""
    before = get_track(call.edition_id, id)
    name = body.name or name_copy(before.name, [each.name for each in list_all_tracks(call.edition_id)])
    slug = create_track(call.actor, call.edition_id, TrackRequest(name), call.now)
    return _out(get_track(call.edition_id, slug))


@v1.route("PATCH", "/tracks/<id>", group=GROUP, permission=Permission.PROGRAM_MANAGE, refusals=(HTTPStatus.CONFLICT,))
def patch_track(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: TrackIn,
    version: str | None,
) -> TrackOut:
    """Rename a track; its id stays."""
    change_track(call.actor, call.edition_id, id, TrackRequest(body.name), version, call.now)
    return _out(get_track(call.edition_id, id))


@v1.route("DELETE", "/tracks/<id>", group=GROUP, permission=Permission.PROGRAM_MANAGE, refusals=(HTTPStatus.CONFLICT,))
def remove_track(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    query: DeleteQuery,
    version: str | None,
) -> Deleted:
    """Delete a track. 409 `track_in_use` if it has sessions, unless `cascade` is true: then they have none."""
    delete_track(call.actor, call.edition_id, id, version, call.now, with_uses=query.cascade)
    return Deleted(id=id)


def _out(row: TrackRow) -> TrackOut:
    return TrackOut(id=row.slug, version=row.version, name=row.name)
