"""Zones: list, read one, create, change, delete."""

from http import HTTPStatus

from pydantic import Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.schemas import Deleted, Schema, Text, Texts, TextsIn, example
from expo.api.v1.version import v1
from expo.checkin.queries.zones import ZoneRow, count_inside, get_zone, list_zones
from expo.checkin.services.zones import ZoneRequest, create_zone, delete_zone, edit_zone
from expo.pure.versions import require_version

GROUP = "Check-in"


class ZoneChangeIn(Schema):
    """The fields to change; omitted ones stay unchanged."""

    model_config = example(name={"en": "Hall 1", "zh": "1 号馆"}, capacity=4000, exclusive_group="halls")

    name: TextsIn = Field(default_factory=dict)
    capacity: int | None = Field(None, ge=1, description="How many people may be inside at once; null for no limit")
    exclusive_group: Text | None = Field(None, description="Entering one zone of a group leaves the others")
    anti_passback: bool = Field(True, description="Refuse a badge that is inside, until it has left")
    warning_percent: int | None = Field(80, ge=1, le=100, description="The control room warns when it is this full")
    alarm_percent: int | None = Field(95, ge=1, le=100, description="The control room raises an alarm")


class ZoneIn(ZoneChangeIn):
    """A new zone."""

    model_config = example(id="hall-1", name={"en": "Hall 1", "zh": "1 号馆"}, capacity=4000)

    id: Text = Field(description="Its code, which cannot be changed later")
    name: TextsIn


class ZoneOut(Schema):
    """A zone with its checkpoints and the people inside now, by the scans received."""

    id: str
    version: str = Field(description="Also the ETag; send it as If-Match with a change")
    name: Texts
    checkpoints: list[str]
    capacity: int | None
    inside: int
    exclusive_group: str | None
    anti_passback: bool
    warning_percent: int | None
    alarm_percent: int | None


class ZonesOut(Schema):
    """All zones in their order."""

    items: list[ZoneOut]


@v1.route("GET", "/zones", group=GROUP, permission=Permission.CHECKPOINTS_MANAGE)
def get_zones(call: Call) -> ZonesOut:
    """List the zones."""
    inside = count_inside(call.edition_id)
    return ZonesOut(items=[_out(each, inside[each.code]) for each in list_zones(call.edition_id)])


@v1.route("GET", "/zones/<id>", group=GROUP, permission=Permission.CHECKPOINTS_MANAGE)
def get_one_zone(call: Call, id: str) -> ZoneOut:  # noqa: A002 - the name in the address
    """Get a zone."""
    return _read(call, id)


@v1.route(
    "POST",
    "/zones",
    group=GROUP,
    permission=Permission.CHECKPOINTS_MANAGE,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_zone(call: Call, body: ZoneIn) -> ZoneOut:
    """Create a zone after the others. 409 `zone_exists` if the code is taken."""
    create_zone(
        call.actor, call.edition_id, body.id, _to_request(body, None, len(list_zones(call.edition_id))), call.now
    )
    return _read(call, body.id.strip())


@v1.route(
    "PATCH", "/zones/<id>", group=GROUP, permission=Permission.CHECKPOINTS_MANAGE, refusals=(HTTPStatus.CONFLICT,)
)
def patch_zone(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: ZoneChangeIn,
    version: str | None,
) -> ZoneOut:
    """Update a zone. 409 `capacity_below_inside`, or `zone_in_use` if its rules change after badges were scanned."""
    before = get_zone(call.edition_id, id)
    require_version(version, before.version)
    edit_zone(call.actor, call.edition_id, id, _to_request(body, before, before.position), call.now)
    return _read(call, id)


@v1.route(
    "DELETE", "/zones/<id>", group=GROUP, permission=Permission.CHECKPOINTS_MANAGE, refusals=(HTTPStatus.CONFLICT,)
)
def remove_zone(call: Call, id: str, version: str | None) -> Deleted:  # noqa: A002 - the name in the address
    """Delete a zone. 409 `zone_in_use` while it has checkpoints, or if anybody was scanned there."""
    require_version(version, get_zone(call.edition_id, id).version)
    delete_zone(call.actor, call.edition_id, id, call.now)
    return Deleted(id=id)


def _read(call: Call, code: str) -> ZoneOut:
    return _out(get_zone(call.edition_id, code), count_inside(call.edition_id)[code])


def _to_request(body: ZoneChangeIn, before: ZoneRow | None, position: int) -> ZoneRequest:
    """Return the requested values: those of the body, and otherwise those of before."""
    wanted = ZoneRequest(
        name=body.name,
        capacity=body.capacity,
        exclusive_group=body.exclusive_group,
        anti_passback=body.anti_passback,
        warning_percent=body.warning_percent,
        alarm_percent=body.alarm_percent,
        position=position,
    )
    if before is None:
        return wanted
    names = ("name", "capacity", "exclusive_group", "anti_passback", "warning_percent", "alarm_percent")
    given = {name: getattr(wanted if name in body.model_fields_set else before, name) for name in names}
    return ZoneRequest(**given, position=position)


def _out(zone: ZoneRow, inside: int) -> ZoneOut:
    return ZoneOut(
        id=zone.code,
        version=zone.version,
        name=zone.name,
        checkpoints=list(zone.checkpoint_codes),
        capacity=zone.capacity,
        inside=inside,
        exclusive_group=zone.exclusive_group,
        anti_passback=zone.anti_passback,
        warning_percent=zone.warning_percent,
        alarm_percent=zone.alarm_percent,
    )
