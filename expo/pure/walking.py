"""The shortest walk between two points of a hall around what is in it.

The hall is a grid of square cells; the search is A* over eight neighbours without cutting corners, with the octile
distance as its estimate (Hart, Nilsson and Raphael 1968, doi:10.1109/TSSC.1968.300136). The path then skips every point
that is not needed to see the next one, as after grid searches for games (Botea, Müller and Schaeffer 2004).
"""

import heapq
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from expo.pure.plane import Box, Point, box_around, contains

FINEST_CELL = 0.5
MAX_GRID_CELLS = 40_000
_DIAGONAL = math.sqrt(2)
# Lengths add up differently in each order; differences this small do not count.
_DIGITS = 6


@dataclass(frozen=True)
class Walk:
    """A path and its length in metres."""

    points: tuple[Point, ...]
    length: float


@dataclass
class WalkingGrid:
    """The cells of a hall, row by row within a border of blocked cells; `blocked` is 1 where nobody can walk."""

    cell: float
    columns: int
    rows: int
    blocked: bytearray
    # Walks already found, since many people ask for the same ones.
    known: dict[tuple[int, int], Walk | None] = field(default_factory=dict)
    # How far each cell is from one where many walks begin or end.
    distances: dict[int, dict[int, float]] = field(default_factory=dict)

    def index_of(self, point: Point) -> int:
        """Return the cell at a point; outside the hall, the nearest one."""
        column = min(max(int(point[0] / self.cell), 0), self.columns - 3) + 1
        row = min(max(int(point[1] / self.cell), 0), self.rows - 3) + 1
        return row * self.columns + column

    def point_of(self, index: int) -> Point:
        """Return the middle of a cell."""
        row, column = divmod(index, self.columns)
        return (column - 0.5) * self.cell, (row - 0.5) * self.cell


def make_grid(
    width: float,
    depth: float,
    shapes: Iterable[Sequence[Point]],
    walls: Iterable[tuple[Point, Point]] = (),
    outline: Sequence[Point] = (),
) -> WalkingGrid:
    """Return the grid of a hall in which shapes and walls block the way, and nobody walks outside the outline."""
    cell = max(FINEST_CELL, math.sqrt(width * depth / MAX_GRID_CELLS))
    columns, rows = math.ceil(width / cell) + 2, math.ceil(depth / cell) + 2
    blocked = bytearray(columns * rows)
    blocked[:columns] = blocked[-columns:] = b"\1" * columns
    for row in range(rows):
        blocked[row * columns] = blocked[(row + 1) * columns - 1] = 1
    grid = WalkingGrid(cell, columns, rows, blocked)
    if outline:
        inside = set(_cells_in(grid, outline))
        for index in range(len(blocked)):
            blocked[index] |= index not in inside
    for shape in shapes:
        for index in _cells_in(grid, shape):
            blocked[index] = 1
    for start, end in walls:
        steps = max(1, math.ceil(math.dist(start, end) / (cell / 2)))
        for step in range(steps + 1):
            share = step / steps
            point = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            blocked[grid.index_of(point)] = 1
    return grid


def find_walk(
    grid: WalkingGrid,
    start: Point,
    goal: Point,
    own_shapes: Collection[Sequence[Point]] = (),
    *,
    opening: Point | None = None,
) -> Walk | None:
    """Return the shortest walk; None if there is none.

    It may cross `own_shapes`: the booths where it starts and ends. If one of both ends is an opening of the hall, the
    distances to it are computed once for all walks, and lead the search straight to it.
    """
    first, last = grid.index_of(start), grid.index_of(goal)
    free = {index for shape in own_shapes for index in _cells_in(grid, shape)} | {first, last}
    key = (first, last)
    if key not in grid.known:
        if opening is not None and grid.index_of(opening) == first:
            cells = _search(grid, last, first, free, _distances_from(grid, first))
            cells = cells[::-1] if cells else None
        else:
            cells = _search(grid, first, last, free, _distances_from(grid, last) if opening is not None else None)
        grid.known[key] = _straighten(grid, cells, free, start, goal) if cells else None
    return grid.known[key]


def _distances_from(grid: WalkingGrid, start: int) -> dict[int, float]:
    """Return how far each cell is that can be reached from one, in cells (Dijkstra 1959)."""
    if start not in grid.distances:
        found: dict[int, float] = {}
        best = {start: 0.0}
        queue = [(0.0, start)]
        while queue:
            cost, index = heapq.heappop(queue)
            if index in found:
                continue
            found[index] = cost
            for neighbour, length in _neighbours(grid.columns, grid.blocked, index):
                total = cost + length
                if total < best.get(neighbour, math.inf):
                    best[neighbour] = total
                    heapq.heappush(queue, (total, neighbour))
        grid.distances[start] = found
    return grid.distances[start]


