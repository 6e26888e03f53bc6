"""Routes around booths and over several halls."""

import math
from itertools import pairwise

import pytest

from expo.pure.plane import Box, corners_of
from expo.pure.routes import Stop, TurnKind, WalkHall, find_route, list_turns
from expo.pure.walking import find_walk, make_grid


def test_walk_when_a_wall_is_in_the_way_then_goes_around_it() -> None:
    grid = make_grid(20, 10, [], [((10, 0), (10, 8))])

    walk = find_walk(grid, (2, 2), (18, 2))

    assert walk is not None
    around = math.dist((2, 2), (10, 8)) + math.dist((10, 8), (18, 2))
    assert around <= walk.length < around * 1.1
    assert max(y for _, y in walk.points) > 8


def test_walk_when_nothing_is_in_the_way_then_is_a_straight_line() -> None:
    walk = find_walk(make_grid(20, 10, []), (1, 1), (17, 9))

    assert walk is not None
    assert walk.points == ((1, 1), (17, 9))


def test_walk_when_closed_in_then_there_is_none() -> None:
    grid = make_grid(20, 10, [], [((10, 0), (10, 10))])

    assert find_walk(grid, (2, 2), (18, 2)) is None


def test_walk_when_it_starts_in_a_booth_then_leaves_it_but_enters_no_other() -> None:
    booths = [corners_of(Box(x, 4, 3, 3)) for x in (3, 6, 9, 12)]
    grid = make_grid(20, 12, booths)

    walk = find_walk(grid, (4.5, 5.5), (13.5, 5.5), [booths[0], booths[3]])

    assert walk is not None
    assert walk.length > 9
    middle = [point for point in walk.points if 6 < point[0] < 12]
    assert all(y <= 4.5 or y >= 6.5 for _, y in middle)


def test_walk_when_to_or_from_an_opening_then_is_as_short_and_enters_no_booth() -> None:
    booths = [corners_of(Box(x, y, 3, 3)) for x in range(2, 35, 3) for y in (3, 6, 12, 15)]
    opening = (39.5, 10.0)
    for booth in booths[::5]:
        middle = booth[0][0] + 1.5, booth[0][1] + 1.5
        for ends in ((middle, opening), (opening, middle)):
            plain = find_walk(make_grid(40, 20, booths), *ends, [booth])
            walk = find_walk(make_grid(40, 20, booths), *ends, [booth], opening=opening)

            assert plain is not None
            assert walk is not None
            assert math.isclose(walk.length, plain.length, rel_tol=0.03)
            assert (walk.points[0], walk.points[-1]) == ends
            others = [each for each in booths if each != booth]
            inner = [(each[0][0] + 0.5, each[0][1] + 0.5) for each in others]
            for one, other in pairwise(walk.points):
                for step in range(101):
                    x = one[0] + (other[0] - one[0]) * step / 100
                    y = one[1] + (other[1] - one[1]) * step / 100
                    assert not any(left < x < left + 2 and top < y < top + 2 for left, top in inner)


def _halls() -> dict[str, WalkHall]:
    grid = make_grid(20, 10, [])
    return {
        "a": WalkHall("a", (0, 0), grid, entrances=((0, 5),), passages=(((20, 5), "b"),)),
        "b": WalkHall("b", (22, 0), make_grid(20, 10, []), entrances=((20, 5),), passages=(((0, 5), "a"),)),
        "c": WalkHall("c", (0, 30), make_grid(20, 10, []), entrances=((10, 0),)),
    }


def test_route_when_halls_have_a_passage_between_them_then_goes_through_it() -> None:
    route = find_route(_halls(), Stop("a", (10, 5)), Stop("b", (10, 5)))

    assert route is not None
    assert [leg.hall for leg in route.legs] == ["a", "", "b"]
    assert route.length == pytest.approx(22)
    assert route.minutes == 1


def test_route_when_a_hall_has_only_an_entrance_then_leads_outside() -> None:
    route = find_route(_halls(), Stop("b", (10, 5)), Stop("c", (10, 5)))

    assert route is not None
    assert [leg.hall for leg in route.legs] in (["b", "", "a", "", "c"], ["b", "", "c"])
    assert route.legs[-1].points[0] == (10, 0)


def test_route_when_halls_are_closed_then_there_is_none() -> None:
    halls = {code: WalkHall(code, (0, 0), make_grid(10, 10, [])) for code in "ab"}

    assert find_route(halls, Stop("a", (1, 1)), Stop("b", (1, 1))) is None


def test_turns_when_the_path_bends_then_say_left_and_right() -> None:
    turns = list_turns([(0, 10), (10, 10), (10, 0), (20, 0), (20.5, 0.2), (30, 0)])

    assert [(each.kind, round(each.metres)) for each in turns] == [
        (TurnKind.STRAIGHT, 10), (TurnKind.LEFT, 10), (TurnKind.RIGHT, 20),
    ]  # fmt: skip
