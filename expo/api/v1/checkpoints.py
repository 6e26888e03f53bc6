"""Checkpoints: list, read one, create, change, delete, with their rules and questions."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Deleted, Moment, Page, PageQuery, Schema, Text, Texts, TextsIn, example
from expo.api.v1.version import v1
from expo.checkin.queries.checkpoints import CheckpointRow, get_checkpoint, list_checkpoints
from expo.checkin.queries.zones import get_zone
from expo.checkin.rules import CheckpointKind
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint, delete_checkpoint, edit_checkpoint
from expo.editions.queries import list_halls, list_rooms
from expo.errors import Invalid
from expo.program.queries import list_sessions
from expo.pure.versions import require_version
from expo.tickets.queries import list_ticket_types

GROUP = "Doors"
PERMISSION = Permission.CHECKPOINTS_MANAGE
_RULE = {"all": [{"ticket_type": ["visitor"]}, {"between": ["09:00", "18:00"]}, {"entries_today": {"max": 2}}]}


class ChoiceIn(Schema):
    """One of the answers to choose from."""

    id: Text = Field(max_length=40)
    text: TextsIn


class QuestionIn(Schema):
    """A question that staff answer before an admission."""

    id: Text = Field(max_length=40, description="Refers to the question in answers; unique at the checkpoint")
    kind: Literal["confirm", "text", "choice"]
    text: TextsIn
    choices: list[ChoiceIn] = Field(default_factory=list, description="For the kind `choice` only")
    ticket_types: list[Text] | None = Field(None, description="Codes; null asks everybody")


class CheckpointChangeIn(Schema):
    """The fields to change; omitted ones stay unchanged. Lists are replaced as a whole."""

    model_config = example(kind="hall", rule=_RULE, opens_at="2027-05-26T08:30:00+08:00")

    name: TextsIn = Field(default_factory=dict)
    kind: CheckpointKind = CheckpointKind.GATE
    hall: Text | None = Field(None, description="Code of a hall")
    room: Text | None = Field(None, description="Id of a room")
    session: Text | None = Field(None, description="Id of the session that rules on seats and session times refer to")
    ticket_types: list[Text] | None = Field(None, description="Codes; null admits every ticket, an empty list nobody")
    zone: Text | None = Field(
        None, description="Code of a zone; null leaves the checkpoint in its zone, or creates its own zone"
    )
    capacity: int | None = Field(None, ge=1, description="Of the zone")
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    rule: dict[str, Any] | None = Field(
        None,
        description=(
            "A tree of conditions: `all`, `any` and `not` over `ticket_type`, `add_on`, `between`, `entries_today`, "
            "`entries`, `minutes_since_entry`, `minutes_since_exit`, `inside` and `holds_seat`"
        ),
    )
    questions: list[QuestionIn] = Field(default_factory=list)


class CheckpointIn(CheckpointChangeIn):
    """A new checkpoint."""

    model_config = example(id="north", name={"en": "North gate", "zh": "北门"}, rule=_RULE)

    id: Text = Field(description="Short code without spaces; scanners use it, and it cannot be changed")
    name: TextsIn


class CheckpointOut(Schema):
    """A checkpoint."""

    id: str
    version: str = Field(description="Also the ETag; send it as If-Match with a change")
    name: Texts
    kind: CheckpointKind
    hall: str | None
    room: str | None
    session: str | None
    ticket_types: list[str] | None
    zone: str
    capacity: int | None
    is_open: bool
    opens_at: AwareDatetime | None
    closes_at: AwareDatetime | None
    rule: dict[str, Any] | None
    questions: list[dict[str, Any]]


@v1.route("GET", "/checkpoints", group=GROUP, permission=PERMISSION)
def get_checkpoints(call: Call, query: PageQuery) -> Page[CheckpointOut]:
    """List checkpoints."""
    after = read_cursor(query.cursor) or 0
    rows = sorted((row for row in list_checkpoints(call.edition_id) if row.id > after), key=lambda row: row.id)
    page = rows[: query.limit]
    codes = _Codes(call)
    return Page[CheckpointOut](
        items=[codes.out(row) for row in page], next=write_cursor(page[-1].id) if len(rows) > query.limit else None
    )


@v1.route("GET", "/checkpoints/<id>", group=GROUP, permission=PERMISSION)
def get_one_checkpoint(call: Call, id: str) -> CheckpointOut:  # noqa: A002 - the name in the address
    """Get a checkpoint."""
    return _Codes(call).out(get_checkpoint(call.edition_id, id))


@v1.route(
    "POST",
    "/checkpoints",
    group=GROUP,
    permission=PERMISSION,
    status=HTTPStatus.CREATED,
    refusals=(HTTPStatus.CONFLICT,),
)
def post_checkpoint(call: Call, body: CheckpointIn) -> CheckpointOut:
    """Create an open checkpoint after the others. 409 `checkpoint_exists` if its id is taken."""
    codes = _Codes(call)
    position = max((each.position for each in list_checkpoints(call.edition_id)), default=-1) + 1
    request = codes.to_request(body, CheckpointRequest(name=body.name, position=position))
    create_checkpoint(call.actor, call.edition_id, body.id, request, call.now)
    return codes.out(get_checkpoint(call.edition_id, body.id.strip()))


@v1.route("PATCH", "/checkpoints/<id>", group=GROUP, permission=PERMISSION, refusals=(HTTPStatus.CONFLICT,))
def patch_checkpoint(
    call: Call,
    id: str,  # noqa: A002 - the name in the address
    body: CheckpointChangeIn,
    version: str | None,
) -> CheckpointOut:
    """Update a checkpoint; its id stays. Scanners update within two seconds."""
    codes = _Codes(call)
    request = codes.to_request(body, CheckpointRequest.of(get_checkpoint(call.edition_id, id)))
    edit_checkpoint(call.actor, call.edition_id, id, request, call.now, version)
    return codes.out(get_checkpoint(call.edition_id, id))


@v1.route("DELETE", "/checkpoints/<id>", group=GROUP, permission=PERMISSION, refusals=(HTTPStatus.CONFLICT,))
def remove_checkpoint(call: Call, id: str, version: str | None) -> Deleted:  # noqa: A002 - the name in the address
    """Delete a checkpoint. 409 `checkpoint_in_use` if badges have been scanned there."""
    require_version(version, get_checkpoint(call.edition_id, id).version)
    delete_checkpoint(call.actor, call.edition_id, id, call.now)
    return Deleted(id=id)


class _Codes:
    """The public ids of what checkpoints refer to."""

    def __init__(self, call: Call) -> None:
        self.edition_id = edition_id = call.edition_id
        self.halls = {each.id: each.code for each in list_halls(edition_id)}
        self.rooms = {each.id: each.slug for each in list_rooms(edition_id)}
        self.sessions = {each.id: each.slug for each in list_sessions(edition_id)}
        self.ticket_types = {each.id: each.code for each in list_ticket_types(edition_id, call.now)}

    def out(self, row: CheckpointRow) -> CheckpointOut:
        types = row.ticket_type_ids
        return CheckpointOut(
            id=row.code,
            version=row.version,
            name=row.name,
            kind=row.kind,
            hall=self.halls.get(row.hall_id or 0),
            room=self.rooms.get(row.room_id or 0),
            session=self.sessions.get(row.session_id or 0),
            ticket_types=None if types is None else sorted(self.ticket_types[type_id] for type_id in types),
            zone=row.zone_code,
            capacity=row.capacity,
            is_open=row.is_open,
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            rule=dict(row.rule) if row.rule is not None else None,
            questions=row.questions,
        )

    def to_request(self, body: CheckpointChangeIn, before: CheckpointRequest) -> CheckpointRequest:
        """Return the requested values: those of the body, and otherwise those of before."""
        given = body.model_fields_set
        changes: dict[str, Any] = {
            name: getattr(body, name)
            for name in ("name", "kind", "capacity", "opens_at", "closes_at", "rule")
            if name in given
        }
        if body.zone is not None:
            zone = get_zone(self.edition_id, body.zone)
            changes |= {"zone_id": zone.id}
            if zone.id != before.zone_id and "capacity" not in given:
                changes["capacity"] = zone.capacity
        for name, codes in (("hall", self.halls), ("room", self.rooms), ("session", self.sessions)):
            if name in given:
                changes[f"{name}_id"] = _find_id(codes, getattr(body, name), name)
        if "ticket_types" in given:
            wanted = body.ticket_types
            changes["ticket_type_ids"] = (
                None
                if wanted is None
                else frozenset(_find_id(self.ticket_types, code, "ticket_type") or 0 for code in wanted)
            )
        if "questions" in given:
            changes["questions"] = [each.model_dump() for each in body.questions]
        return replace(before, **changes)


def _find_id(codes: dict[int, str], code: str | None, name: str) -> int | None:
    if code is None:
        return None
    found = next((row_id for row_id, each in codes.items() if each == code), None)
    if found is None:
        raise Invalid(f"{name}_missing", field=name)
    return found
