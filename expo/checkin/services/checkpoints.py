"""Services for checkpoints."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.errors import CheckpointMissing
from expo.checkin.models import Checkpoint, CheckpointTicketType, Device, DeviceCheckpoint, Scan, Zone
from expo.checkin.queries.checkpoints import CheckpointRow, clear_checkpoint_cache, get_checkpoint
from expo.checkin.rules import CheckpointKind, check_code, check_limits, check_name
from expo.checkin.rules.facts import Rule
from expo.checkin.rules.validation import RuleReferences, check_questions, check_rule
from expo.checkin.services.zones import (
    ZoneRequest,
    add_zone,
    has_checkpoints,
    has_presences,
    lock_zone,
    set_capacity,
)
from expo.editions.models import Hall, Room
from expo.errors import Conflict, Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, on_commit, retried
from expo.program.models import Session
from expo.pure.versions import require_version
from expo.tickets.models import AddOn, TicketType


@dataclass(frozen=True)
class CheckpointRequest:
    """The requested values of a checkpoint. `ticket_type_ids`: None admits every type, an empty set nobody.

    Without a `zone_id` a new checkpoint gets a zone of its own, and another remains in its zone. The capacity is that
    of the zone.
    """

    name: dict[str, str]
    hall_id: int | None = None
    room_id: int | None = None
    ticket_type_ids: frozenset[int] | None = None
    capacity: int | None = None
    zone_id: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    position: int = 0
    kind: CheckpointKind = CheckpointKind.GATE
    session_id: int | None = None
    rule: Rule | None = None
    questions: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, row: CheckpointRow) -> "CheckpointRequest":
        """Return a request that changes nothing."""
        return cls(**{each.name: getattr(row, each.name) for each in fields(cls)})


def create_checkpoint(actor: Actor, edition_id: int, code: str, request: CheckpointRequest, now: datetime) -> int:
    """Create an open checkpoint and return its id. Raises Invalid, or Conflict `checkpoint_exists`."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    code = check_code(code)
    with atomic():
        _check_request(edition_id, request)
        if db.session.scalar(select(Checkpoint.id).where(Checkpoint.edition_id == edition_id, Checkpoint.code == code)):
            raise Conflict("checkpoint_exists", field="code", checkpoint=code)
        checkpoint = Checkpoint(edition_id=edition_id, code=code, is_open=True)
        checkpoint.zone_id = _zone_of_new(edition_id, code, request)
        _apply_request(checkpoint, request)
        db.session.add(checkpoint)
        db.session.flush()
        _set_ticket_types(checkpoint.id, request.ticket_type_ids)
        _record(actor, "checkin.create_checkpoint", checkpoint.id, edition_id, now, code=code)
        return checkpoint.id


