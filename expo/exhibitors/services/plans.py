"""Acts on floor plans: the size of a hall, its structures and background, and arranging its booths."""

from dataclasses import replace
from datetime import datetime
from io import BytesIO
from typing import Any

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Hall
from expo.editions.services import increment_content_version, lock_hall
from expo.errors import Conflict
from expo.exhibitors.errors import PlanMissing
from expo.exhibitors.models import Booth, FloorPlan
from expo.exhibitors.queries import get_plan
from expo.exhibitors.rules import PlanRequest, StructureKind, check_corners, check_plan
from expo.exhibitors.services.edits import log_edits, shape_of
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried
from expo.infra.files import delete_file, store_file
from expo.pure.booth_rows import Arrangement, Spacing, arrange

# Halls are placed side by side on a site plan that nobody has drawn yet.
HALLS_IN_ROW = 4
HALL_GAP = 20.0


@retried
def save_plan(actor: Actor, edition_id: int, hall_code: str, request: PlanRequest, version: int, now: datetime) -> int:
    """Store the size, position, walls and passages of a hall, and return the plan's new version.

    `version` is the one that the person saw, 0 for none. Raises PlanMissing, Conflict `plan_changed`, or Invalid.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    checked = check_plan(request)
    with atomic():
        hall_id = _lock_hall(edition_id, hall_code)
        plan = _find_plan(hall_id)
        if (plan.version if plan else 0) != version:
            raise Conflict("plan_changed")
        plan = _write_plan(plan, hall_id, checked, now)
        _record(actor, edition_id, hall_id, "exhibitors.change_plan", now, width=plan.width, depth=plan.depth)
        return plan.version


def save_outline(actor: Actor, edition_id: int, hall_code: str, points: object, version: int, now: datetime) -> int:
    """Set the corners of a hall, none for a rectangle, and return the plan's new version.

    Raises PlanMissing, Conflict `plan_changed`, or Invalid `polygon_invalid`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        plan = get_plan(edition_id, hall_code)
        kind = StructureKind.OUTLINE
        structures = [each for each in plan.structures if each["kind"] != kind]
        if points:
            corners = check_corners(points, (0, 0), (plan.width, plan.depth))
            structures.append({"kind": kind.value, "points": corners})
        request = PlanRequest(plan.width, plan.depth, plan.x, plan.y, tuple(structures))
        return save_plan(actor, edition_id, hall_code, request, version, now)


