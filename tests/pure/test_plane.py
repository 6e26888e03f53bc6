"""Shapes in a plane: overlaps, areas, and what is inside."""

import pytest

from expo.pure.plane import Box, area_of, contains, corners_of, find_overlaps, has_crossing_edges, is_inside, overlap

SQUARE = corners_of(Box(0, 0, 2, 2))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (corners_of(Box(2, 0, 2, 2)), False),
        (corners_of(Box(1.9, 0, 2, 2)), True),
        (corners_of(Box(0.5, 0.5, 1, 1)), True),
        (SQUARE, True),
        (corners_of(Box(2.4, 0.5, 1, 1), 45), False),
        (corners_of(Box(1.9, 0.5, 1, 1), 45), True),
        (((4, 0), (4, 4), (0, 4)), False),
        (((3, 0), (3, 3), (0, 3)), True),
        # A cross: no corner of one is inside the other.
        (corners_of(Box(0.5, -1, 1, 4)), True),
    ],
)
def test_overlap_when_shapes_touch_or_cross_then_only_common_area_counts(
    other: tuple[tuple[float, float], ...], *, expected: bool
) -> None:
    assert overlap(SQUARE, other) is expected
    assert overlap(other, SQUARE) is expected


def test_overlaps_when_many_shapes_are_given_then_each_pair_is_found_once() -> None:
    shapes = [corners_of(Box(x, 0, 3, 3)) for x in (0, 3, 5, 9)]

    assert list(find_overlaps(shapes)) == [(1, 2)]


def test_area_when_turned_then_stays() -> None:
    assert area_of(corners_of(Box(1, 1, 3, 2), 30)) == pytest.approx(6)


def test_polygon_when_edges_cross_then_is_found() -> None:
    assert has_crossing_edges([(0, 0), (2, 2), (2, 0), (0, 2)])
    assert not has_crossing_edges(SQUARE)


def test_points_when_outside_then_are_not_contained() -> None:
    assert contains(SQUARE, (1, 1))
    assert not contains(SQUARE, (3, 1))
    assert not is_inside(corners_of(Box(8, 0, 3, 3)), 10, 10)