@retried
def edit_checkpoint(
    actor: Actor, edition_id: int, code: str, request: CheckpointRequest, now: datetime, version: str | None = None
) -> None:
    """Change a checkpoint and the capacity of its zone.

    `version` is that of the CheckpointRow that the change is based on; None allows any.

    Raises CheckpointMissing, Invalid, Conflict `capacity_below_inside` if more people are inside than the new capacity
    allows, or Conflict `checkpoint_zone_fixed` if it was already scanned at, because the scans belong to its zone.
    """
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        checkpoint = db.session.scalars(
            select(Checkpoint)
            .where(Checkpoint.edition_id == edition_id, Checkpoint.code == code)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        if checkpoint is None:
            raise CheckpointMissing
        before = get_checkpoint(edition_id, code)
        require_version(version, before.version)
        _check_request(edition_id, request)
        _change_zone(checkpoint, request)
        _apply_request(checkpoint, request)
        _set_ticket_types(checkpoint.id, request.ticket_type_ids)
        changed = _list_changed(before, get_checkpoint(edition_id, code))
        _record(actor, "checkin.edit_checkpoint", checkpoint.id, edition_id, now, code=code, fields=changed)


def _list_changed(before: CheckpointRow, after: CheckpointRow) -> list[str]:
    """Return the names of the fields that differ."""
    names = [each.name for each in fields(CheckpointRequest)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def open_checkpoint(actor: Actor, edition_id: int, code: str, now: datetime) -> None:
    """Reopen a checkpoint for scanning. Raises CheckpointMissing."""
    _set_open(actor, edition_id, code, now, is_open=True)


def close_checkpoint(actor: Actor, edition_id: int, code: str, now: datetime) -> None:
    """Close a checkpoint, so that it refuses every scan. Raises CheckpointMissing."""
    _set_open(actor, edition_id, code, now, is_open=False)


@retried
def move_checkpoint(actor: Actor, edition_id: int, code: str, steps: int, now: datetime) -> None:
    """Move a checkpoint up (negative steps) or down in the order. Raises CheckpointMissing."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        rows = list(
            db.session.scalars(
                select(Checkpoint)
                .where(Checkpoint.edition_id == edition_id)
                .order_by(Checkpoint.id)
                .with_for_update()
                .execution_options(populate_existing=True)
            )
        )
        rows.sort(key=lambda each: (each.position, each.id))
        at = next((index for index, each in enumerate(rows) if each.code == code), None)
        if at is None:
            raise CheckpointMissing
        moved = rows.pop(at)
        rows.insert(max(at + steps, 0), moved)
        for position, each in enumerate(rows):
            each.position = position
        db.session.flush()
        _record(actor, "checkin.move_checkpoint", moved.id, edition_id, now, code=code)


@retried
def delete_checkpoint(actor: Actor, edition_id: int, code: str, now: datetime) -> None:
    """Delete a checkpoint that was created by mistake. Raises CheckpointMissing.

    A checkpoint with scans cannot be deleted, because they are stored: raises Conflict `checkpoint_in_use`. Nor can one
    that devices are bound to, because without it they might scan anywhere: raises Conflict `checkpoint_has_devices`.
    """
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        checkpoint = db.session.scalars(
            select(Checkpoint).where(Checkpoint.edition_id == edition_id, Checkpoint.code == code).with_for_update()
        ).one_or_none()
        if checkpoint is None:
            raise CheckpointMissing
        if _has_scans(checkpoint.id):
            raise Conflict("checkpoint_in_use")
        bound = select(func.count()).where(DeviceCheckpoint.checkpoint_id == checkpoint.id)
        if devices := db.session.scalar(bound):
            raise Conflict("checkpoint_has_devices", devices=devices)
        db.session.execute(
            update(Device)
            .where(Device.checkpoint_id == checkpoint.id)
            .values(checkpoint_id=None)
            .execution_options(synchronize_session=False)
        )
        zone_id = checkpoint.zone_id
        _set_ticket_types(checkpoint.id, None)
        _record(actor, "checkin.delete_checkpoint", checkpoint.id, edition_id, now, code=code)
        db.session.delete(checkpoint)
        db.session.flush()
        _delete_if_unused(zone_id)


def _set_open(actor: Actor, edition_id: int, code: str, now: datetime, *, is_open: bool) -> None:
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        found = db.session.scalar(
            update(Checkpoint)
            .where(Checkpoint.edition_id == edition_id, Checkpoint.code == code)
            .values(is_open=is_open)
            .returning(Checkpoint.id)
            .execution_options(synchronize_session=False)
        )
        if found is None:
            raise CheckpointMissing
        verb = "open" if is_open else "close"
        _record(actor, f"checkin.{verb}_checkpoint", found, edition_id, now, code=code)


def _check_request(edition_id: int, request: CheckpointRequest) -> None:
    check_name(request.name)
    check_limits(request.capacity, request.opens_at, request.closes_at)
    if request.zone_id is not None and not _is_in_edition(Zone, request.zone_id, edition_id):
        raise Invalid("zone_missing", field="zone_id")
    if request.hall_id is not None and not _is_in_edition(Hall, request.hall_id, edition_id):
        raise Invalid("hall_missing", field="hall_id")
    if request.room_id is not None and not _is_in_edition(Room, request.room_id, edition_id):
        raise Invalid("room_missing", field="room_id")
    for type_id in request.ticket_type_ids or ():
        if not _is_in_edition(TicketType, type_id, edition_id):
            raise Invalid("ticket_type_missing", field="ticket_type_ids")
    if request.session_id is not None and not _is_in_edition(Session, request.session_id, edition_id):
        raise Invalid("session_missing", field="session_id")
    if request.rule is not None or request.questions:
        known = _list_known(edition_id, request)
        check_questions(request.questions, known)
        if request.rule is not None:
            check_rule(request.rule, known)


def _list_known(edition_id: int, request: CheckpointRequest) -> RuleReferences:
    types = db.session.scalars(select(TicketType.code).where(TicketType.edition_id == edition_id))
    zones = db.session.scalars(select(Zone.code).where(Zone.edition_id == edition_id))
    add_ons = db.session.scalars(select(AddOn.code).where(AddOn.edition_id == edition_id))
    has_session = request.session_id is not None
    return RuleReferences(frozenset(types), frozenset(zones), has_session=has_session, add_ons=frozenset(add_ons))


def _is_in_edition(model: type[Hall | Room | TicketType | Session | Zone], row_id: int, edition_id: int) -> bool:
    return db.session.scalar(select(model.id).where(model.id == row_id, model.edition_id == edition_id)) is not None


def _apply_request(checkpoint: Checkpoint, request: CheckpointRequest) -> None:
    checkpoint.name = check_name(request.name)
    checkpoint.hall_id = request.hall_id
    checkpoint.room_id = request.room_id
    checkpoint.is_restricted = request.ticket_type_ids is not None
    checkpoint.opens_at = request.opens_at
    checkpoint.closes_at = request.closes_at
    checkpoint.position = request.position
    checkpoint.kind = request.kind
    checkpoint.session_id = request.session_id
    checkpoint.rule = dict(request.rule) if request.rule is not None else None
    checkpoint.questions = [dict(each) for each in request.questions]


def _set_ticket_types(checkpoint_id: int, ticket_type_ids: Iterable[int] | None) -> None:
    db.session.execute(delete(CheckpointTicketType).where(CheckpointTicketType.checkpoint_id == checkpoint_id))
    for type_id in sorted(ticket_type_ids or ()):
        db.session.add(CheckpointTicketType(checkpoint_id=checkpoint_id, ticket_type_id=type_id))
    db.session.flush()


def _zone_of_new(edition_id: int, code: str, request: CheckpointRequest) -> int:
    if request.zone_id is None:
        return add_zone(edition_id, code, ZoneRequest(request.name, request.capacity, position=request.position)).id
    set_capacity(lock_zone(request.zone_id), request.capacity)
    return request.zone_id


def _change_zone(checkpoint: Checkpoint, request: CheckpointRequest) -> None:
    before = checkpoint.zone_id
    if request.zone_id is not None and request.zone_id != before:
        if _has_scans(checkpoint.id):
            raise Conflict("checkpoint_zone_fixed", field="zone_id")
        checkpoint.zone_id = request.zone_id
        db.session.flush()
        _delete_if_unused(before)
    set_capacity(lock_zone(checkpoint.zone_id), request.capacity)


def _delete_if_unused(zone_id: int) -> None:
    """Delete a zone whose last checkpoint is gone, unless somebody was in it."""
    if not has_checkpoints(zone_id) and not has_presences(zone_id):
        db.session.delete(lock_zone(zone_id))
        db.session.flush()


def _has_scans(checkpoint_id: int) -> bool:
    return db.session.scalar(select(Scan.id).where(Scan.checkpoint_id == checkpoint_id).limit(1)) is not None


def _record(
    actor: Actor, action: str, checkpoint_id: int, edition_id: int, now: datetime, *, code: str, **details: Any
) -> None:
    record_act(
        actor,
        action,
        now,
        edition_id=edition_id,
        subject="checkpoint",
        subject_id=checkpoint_id,
        checkpoint=code,
        **details,
    )
    on_commit(lambda: clear_checkpoint_cache(edition_id))
