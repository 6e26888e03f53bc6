"""Shapes in a plane, in metres: rectangles that may be turned, polygons, their overlaps and areas."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

Point = tuple[float, float]

# Shapes that overlap by less than this touch each other, in metres.
TOLERANCE = 0.005
_CORNERS = 3


@dataclass(frozen=True)
class Box:
    """An upright rectangle; x and y are its upper left corner, and y grows downwards."""

    x: float
    y: float
    width: float
    depth: float

    @property
    def right(self) -> float:
        """Return the x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Return the y of the lower edge."""
        return self.y + self.depth

    @property
    def centre(self) -> Point:
        """Return the middle."""
        return self.x + self.width / 2, self.y + self.depth / 2

    def meets(self, other: "Box") -> bool:
        """Return whether the boxes overlap by more than the tolerance."""
        return (
            min(self.right, other.right) - max(self.x, other.x) > TOLERANCE
            and min(self.bottom, other.bottom) - max(self.y, other.y) > TOLERANCE
        )


def corners_of(box: Box, degrees: float = 0) -> tuple[Point, ...]:
    """Return the corners of a rectangle that is turned clockwise around its centre."""
    points = ((box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom))
    if not degrees % 360:
        return points
    (cx, cy), angle = box.centre, math.radians(degrees)
    cosine, sine = math.cos(angle), math.sin(angle)
    return tuple(
        (cx + (x - cx) * cosine - (y - cy) * sine, cy + (x - cx) * sine + (y - cy) * cosine) for x, y in points
    )


def box_around(points: Sequence[Point]) -> Box:
    """Return the smallest upright rectangle that contains the points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def area_of(points: Sequence[Point]) -> float:
    """Return the area of a polygon without crossing edges (shoelace formula)."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in _edges(points))) / 2


def contains(points: Sequence[Point], point: Point) -> bool:
    """Return whether a point is inside a polygon (even-odd rule)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in _edges(points):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def has_crossing_edges(points: Sequence[Point]) -> bool:
    """Return whether two edges of a polygon cross, so that it has no clear inside."""
    edges = list(_edges(points))
    return any(_cross(first, second) for at, first in enumerate(edges) for second in edges[at + 2 :])


def overlap(first: Sequence[Point], second: Sequence[Point]) -> bool:
    """Return whether two polygons overlap; those that only touch do not."""
    if not box_around(first).meets(box_around(second)):
        return False
    if any(_cross(one, other) for one in _edges(first) for other in _edges(second)):
        return True
    return any(contains(second, each) for each in _inner_points(first)) or any(
        contains(first, each) for each in _inner_points(second)
    )


def find_overlaps(shapes: Sequence[Sequence[Point]]) -> Iterator[tuple[int, int]]:
    """Yield the positions of the shapes that overlap, in pairs, by sweeping over them from left to right."""
    boxes = [box_around(each) for each in shapes]
    active: list[int] = []
    for at in sorted(range(len(shapes)), key=lambda each: boxes[each].x):
        active = [each for each in active if boxes[each].right > boxes[at].x + TOLERANCE]
        for each in active:
            if overlap(shapes[each], shapes[at]):
                yield min(each, at), max(each, at)
        active.append(at)


def is_inside(points: Iterable[Point], width: float, depth: float) -> bool:
    """Return whether all points are within a hall of this size."""
    return all(-TOLERANCE <= x <= width + TOLERANCE and -TOLERANCE <= y <= depth + TOLERANCE for x, y in points)


def lies_within(points: Sequence[Point], outline: Sequence[Point]) -> bool:
    """Return whether a polygon is within another one; it may touch its edges."""
    if any(_cross(one, other) for one in _edges(points) for other in _edges(outline)):
        return False
    return all(contains(outline, each) for each in _inner_points(points))


def _edges(points: Sequence[Point]) -> Iterator[tuple[Point, Point]]:
    return zip(points, [*points[1:], points[0]], strict=True)


def _inner_points(points: Sequence[Point]) -> list[Point]:
    """Return the middle of a polygon and points just inside its corners."""
    middle = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
    near = [(x + (middle[0] - x) * 0.01, y + (middle[1] - y) * 0.01) for x, y in points]
    return [each for each in (middle, *near) if len(points) >= _CORNERS and contains(points, each)]


def _cross(first: tuple[Point, Point], second: tuple[Point, Point]) -> bool:
    """Return whether two edges cross at a point within both, by more than the tolerance."""
    (a, b), (c, d) = first, second
    return _divides(a, b, c, d) and _divides(c, d, a, b)


def _divides(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Return whether the line through a and b has c and d on different sides, each further than the tolerance."""
    length = math.dist(a, b)
    if not length:
        return False
    one = ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / length
    other = ((b[0] - a[0]) * (d[1] - a[1]) - (b[1] - a[1]) * (d[0] - a[0])) / length
    return (one > TOLERANCE and other < -TOLERANCE) or (one < -TOLERANCE and other > TOLERANCE)