@retried
def set_background(
    actor: Actor, edition_id: int, hall_code: str, content: bytes | None, media_type: str, now: datetime
) -> None:
    """Store a picture or a cleaned SVG under a plan, or remove it. The caller has checked the content.

    Raises PlanMissing.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        hall_id = lock_plan(edition_id, hall_code)
        plan = _get_plan(hall_id)
        former, plan.background_file_id = plan.background_file_id, None
        if content is not None:
            suffix = "svg" if media_type == "image/svg+xml" else "jpg"
            file = store_file(BytesIO(content), f"{hall_code}.{suffix}", media_type, now, edition_id)
            plan.background_file_id = file.id
        plan.version += 1
        db.session.flush()
        if former is not None:
            delete_file(former)
        _record(actor, edition_id, hall_id, "exhibitors.change_plan_background", now, media_type=media_type)


@retried
def arrange_booths(actor: Actor, edition_id: int, hall_code: str, now: datetime, *, everything: bool = False) -> int:
    """Place the booths of a hall in rows by their numbers, and return how many; draw the hall if nobody has yet.

    Only those without a place, below the others, unless `everything` is set. The hall grows if it is too small.
    Raises PlanMissing.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        hall_id = _lock_hall(edition_id, hall_code)
        plan = _find_plan(hall_id)
        booths = db.session.scalars(
            select(Booth)
            .where(Booth.edition_id == edition_id, Booth.hall_id == hall_id)
            .order_by(Booth.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()
        wanted = [each for each in booths if everything or each.x is None]
        if not wanted:
            return 0
        spacing = Spacing()
        placed = [] if everything else [each for each in booths if each.x is not None]
        below = max(((each.y or 0) + (each.depth or 0) for each in placed), default=0.0)
        offset = round(below + spacing.aisle - spacing.margin, 2) if placed else 0.0
        found = arrange([each.code for each in wanted], plan.width if plan else 0, spacing)
        before = [shape_of(each) for each in wanted]
        for booth, box in zip(wanted, found.boxes, strict=True):
            booth.x, booth.y, booth.width, booth.depth = box.x, round(box.y + offset, 2), box.width, box.depth
            booth.rotation, booth.polygon = 0, None
            booth.version += 1
        log_edits(actor, hall_id, [(b.id, shape, shape_of(b)) for b, shape in zip(wanted, before, strict=True)], now)
        _grow_plan(plan, edition_id, hall_id, replace(found, depth=found.depth + offset), now)
        _record(actor, edition_id, hall_id, "exhibitors.arrange_booths", now, booths=len(wanted))
        return len(wanted)


@retried
def adopt_booths(actor: Actor, edition_id: int, hall_code: str, now: datetime) -> int:
    """Give the imported booths without a hall to a hall, and return how many; those whose number it has stay without.

    Raises PlanMissing.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        hall_id = _lock_hall(edition_id, hall_code)
        in_hall = db.session.scalars(select(Booth.code).where(Booth.edition_id == edition_id, Booth.hall_id == hall_id))
        taken = set(in_hall)
        booths_without_hall = db.session.scalars(
            select(Booth)
            .where(Booth.edition_id == edition_id, Booth.hall_id.is_(None))
            .order_by(Booth.id)
            .with_for_update()
        ).all()
        adopted = []
        for booth in booths_without_hall:
            if booth.code not in taken:
                taken.add(booth.code)
                booth.hall_id = hall_id
                booth.version += 1
                adopted.append(booth)
        db.session.flush()
        log_edits(actor, hall_id, [(each.id, None, shape_of(each)) for each in adopted], now)
        _record(actor, edition_id, hall_id, "exhibitors.adopt_booths", now, booths=len(adopted))
        return len(adopted)


def lock_plan(edition_id: int, hall_code: str) -> int:
    """Serialize changes to the plan of a hall, and return the hall's id. Raises PlanMissing if it has no plan."""
    hall_id = db.session.scalar(select(Hall.id).where(Hall.edition_id == edition_id, Hall.code == hall_code))
    plan_id = db.session.scalar(select(FloorPlan.id).where(FloorPlan.hall_id == hall_id))
    if hall_id is None or plan_id is None or lock(FloorPlan, plan_id) is None:
        raise PlanMissing
    return hall_id


def _lock_hall(edition_id: int, hall_code: str) -> int:
    hall_id = db.session.scalar(select(Hall.id).where(Hall.edition_id == edition_id, Hall.code == hall_code))
    if hall_id is None:
        raise PlanMissing
    lock_hall(edition_id, hall_id)
    return hall_id


def _find_plan(hall_id: int) -> FloorPlan | None:
    return db.session.scalars(
        select(FloorPlan).where(FloorPlan.hall_id == hall_id).execution_options(populate_existing=True)
    ).one_or_none()


def _get_plan(hall_id: int) -> FloorPlan:
    plan = _find_plan(hall_id)
    if plan is None:
        raise PlanMissing
    return plan


def _write_plan(plan: FloorPlan | None, hall_id: int, request: PlanRequest, now: datetime) -> FloorPlan:
    if plan is None:
        plan = FloorPlan(hall_id=hall_id, version=0)
        db.session.add(plan)
    plan.width, plan.depth, plan.x, plan.y = request.width, request.depth, request.x, request.y
    plan.structures = [dict(each) for each in request.structures]
    plan.version += 1
    plan.changed_at = now
    db.session.flush()
    return plan


def _grow_plan(plan: FloorPlan | None, edition_id: int, hall_id: int, found: Arrangement, now: datetime) -> None:
    """Make the hall large enough for what was arranged; a hall without a plan gets one, with entrances."""
    if plan is None:
        x, y = _next_position(edition_id)
        structures = _default_entrances(found.width, found.depth)
        _write_plan(None, hall_id, check_plan(PlanRequest(found.width, found.depth, x, y, tuple(structures))), now)
        return
    if found.width > plan.width or found.depth > plan.depth:
        plan.width, plan.depth = max(plan.width, found.width), max(plan.depth, found.depth)
    plan.version += 1
    plan.changed_at = now
    db.session.flush()


def _next_position(edition_id: int) -> tuple[float, float]:
    """Return a free position on the site plan: beside the last hall, or below all of them when the row is full."""
    plans = db.session.scalars(
        select(FloorPlan).join(Hall, Hall.id == FloorPlan.hall_id).where(Hall.edition_id == edition_id)
    ).all()
    if not plans:
        return 0, 0
    row_y = max(each.y for each in plans)
    row = [each for each in plans if each.y == row_y]
    if len(row) >= HALLS_IN_ROW:
        return 0, round(max(each.y + each.depth for each in plans) + HALL_GAP, 2)
    return round(max(each.x + each.width for each in row) + HALL_GAP, 2), row_y


def _default_entrances(width: float, depth: float) -> list[dict[str, Any]]:
    kind = StructureKind.ENTRANCE.value
    middle = round(width / 2, 2)
    return [{"kind": kind, "x": middle, "y": 0}, {"kind": kind, "x": middle, "y": depth}]


def _record(actor: Actor, edition_id: int, hall_id: int, action: str, now: datetime, **details: Any) -> None:
    increment_content_version(edition_id, now)
    record_act(actor, action, now, edition_id=edition_id, subject="hall", subject_id=hall_id, **details)
