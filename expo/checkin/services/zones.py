"""Services for zones: areas that are entered and left through checkpoints."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.errors import ZoneMissing
from expo.checkin.models import Checkpoint, Presence, Zone
from expo.checkin.queries.checkpoints import clear_checkpoint_cache
from expo.checkin.rules import check_capacity, check_thresholds, check_zone_code, check_zone_group, check_zone_name
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, on_commit, retried


@dataclass(frozen=True)
class ZoneRequest:
    """The requested values of a zone. Entering a zone leaves the other zones of its `exclusive_group`."""

    name: dict[str, str]
    capacity: int | None = None
    exclusive_group: str | None = None
    anti_passback: bool = True
    # How full it is, in percent, when the control room warns and raises an alarm.
    warning_percent: int | None = 80
    alarm_percent: int | None = 95
    position: int = 0


def create_zone(actor: Actor, edition_id: int, code: str, request: ZoneRequest, now: datetime) -> int:
    """Create a zone without checkpoints and return its id. Raises Invalid, or Conflict `zone_exists`."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        zone = add_zone(edition_id, code, request)
        _record(actor, "checkin.create_zone", zone, now)
        return zone.id


@retried
def edit_zone(actor: Actor, edition_id: int, code: str, request: ZoneRequest, now: datetime) -> None:
    """Change a zone. When it gets a capacity, the people inside are counted again.

    Raises ZoneMissing, Invalid, Conflict `capacity_below_inside` if more people are inside than the new capacity
    allows, or Conflict `zone_in_use` if the group or the rule for second entries changes after badges were scanned.
    """
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        zone = _lock_zone(edition_id, code)
        group = check_zone_group(request.exclusive_group)
        # Presence follows from both, for all scans so far.
        if (group, request.anti_passback) != (zone.exclusive_group, zone.anti_passback) and has_presences(zone.id):
            raise Conflict("zone_in_use", zone=code)
        zone.name = check_zone_name(request.name)
        zone.warning_percent, zone.alarm_percent = check_thresholds(request.warning_percent, request.alarm_percent)
        zone.exclusive_group, zone.anti_passback, zone.position = group, request.anti_passback, request.position
        set_capacity(zone, request.capacity)
        _record(actor, "checkin.edit_zone", zone, now)


@retried
def delete_zone(actor: Actor, edition_id: int, code: str, now: datetime) -> None:
    """Delete a zone without checkpoints. Raises ZoneMissing, or Conflict `zone_in_use`."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        zone = _lock_zone(edition_id, code)
        if has_checkpoints(zone.id) or has_presences(zone.id):
            raise Conflict("zone_in_use", zone=code)
        _record(actor, "checkin.delete_zone", zone, now)
        db.session.delete(zone)
        db.session.flush()


@retried
def recount_inside(actor: Actor, edition_id: int, now: datetime) -> dict[str, tuple[int, int]]:
    """Correct all counters of people inside, and return those that were wrong: code to (counted, actual)."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    wrong = {}
    with atomic():
        for each in db.session.scalars(
            select(Zone)
            .where(Zone.edition_id == edition_id, Zone.capacity.is_not(None))
            .order_by(Zone.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ):
            inside = count_inside_zone(each.id)
            if each.inside != inside:
                wrong[each.code] = (each.inside, inside)
                each.inside = inside
        if wrong:
            record_act(
                actor, "checkin.recount", now, edition_id=edition_id, subject="edition", subject_id=edition_id, **wrong
            )
    return wrong


def add_zone(edition_id: int, code: str, request: ZoneRequest) -> Zone:
    """Insert a zone within the open transaction. Raises Invalid, or Conflict `zone_exists`."""
    code = check_zone_code(code)
    warning_percent, alarm_percent = check_thresholds(request.warning_percent, request.alarm_percent)
    if db.session.scalar(select(Zone.id).where(Zone.edition_id == edition_id, Zone.code == code)):
        raise Conflict("zone_exists", field="code", zone=code)
    zone = Zone(
        edition_id=edition_id,
        code=code,
        name=check_zone_name(request.name),
        capacity=check_capacity(request.capacity),
        inside=0,
        exclusive_group=check_zone_group(request.exclusive_group),
        anti_passback=request.anti_passback,
        warning_percent=warning_percent,
        alarm_percent=alarm_percent,
        position=request.position,
    )
    db.session.add(zone)
    db.session.flush()
    return zone


def set_capacity(zone: Zone, capacity: int | None) -> None:
    """Set the capacity of a locked zone, and count the people inside. Raises Conflict `capacity_below_inside`."""
    capacity = check_capacity(capacity)
    if capacity == zone.capacity:
        return
    inside = count_inside_zone(zone.id) if capacity is not None else 0
    if capacity is not None and inside > capacity:
        raise Conflict("capacity_below_inside", field="capacity", inside=inside)
    zone.capacity, zone.inside = capacity, inside
    db.session.flush()


def count_inside_zone(zone_id: int) -> int:
    """Return how many people are inside a zone."""
    return (
        db.session.scalar(select(func.sum(Presence.people)).where(Presence.zone_id == zone_id, Presence.is_inside)) or 0
    )


def has_presences(zone_id: int) -> bool:
    """Whether anybody was ever admitted to a zone, or scanned on leaving it."""
    return db.session.scalar(select(Presence.zone_id).where(Presence.zone_id == zone_id).limit(1)) is not None


def has_checkpoints(zone_id: int) -> bool:
    """Whether a zone has checkpoints."""
    return db.session.scalar(select(Checkpoint.id).where(Checkpoint.zone_id == zone_id).limit(1)) is not None


def lock_zone(zone_id: int) -> Zone:
    """Return a zone, freshly read and locked until the commit. Raises ZoneMissing."""
    zone = lock(Zone, zone_id)
    if zone is None:
        raise ZoneMissing
    return zone


def _lock_zone(edition_id: int, code: str) -> Zone:
    zone_id = db.session.scalar(select(Zone.id).where(Zone.edition_id == edition_id, Zone.code == code))
    if zone_id is None:
        raise ZoneMissing
    return lock_zone(zone_id)


def _record(actor: Actor, action: str, zone: Zone, now: datetime) -> None:
    edition_id = zone.edition_id
    record_act(actor, action, now, edition_id=edition_id, subject="zone", subject_id=zone.id, zone=zone.code)
    on_commit(lambda: clear_checkpoint_cache(edition_id))
