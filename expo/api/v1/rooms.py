"""Rooms: read one, create, duplicate, change, delete."""

from dataclasses import replace
from http import HTTPStatus

from pydantic import Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.schemas import Deleted, PeriodIn, PeriodOut, Schema, Text, Texts, TextsIn, example
from expo.api.v1.program import HallOut
from expo.api.v1.version import v1
from expo.editions.queries import RoomRow, list_halls, list_rooms
from expo.editions.rules import RoomRequest
from expo.editions.services import change_room, create_room
from expo.errors import Invalid, Missing
from expo.flows.venue import delete_room
from expo.pure.copies import name_copy
from expo.pure.periods import Period
from expo.pure.versions import require_version

GROUP = "Programme"


class RoomChangeIn(Schema):
    """The fields to change; omitted ones stay unchanged. Lists are replaced as a whole."""

    model_config = example(name={"en": "Room 201", "zh": "201 会议室"}, capacity=120, equipment=["projector"])

    name: TextsIn = Field(default_factory=dict)
    hall: Text | None = Field(None, description="Code of a hall")
    capacity: int | None = Field(None, ge=1)
    equipment: list[Text] = Field(default_factory=list, description="What sessions may need here")
    unavailable: list[PeriodIn] = Field(default_factory=list)


class RoomIn(RoomChangeIn):
    """A new room."""

    name: TextsIn


class RoomDetailOut(Schema):
    """A room with its equipment and the periods in which it is not available."""

    id: str
    version: str = Field(description="Also the ETag; send it as If-Match with a change")
    name: Texts
    hall: HallOut | None
    capacity: int | None
    equipment: list[str]
    unavailable: list[PeriodOut]


@v1.route("GET", "/rooms/<id>", group=GROUP)
def get_one_room(call: Call, id: str) -> RoomDetailOut:  # noqa: A002 - the name in the address
    """Get a room."""
    return _out(_get_room(call.edition_id, id))


@v1.route(
    "POST",
    "/rooms",
    group=GROUP,
    permission=Permission.EDITION_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_room(call: Call, body: RoomIn) -> RoomDetailOut:
    """Create a room after the others. 409 `room_exists` if its hall has one with the same name."""
    request = _to_request(call.edition_id, body, None)
    room_id = create_room(call.actor, call.edition_id, request, call.now)
    return _out(next(each for each in list_rooms(call.edition_id) if each.id == room_id))


@v1.route(
    "POST",
    "/rooms/<id>/duplicate",
    group=GROUP,
    permission=Permission.EDITION_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_copy_of_room(call: Call, id: str, body: RoomChangeIn) -> RoomDetailOut:  # noqa: A002 - as above
    """Create a room with the values of another, except for those in the body.

    Without a name, the copy is numbered.
    """
    before = _get_room(call.edition_id, id)
    copy = replace(before, name=name_copy(before.name, [each.name for each in list_rooms(call.edition_id)]))
    room_id = create_room(call.actor, call.edition_id, _to_request(call.edition_id, body, copy), call.now)
    return _out(next(each for each in list_rooms(call.edition_id) if each.id == room_id))


@v1.route("PATCH", "/rooms/<id>", group=GROUP, permission=Permission.EDITION_MANAGE, refusals=(HTTPStatus.CONFLICT,))
def patch_room(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: RoomChangeIn,
    version: str | None,
) -> RoomDetailOut:
    """Update a room; its id stays."""
    before = _get_room(call.edition_id, id)
    request = _to_request(call.edition_id, body, before)
    change_room(call.actor, call.edition_id, before.id, request, call.now, version)
    return _out(_get_room(call.edition_id, id))


@v1.route("DELETE", "/rooms/<id>", group=GROUP, permission=Permission.EDITION_MANAGE, refusals=(HTTPStatus.CONFLICT,))
def remove_room(call: Call, id: str, version: str | None) -> Deleted:  # noqa: A002 - the name in the address
    """Delete a room. 409 `room_in_use` while sessions or checkpoints are in it."""
    room = _get_room(call.edition_id, id)
    require_version(version, room.version)
    delete_room(call.actor, call.edition_id, room.id, call.now)
    return Deleted(id=id)


def _get_room(edition_id: int, slug: str) -> RoomRow:
    room = next((each for each in list_rooms(edition_id) if each.slug == slug), None)
    if room is None:
        raise Missing("room_missing")
    return room


def _to_request(edition_id: int, body: RoomChangeIn, before: RoomRow | None) -> RoomRequest:
    """Return the requested values: those of the body, and otherwise those of before."""
    given = body.model_fields_set
    hall_id = _find_hall(edition_id, body.hall) if body.hall else None
    periods = tuple(Period(each.start, each.end) for each in body.unavailable)
    if before is None:
        return RoomRequest(body.name, hall_id, body.capacity, tuple(body.equipment), periods)
    if "hall" not in given:
        hall_id = before.hall.id if before.hall else None
    return RoomRequest(
        name=body.name if "name" in given else before.name,
        hall_id=hall_id,
        capacity=body.capacity if "capacity" in given else before.capacity,
        equipment=tuple(body.equipment) if "equipment" in given else before.equipment,
        unavailable=periods if "unavailable" in given else before.unavailable,
    )


def _find_hall(edition_id: int, code: str) -> int:
    hall = next((each for each in list_halls(edition_id) if each.code == code), None)
    if hall is None:
        raise Invalid("hall_missing", field="hall")
    return hall.id


def _out(room: RoomRow) -> RoomDetailOut:
    return RoomDetailOut(
        id=room.slug,
        version=room.version,
        name=room.name,
        hall=HallOut(code=room.hall.code, name=room.hall.name) if room.hall else None,
        capacity=room.capacity,
        equipment=list(room.equipment),
        unavailable=[PeriodOut(start=each.start, end=each.end) for each in room.unavailable],
    )
