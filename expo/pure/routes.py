"""The shortest route between two points of a site with several halls, and its turns.

Inside a hall people walk around obstacles (`walking`); from hall to hall they go through passages, or outside
from entrance to entrance in a straight line. Which openings to take is found by A* over the openings, with the straight
line as its estimate.
"""

import heapq
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import count, pairwise

from expo.pure.plane import Point
from expo.pure.walking import Walk, WalkingGrid, find_walk, length_of

# People walk alone at 1.34 m/s (Weidmann 1993, Transporttechnik der Fussgänger); among others, slower.
METRES_PER_MINUTE = 66
_TURN_DEGREES = 35
# Shorter pieces of a path are corrections of its course, not turns.
_SHORTEST_PIECE = 1.5


@dataclass(frozen=True)
class WalkHall:
    """A hall as walkers see it: its place on the site, its grid, its entrances, and its passages to other halls."""

    code: str
    origin: Point
    grid: WalkingGrid
    entrances: tuple[Point, ...] = ()
    passages: tuple[tuple[Point, str], ...] = ()

    @property
    def openings(self) -> tuple[Point, ...]:
        """Return entrances, then passages."""
        return (*self.entrances, *(point for point, _ in self.passages))


@dataclass(frozen=True)
class Stop:
    """A point in a hall; `shape` is the outline of the booth around it, which may be entered."""

    hall: str
    point: Point
    shape: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Leg:
    """A part of a route: within a hall in its coordinates, or outside (`hall` is empty) in those of the site."""

    hall: str
    points: tuple[Point, ...]
    length: float


@dataclass(frozen=True)
class Route:
    """A route and its length in metres."""

    legs: tuple[Leg, ...]
    length: float

    @property
    def minutes(self) -> int:
        """Return how long the walk takes, rounded up."""
        return max(1, math.ceil(self.length / METRES_PER_MINUTE))


class TurnKind(StrEnum):
    """How to continue."""

    STRAIGHT = "straight"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True)
class Turn:
    """A piece of a path: how to turn into it, where, and how far to walk then."""

    kind: TurnKind
    at: Point
    metres: float


# A place in the search: a hall and the number of its opening, or -1 for the goal; None is the start.
_Place = tuple[str, int]
_Node = _Place | None
_GOAL = -1


def find_route(halls: Mapping[str, WalkHall], start: Stop, goal: Stop) -> Route | None:
    """Return the shortest route; None if there is none."""
    target = _on_site(halls[goal.hall], goal.point)
    order = count()
    best: dict[_Node, float] = {None: 0.0}
    came_from: dict[_Node, tuple[_Node, Leg]] = {}
    queue: list[tuple[float, int, _Node]] = [(0.0, next(order), None)]
    done: set[_Node] = set()
    while queue:
        _, _, node = heapq.heappop(queue)
        if node == (goal.hall, _GOAL):
            return _route_of(came_from, node)
        if node in done:
            continue
        done.add(node)
        for neighbour, leg in _moves(halls, node, start, goal):
            total = best[node] + leg.length
            if total < best.get(neighbour, math.inf):
                best[neighbour] = total
                came_from[neighbour] = (node, leg)
                hall = halls[neighbour[0]]
                point = goal.point if neighbour[1] == _GOAL else hall.openings[neighbour[1]]
                remaining = math.dist(_on_site(hall, point), target)
                heapq.heappush(queue, (total + remaining, next(order), neighbour))
    return None


def _moves(halls: Mapping[str, WalkHall], node: _Node, start: Stop, goal: Stop) -> Iterator[tuple[_Place, Leg]]:
    hall = halls[start.hall if node is None else node[0]]
    here = start if node is None else Stop(hall.code, hall.openings[node[1]])
    if hall.code == goal.hall:
        shapes = [each for each in (here.shape, goal.shape) if each]
        walk = find_walk(hall.grid, here.point, goal.point, shapes, opening=None if node is None else here.point)
        if walk:
            # Nobody leaves a hall to get to a place that can be reached inside it.
            yield (hall.code, _GOAL), _leg(hall, walk)
            return
    for number, point in enumerate(hall.openings):
        if node == (hall.code, number):
            continue
        walk = find_walk(hall.grid, here.point, point, [here.shape] if here.shape else [], opening=point)
        if walk:
            yield (hall.code, number), _leg(hall, walk)
    if node is not None:
        yield from _ways_out(halls, hall, node[1])


def _ways_out(halls: Mapping[str, WalkHall], hall: WalkHall, opening: int) -> Iterator[tuple[_Place, Leg]]:
    """Yield where an opening leads: a passage to the one back, or to the nearest opening; an entrance to all others."""
    here = _on_site(hall, hall.openings[opening])
    if opening >= len(hall.entrances):
        other = halls.get(hall.passages[opening - len(hall.entrances)][1])
        if other is None or not other.openings:
            return
        back = [len(other.entrances) + at for at, (_, to) in enumerate(other.passages) if to == hall.code]
        candidates = back or range(len(other.openings))
        nearest = min(candidates, key=lambda each: math.dist(here, _on_site(other, other.openings[each])))
        points = (here, _on_site(other, other.openings[nearest]))
        yield (other.code, nearest), Leg("", points, length_of(points))
        return
    for other in halls.values():
        if other.code == hall.code:
            continue
        for number, point in enumerate(other.entrances):
            points = (here, _on_site(other, point))
            yield (other.code, number), Leg("", points, length_of(points))


def _on_site(hall: WalkHall, point: Point) -> Point:
    return hall.origin[0] + point[0], hall.origin[1] + point[1]


def _leg(hall: WalkHall, walk: Walk) -> Leg:
    return Leg(hall.code, walk.points, walk.length)


def _route_of(came_from: Mapping[_Node, tuple[_Node, Leg]], node: _Node) -> Route:
    legs: list[Leg] = []
    while node is not None:
        node, leg = came_from[node]
        legs.append(leg)
    legs.reverse()
    return Route(tuple(legs), sum(each.length for each in legs))


def list_turns(points: Sequence[Point]) -> list[Turn]:
    """Return the pieces of a path with the turn into each; slight bends and short corrections are left out."""
    pieces = [(one, other) for one, other in pairwise(points) if math.dist(one, other) > _SHORTEST_PIECE] or (
        [(points[0], points[-1])] if len(points) > 1 else []
    )
    turns: list[Turn] = []
    heading = 0.0
    for start, end in pieces:
        direction = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
        change = (direction - heading + 180) % 360 - 180 if turns else 0.0
        metres = math.dist(start, end)
        if turns and abs(change) < _TURN_DEGREES:
            last = turns.pop()
            turns.append(Turn(last.kind, last.at, last.metres + metres))
        else:
            kind = TurnKind.STRAIGHT if not turns else TurnKind.RIGHT if change > 0 else TurnKind.LEFT
            turns.append(Turn(kind, start, metres))
        heading = direction
    return turns
