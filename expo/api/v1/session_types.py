"""Session types: list, create, duplicate, change, delete."""

from dataclasses import replace
from http import HTTPStatus

from pydantic import Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Deleted, DeleteQuery, Page, PageQuery, Schema, Texts, TextsIn, example
from expo.api.v1.version import v1
from expo.program.queries import TypeRow, get_type, list_types
from expo.program.rules import TypeRequest
from expo.program.services import change_type, create_type, delete_type
from expo.pure.copies import name_copy

GROUP = "Programme"


class SessionTypeChangeIn(Schema):
    """The fields to change; omitted ones stay unchanged."""

    model_config = example(name={"en": "Workshop", "zh": "工作坊"}, minutes=90)

    name: TextsIn = Field(default_factory=dict)
    minutes: int | None = Field(None, ge=1, description="The usual duration")
    is_break: bool = Field(False, description="Breaks have no speakers and no reservations")


class SessionTypeIn(SessionTypeChangeIn):
    """A new session type."""

    name: TextsIn


class SessionTypeOut(Schema):
    """A session type; `id` is the `kind` of its sessions."""

    id: str
    version: str = Field(description="Also the ETag; send it as If-Match with a change")
    name: Texts
    minutes: int | None
    is_break: bool


@v1.route("GET", "/session-types", group=GROUP)
def get_session_types(call: Call, query: PageQuery) -> Page[SessionTypeOut]:
    """List session types."""
    after = read_cursor(query.cursor) or 0
    rows = sorted((row for row in list_types(call.edition_id) if row.id > after), key=lambda row: row.id)
    page = rows[: query.limit]
    return Page[SessionTypeOut](
        items=[_out(row) for row in page], next=write_cursor(page[-1].id) if len(rows) > query.limit else None
    )


@v1.route("GET", "/session-types/<id>", group=GROUP)
def get_one_session_type(call: Call, id: str) -> SessionTypeOut:  # noqa: A002 - the name in the address
    """Get a session type."""
    return _out(get_type(call.edition_id, id))


@v1.route(
    "POST",
    "/session-types",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_session_type(call: Call, body: SessionTypeIn) -> SessionTypeOut:
    """Create a session type after the others. 409 `session_type_exists` if the name is taken."""
    code = create_type(call.actor, call.edition_id, TypeRequest(body.name, body.minutes, body.is_break), call.now)
    return _out(get_type(call.edition_id, code))


@v1.route(
    "POST",
    "/session-types/<id>/duplicate",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_copy_of_session_type(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: SessionTypeChangeIn,
) -> SessionTypeOut:
    """Create a session type with the values of another, except for those in the body.

    Without a name, the copy is numbered.
    """
    before = get_type(call.edition_id, id)
    copy = replace(before, name=name_copy(before.name, [each.name for each in list_types(call.edition_id)]))
    code = create_type(call.actor, call.edition_id, _merge(copy, body), call.now)
    return _out(get_type(call.edition_id, code))


@v1.route(
    "PATCH",
    "/session-types/<id>",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def patch_session_type(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: SessionTypeChangeIn,
    version: str | None,
) -> SessionTypeOut:
    """Update a session type; its id stays."""
    request = _merge(get_type(call.edition_id, id), body)
    change_type(call.actor, call.edition_id, id, request, version, call.now)
    return _out(get_type(call.edition_id, id))


@v1.route(
    "DELETE",
    "/session-types/<id>",
    group=GROUP,
    permission=Permission.PROGRAM_MANAGE,
    refusals=(HTTPStatus.CONFLICT,),
)
def remove_session_type(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    query: DeleteQuery,
    version: str | None,
) -> Deleted:
    """Delete a session type. 409 `session_type_in_use` if it has sessions, unless `cascade` is true."""
    delete_type(call.actor, call.edition_id, id, version, call.now, with_uses=query.cascade)
    return Deleted(id=id)


def _merge(before: TypeRow, body: SessionTypeChangeIn) -> TypeRequest:
    """Return the requested values: those of the body, and otherwise those of before."""
    given = body.model_fields_set
    return TypeRequest(
        name=body.name if "name" in given else before.name,
        minutes=body.minutes if "minutes" in given else before.minutes,
        is_break=body.is_break if "is_break" in given else before.is_break,
    )


def _out(row: TypeRow) -> SessionTypeOut:
    return SessionTypeOut(id=row.code, version=row.version, name=row.name, minutes=row.minutes, is_break=row.is_break)
