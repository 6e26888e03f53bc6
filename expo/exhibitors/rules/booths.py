"""Rules of booths: their geometry, their numbers, and whether they are free, held or sold. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from expo.errors import Invalid
from expo.exhibitors.rules.companies import MAX_BOOTH_LENGTH
from expo.exhibitors.rules.plans import MAX_SIDE, check_corners, check_measure
from expo.pure.plane import Box, Point, box_around, corners_of, find_overlaps, is_inside, lies_within

MIN_BOOTH_SIDE = 0.5
MAX_PRICE = 10**12
MAX_CHANGES = 2000


class BoothState(StrEnum):
    """Whether a booth can still be taken."""

    FREE = "free"
    HELD = "held"
    SOLD = "sold"


@dataclass(frozen=True)
class Geometry:
    """Where a booth is, in metres; a polygon's box is the rectangle around it, and it is not turned."""

    box: Box
    rotation: int = 0
    polygon: tuple[Point, ...] = ()

    @property
    def corners(self) -> tuple[Point, ...]:
        """Return the outline."""
        return self.polygon or corners_of(self.box, self.rotation)


def state_at(state: str, held_until: datetime | None, now: datetime) -> BoothState:
    """Return the state of a booth at a moment: a hold that has run out leaves it free."""
    if state == BoothState.HELD and held_until is not None and held_until <= now:
        return BoothState.FREE
    return BoothState(state)


def check_code(text: str) -> str:
    """Return a booth number without control characters and extra spaces. Raises Invalid."""
    kept = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    code = re.sub(r"\s+", " ", unicodedata.normalize("NFC", kept)).strip()
    if not code:
        raise Invalid("booth_number_empty", field="code")
    if len(code) > MAX_BOOTH_LENGTH:
        raise Invalid("text_too_long", field="code", maximum=MAX_BOOTH_LENGTH)
    return code


def check_geometry(values: Mapping[str, Any]) -> Geometry:
    """Return the geometry that x, y, width, depth and rotation, or a polygon, describe. Raises Invalid."""
    points = values.get("polygon")
    if points:
        return _check_polygon(points)
    box = Box(
        check_measure(values.get("x"), "x", -MAX_SIDE, MAX_SIDE, "position_invalid"),
        check_measure(values.get("y"), "y", -MAX_SIDE, MAX_SIDE, "position_invalid"),
        check_measure(values.get("width"), "width", MIN_BOOTH_SIDE, MAX_SIDE, "size_invalid"),
        check_measure(values.get("depth"), "depth", MIN_BOOTH_SIDE, MAX_SIDE, "size_invalid"),
    )
    rotation = check_measure(values.get("rotation") or 0, "rotation", -360, 360, "rotation_invalid")
    return Geometry(box, round(rotation) % 360)


def _check_polygon(points: object) -> Geometry:
    corners = check_corners(points, (-MAX_SIDE, -MAX_SIDE), (MAX_SIDE, MAX_SIDE))
    box = box_around(corners)
    if min(box.width, box.depth) < MIN_BOOTH_SIDE:
        raise Invalid("polygon_invalid", field="polygon")
    return Geometry(Box(*(round(each, 2) for each in (box.x, box.y, box.width, box.depth))), 0, corners)


def find_faults(
    booths: Sequence[tuple[str, Geometry]], width: float, depth: float, hall: Sequence[Point] = ()
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the numbers of booths that overlap, in pairs, and of those that are not fully within the hall.

    `hall` has the corners of a hall that is not a rectangle.
    """
    outlines = [geometry.corners for _, geometry in booths]
    pairs = [(booths[first][0], booths[second][0]) for first, second in find_overlaps(outlines)]
    outside = [
        code
        for (code, _), corners in zip(booths, outlines, strict=True)
        if not is_inside(corners, width, depth) or (hall and not lies_within(corners, hall))
    ]
    return sorted(pairs), outside
