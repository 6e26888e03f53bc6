"""Rules of floor plans: the size of a hall, and its walls, obstacles, entrances and passages. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from expo.errors import Invalid
from expo.pure.plane import Point, area_of, has_crossing_edges

MIN_SIDE, MAX_SIDE = 1.0, 2000.0
MAX_POSITION = 10_000.0
MAX_STRUCTURES = 500
MAX_LABEL_LENGTH = 80
MIN_CORNERS, MAX_CORNERS = 3, 40


class StructureKind(StrEnum):
    """Something in a hall besides booths."""

    WALL = "wall"
    OBSTACLE = "obstacle"
    ENTRANCE = "entrance"
    PASSAGE = "passage"
    # The corners of a hall that is not a rectangle.
    OUTLINE = "outline"


@dataclass(frozen=True)
class Wall:
    """A wall from one point to another."""

    start: Point
    end: Point


@dataclass(frozen=True)
class Obstacle:
    """A pillar, a stage or a counter: a rectangle in which nobody walks."""

    x: float
    y: float
    width: float
    depth: float
    label: str = ""


@dataclass(frozen=True)
class Opening:
    """An entrance from outside, or a passage to another hall, whose code is `to`."""

    x: float
    y: float
    label: str = ""
    to: str = ""


@dataclass(frozen=True)
class Structures:
    """Everything in a hall besides booths."""

    walls: tuple[Wall, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    entrances: tuple[Opening, ...] = ()
    passages: tuple[Opening, ...] = ()
    outline: tuple[Point, ...] = ()


@dataclass(frozen=True)
class PlanRequest:
    """The size of a hall, its position on the site plan, and the structures in it."""

    width: float
    depth: float
    x: float = 0
    y: float = 0
    structures: tuple[Mapping[str, Any], ...] = field(default=())


def check_plan(request: PlanRequest) -> PlanRequest:
    """Return the plan with its figures rounded to centimetres. Raises Invalid.

    Codes: `size_invalid`, `position_invalid`, `structures_too_many`, `structure_invalid`.
    """
    width = check_measure(request.width, "width", MIN_SIDE, MAX_SIDE, "size_invalid")
    depth = check_measure(request.depth, "depth", MIN_SIDE, MAX_SIDE, "size_invalid")
    x = check_measure(request.x, "x", -MAX_POSITION, MAX_POSITION, "position_invalid")
    y = check_measure(request.y, "y", -MAX_POSITION, MAX_POSITION, "position_invalid")
    return PlanRequest(width, depth, x, y, tuple(check_structures(request.structures, width, depth)))


def check_measure(value: object, name: str, least: float, most: float, code: str) -> float:
    """Return a number of metres rounded to centimetres. Raises Invalid with the code if it is outside the limits."""
    try:
        number = round(float(value), 2)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise Invalid(code, field=name, least=least, most=most) from None
    if not math.isfinite(number) or not least <= number <= most:
        raise Invalid(code, field=name, least=least, most=most)
    return number


def check_corners(points: object, least: Point, most: Point) -> tuple[Point, ...]:
    """Return the corners of a polygon, rounded to centimetres. Raises Invalid `polygon_invalid`.

    Edges may not cross, and all corners are between two others.
    """
    if not isinstance(points, Sequence) or isinstance(points, str) or not MIN_CORNERS <= len(points) <= MAX_CORNERS:
        raise Invalid("polygon_invalid", field="polygon")
    corners = []
    for point in points:
        if not isinstance(point, Sequence) or len(point) != 2:  # noqa: PLR2004 - x and y
            raise Invalid("polygon_invalid", field="polygon")
        x, y = (
            check_measure(value, "polygon", low, high, "polygon_invalid")
            for value, low, high in zip(point, least, most, strict=True)
        )
        corners.append((x, y))
    if has_crossing_edges(corners) or not area_of(corners):
        raise Invalid("polygon_invalid", field="polygon")
    return tuple(corners)


def check_structures(items: object, width: float, depth: float) -> list[dict[str, Any]]:
    """Return walls, obstacles, entrances and passages with only the keys that each kind has, all within the hall.

    Raises Invalid `structures_too_many`, or `structure_invalid` with the position of the item.
    """
    if not isinstance(items, Sequence) or isinstance(items, str):
        raise Invalid("structure_invalid", field="structures", number=1)
    if len(items) > MAX_STRUCTURES:
        raise Invalid("structures_too_many", field="structures", maximum=MAX_STRUCTURES)
    checked = []
    for number, item in enumerate(items, 1):
        try:
            checked.append(_check_structure(item, width, depth))
        except (Invalid, KeyError, TypeError, ValueError):
            raise Invalid("structure_invalid", field="structures", number=number) from None
    return checked


def _check_structure(item: Any, width: float, depth: float) -> dict[str, Any]:
    kind = StructureKind(item["kind"])

    def across(name: str) -> float:
        return check_measure(item[name], name, 0, width, "structure_invalid")

    def along(name: str) -> float:
        return check_measure(item[name], name, 0, depth, "structure_invalid")

    if kind is StructureKind.WALL:
        return {"kind": kind.value, "x1": across("x1"), "y1": along("y1"), "x2": across("x2"), "y2": along("y2")}
    if kind is StructureKind.OUTLINE:
        corners = check_corners(item["points"], (0, 0), (width, depth))
        return {"kind": kind.value, "points": [list(point) for point in corners]}
    found: dict[str, Any] = {"kind": kind.value, "x": across("x"), "y": along("y")}
    label = " ".join(str(item.get("label", "")).split())[:MAX_LABEL_LENGTH]
    if kind is StructureKind.OBSTACLE:
        found["width"] = check_measure(item["width"], "width", 0.05, width - found["x"], "structure_invalid")
        found["depth"] = check_measure(item["depth"], "depth", 0.05, depth - found["y"], "structure_invalid")
    if kind is StructureKind.PASSAGE:
        found["to"] = str(item["to"])[:MAX_LABEL_LENGTH]
    return found | ({"label": label} if label else {})


def read_structures(items: Sequence[Mapping[str, Any]]) -> Structures:
    """Return stored structures as values."""
    openings = [(each["kind"], Opening(each["x"], each["y"], each.get("label", ""), each.get("to", "")))
        for each in items if each["kind"] in (StructureKind.ENTRANCE, StructureKind.PASSAGE)]  # fmt: skip
    return Structures(
        walls=tuple(
            Wall((each["x1"], each["y1"]), (each["x2"], each["y2"]))
            for each in items
            if each["kind"] == StructureKind.WALL
        ),
        obstacles=tuple(
            Obstacle(each["x"], each["y"], each["width"], each["depth"], each.get("label", ""))
            for each in items
            if each["kind"] == StructureKind.OBSTACLE
        ),
        entrances=tuple(opening for kind, opening in openings if kind == StructureKind.ENTRANCE),
        passages=tuple(opening for kind, opening in openings if kind == StructureKind.PASSAGE),
        outline=next(
            (tuple((x, y) for x, y in each["points"]) for each in items if each["kind"] == StructureKind.OUTLINE), ()
        ),
    )
