"""Turn the named shapes of a drawing into the booths of a hall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Invalid
from expo.exhibitors.queries import BoothRow, get_plan, list_booths
from expo.exhibitors.rules import Geometry, PlanRequest, StructureKind, check_code, check_geometry
from expo.exhibitors.services.booths import BoothChange, change_booths
from expo.exhibitors.services.plans import save_plan
from expo.formats.drawings import Drawing, NamedShape
from expo.infra.db import atomic
from expo.pure.plane import TOLERANCE, box_around


@dataclass(frozen=True)
class DrawingImport:
    """How many booths a drawing placed, and the names of shapes that could not become booths."""

    placed: int
    skipped: tuple[str, ...]


def import_drawing(
    actor: Actor, edition_id: int, hall_code: str, drawing: Drawing, width: float, now: datetime
) -> DrawingImport:
    """Make a hall as wide as given and as deep as the drawing is then, and place the named shapes in it as booths.

    Booths of the hall with the same number are moved, others are added. Raises PlanMissing, or Invalid
    `svg_without_booths` or as `save_plan` does.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        plan = get_plan(edition_id, hall_code)
        scale = width / drawing.width
        request = PlanRequest(width, drawing.height * scale, plan.x, plan.y, _fitting(plan.structures, width, drawing))
        save_plan(actor, edition_id, hall_code, request, plan.version, now)
        rows = [*list_booths(edition_id, plan.hall_id, now), *list_booths(edition_id, None, now)]
        changes, skipped = _to_changes(drawing.shapes, scale, {each.code: each for each in reversed(rows)})
        if not changes:
            raise Invalid("svg_without_booths", field="file")
        change_booths(actor, edition_id, hall_code, changes, now)
        return DrawingImport(len(changes), tuple(skipped))


def _to_changes(
    shapes: Sequence[NamedShape], scale: float, known: dict[str, BoothRow]
) -> tuple[list[BoothChange], list[str]]:
    changes: dict[str, BoothChange] = {}
    skipped = []
    for shape in shapes:
        try:
            code = check_code(shape.label)
            place = _to_geometry(shape, scale)
        except Invalid:
            skipped.append(shape.label)
            continue
        if code in changes:
            skipped.append(code)
            continue
        row = known.get(code)
        changes[code] = BoothChange(code, place, row.id if row else None, row.version if row else 0)
    return list(changes.values()), skipped


def _to_geometry(shape: NamedShape, scale: float) -> Geometry:
    points = [(round(x * scale, 2), round(y * scale, 2)) for x, y in shape.points]
    box = box_around(points)
    sides = ((box.x, box.right), (box.y, box.bottom))
    is_upright = len(points) == 4 and all(  # noqa: PLR2004 - the corners of a rectangle
        min(abs(value - side) for side in pair) < TOLERANCE * 2
        for point in points
        for value, pair in zip(point, sides, strict=True)
    )
    if is_upright:
        return check_geometry({"x": box.x, "y": box.y, "width": box.width, "depth": box.depth})
    return check_geometry({"polygon": points})


def _fitting(structures: Sequence[dict[str, object]], width: float, drawing: Drawing) -> tuple[dict[str, object], ...]:
    """Return the walls and entrances that are still within the hall at its new size; its outline is redrawn."""
    depth = drawing.height * width / drawing.width

    def is_within(item: dict[str, object]) -> bool:
        if item["kind"] == StructureKind.OUTLINE:
            return False
        across = [item[name] for name in ("x", "x1", "x2") if name in item]
        along = [item[name] for name in ("y", "y1", "y2") if name in item]
        sizes = float(str(item.get("width", 0))), float(str(item.get("depth", 0)))
        return max(float(str(each)) for each in across) + sizes[0] <= width and (
            max(float(str(each)) for each in along) + sizes[1] <= depth
        )

    return tuple(each for each in structures if is_within(each))