def _neighbours(columns: int, blocked: bytearray, index: int) -> list[tuple[int, float]]:
    """Return the free cells around one, and how far they are; nobody cuts corners."""
    below, above = index + columns, index - columns
    found: list[tuple[int, float]] = []
    for row in (below, above):
        if blocked[row]:
            continue
        found.append((row, 1.0))
        found += [(row + step, _DIAGONAL) for step in (1, -1) if not blocked[index + step] and not blocked[row + step]]
    return found + [(index + step, 1.0) for step in (1, -1) if not blocked[index + step]]


def _search(
    grid: WalkingGrid, first: int, last: int, free: Collection[int], distances: Mapping[int, float] | None = None
) -> list[int] | None:
    """Return the cells of a shortest way; with the distances to its end, only cells on it are visited."""
    columns, blocked = grid.columns, _open(grid, free)
    goal_row, goal_column = divmod(last, columns)

    def remaining(index: int) -> float:
        if distances is not None and index in distances:
            return distances[index]
        row, column = divmod(index, columns)
        across, along = abs(column - goal_column), abs(row - goal_row)
        return max(across, along) + (_DIAGONAL - 1) * min(across, along)

    best: dict[int, float] = {first: 0.0}
    came_from: dict[int, int] = {}
    # Of cells that seem equally good, the one that is nearest to the end is continued.
    queue = [(0.0, 0.0, first)]
    done: set[int] = set()
    while queue:
        _, _, index = heapq.heappop(queue)
        if index == last:
            return _trace(came_from, index)
        if index in done:
            continue
        done.add(index)
        cost = best[index]
        for neighbour, length in _neighbours(columns, blocked, index):
            total = cost + length
            if total < best.get(neighbour, math.inf):
                best[neighbour] = total
                came_from[neighbour] = index
                left = remaining(neighbour)
                heapq.heappush(queue, (round(total + left, _DIGITS), left, neighbour))
    return None


def _open(grid: WalkingGrid, free: Iterable[int]) -> bytearray:
    """Return which cells are blocked, apart from some."""
    blocked = bytearray(grid.blocked)
    for index in free:
        blocked[index] = 0
    return blocked


def _trace(came_from: Mapping[int, int], index: int) -> list[int]:
    cells = [index]
    while index in came_from:
        index = came_from[index]
        cells.append(index)
    return cells[::-1]


def _straighten(grid: WalkingGrid, cells: list[int], free: Collection[int], start: Point, goal: Point) -> Walk:
    points = [start, *(grid.point_of(each) for each in cells[1:-1]), goal]
    blocked = _open(grid, free)
    kept, at = [points[0]], 0
    while at < len(points) - 1:
        step = 1
        # Lines of sight get longer until one is blocked; looking further ahead finds little more.
        while at + step + 1 < len(points) and _sees(grid, blocked, points[at], points[at + step + 1]):
            step += 1
        at += step
        kept.append(points[at])
    return Walk(tuple(kept), length_of(kept))


def _sees(grid: WalkingGrid, blocked: bytearray, start: Point, end: Point) -> bool:
    """Return whether no cell that the line from start to end touches is blocked: row by row, each a run of cells."""
    (x, y), (other_x, other_y) = sorted((start, end), key=lambda each: each[1])
    x, y, other_x, other_y = x / grid.cell, y / grid.cell, other_x / grid.cell, other_y / grid.cell
    last_column, last_row = grid.columns - 3, grid.rows - 3
    first, last = min(max(int(y), 0), last_row), min(max(int(other_y), 0), last_row)
    slope = (other_x - x) / (other_y - y) if last > first else 0.0
    at = x
    for row in range(first, last + 1):
        further = other_x if row == last else x + (row + 1 - y) * slope
        left, right = (at, further) if at < further else (further, at)
        begin = (row + 1) * grid.columns + 1
        one, other = min(max(int(left), 0), last_column), min(max(int(right), 0), last_column)
        if blocked.find(1, begin + one, begin + other + 1) >= 0:
            return False
        at = further
    return True


def length_of(points: Sequence[Point]) -> float:
    """Return the length of a path."""
    return sum(math.dist(one, other) for one, other in pairwise(points))


def _cells_in(grid: WalkingGrid, shape: Sequence[Point]) -> list[int]:
    """Return the cells whose middle is within a shape."""
    box = box_around(shape)
    columns = range(_first_cell(box.x, grid.cell), min(_first_cell(box.right, grid.cell), grid.columns - 2))
    rows = range(_first_cell(box.y, grid.cell), min(_first_cell(box.bottom, grid.cell), grid.rows - 2))
    found = [(row + 1) * grid.columns + column + 1 for row in rows for column in columns]
    if _is_upright(shape, box):
        return found
    return [index for index in found if contains(shape, grid.point_of(index))]


def _first_cell(position: float, cell: float) -> int:
    """Return the first cell whose middle is not before a position."""
    return max(math.ceil(position / cell - 0.5), 0)


def _is_upright(shape: Sequence[Point], box: Box) -> bool:
    return len(shape) == 4 and all(x in (box.x, box.right) and y in (box.y, box.bottom) for x, y in shape)  # noqa: PLR2004
