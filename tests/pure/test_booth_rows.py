"""Numbered booths are arranged in rows with aisles."""

from hypothesis import given, strategies as st

from expo.pure.booth_rows import arrange, number_row, row_of, sort_numbers
from expo.pure.plane import corners_of, find_overlaps, is_inside


@given(st.lists(st.from_regex(r"[A-D]-?[0-9]{1,3}", fullmatch=True), unique=True, max_size=80), st.integers(0, 90))
def test_arrangement_when_any_numbers_are_given_then_nothing_overlaps_and_all_are_inside(
    codes: list[str], width: int
) -> None:
    found = arrange(codes, width)

    outlines = [corners_of(each) for each in found.boxes]
    assert len(outlines) == len(codes)
    assert list(find_overlaps(outlines)) == []
    assert all(is_inside(each, found.width, found.depth) for each in outlines)


def test_arrangement_when_rows_are_numbered_then_neighbours_stand_side_by_side() -> None:
    codes = [*number_row("A-", 1, 8), *number_row("B-", 1, 8)]

    boxes = dict(zip(codes, arrange(codes, 40).boxes, strict=True))

    assert boxes["A-02"].x == boxes["A-01"].right
    assert boxes["A-08"].y == boxes["A-01"].y
    # Back to back, without an aisle.
    assert boxes["B-01"].y == boxes["A-01"].bottom


def test_numbers_when_sorted_then_count_as_people_do() -> None:
    assert sort_numbers(["A-10", "A-2", "B-1", "A-1"]) == ["A-1", "A-2", "A-10", "B-1"]
    assert [row_of(each) for each in ("3-B17", "A01", "17", "Suite")] == ["3-b", "a", "", ""]


def test_row_when_numbered_by_twos_then_leaves_out_every_second_number() -> None:
    assert number_row("C", 1, 3, step=2, digits=3) == ["C001", "C003", "C005"]
