from itertools import combinations

import pytest
from hypothesis import given, strategies as st

from expo.pure.layout import A4, MM, BadgeBoxes, Block, Box, LabelSheet, badge_boxes, lanes, paginate, share_columns


def named(boxes: BadgeBoxes, *names: str) -> list[Box]:
    return [getattr(boxes, name) for name in names]


def test_badge_boxes_when_laid_out_then_all_lie_on_the_page_and_none_over_another() -> None:
    boxes = badge_boxes()
    parts = named(boxes, "head", "edition", "name", "details", "qr_ground", "band")

    assert all(boxes.page.contains(part) for part in (*parts, boxes.qr, boxes.short_code, boxes.band_word))
    assert [(one, two) for one, two in combinations(parts, 2) if one.overlaps(two)] == []


def test_badge_boxes_when_laid_out_then_the_code_is_40_mm_with_four_modules_around() -> None:
    boxes = badge_boxes()
    module = boxes.qr.width / 37

    assert boxes.qr.width == pytest.approx(40 * MM)
    assert boxes.qr.height == pytest.approx(40 * MM)
    assert boxes.qr.x - boxes.qr_ground.x == pytest.approx(4 * module)
    assert boxes.qr_ground.top - boxes.qr.top == pytest.approx(4 * module)
    # The short code's ink starts below the quiet zone.
    assert boxes.short_code.y + boxes.short_code.height / 2 < boxes.qr.y - 3 * module


def test_box_when_mirrored_twice_then_stands_where_it_stood() -> None:
    box = Box(10, 20, 30, 40)

    assert box.mirrored(100) == Box(60, 20, 30, 40)
    assert box.mirrored(100).mirrored(100) == box


blocks = st.lists(st.tuples(st.floats(5, 60), st.integers(0, 1)), max_size=80).map(
    lambda rows: [Block(height, sum(step for _, step in rows[: place + 1])) for place, (height, _) in enumerate(rows)]
)


@given(blocks)
def test_paginate_when_given_any_rows_then_keeps_all_in_order_within_the_page(rows: list[Block]) -> None:
    pages = paginate(rows, 200)

    assert [place for page in pages for place in page] == list(range(len(rows)))
    assert all(sum(rows[place].height for place in page) <= 200 for page in pages)


def test_paginate_when_a_page_would_end_with_a_group_s_first_row_then_moves_it() -> None:
    rows = [Block(50, 0), Block(50, 0), Block(50, 0), Block(50, 1), Block(50, 1), Block(50, 1)]

    assert paginate(rows, 200) == [range(3), range(3, 6)]


def test_paginate_when_a_page_would_begin_with_a_group_s_last_row_then_brings_another() -> None:
    rows = [Block(50, 0)] * 5

    assert paginate(rows, 200) == [range(3), range(3, 5)]


def test_paginate_when_a_row_is_higher_than_a_page_then_has_its_own() -> None:
    assert paginate([Block(10, 0), Block(500, 1), Block(10, 2)], 100) == [range(1), range(1, 2), range(2, 3)]


def test_paginate_when_groups_have_heads_then_counts_them() -> None:
    rows = [Block(40, 0, 20), Block(40, 0, 20), Block(40, 1, 20)]

    assert paginate(rows, 120) == [range(2), range(2, 3)]


spans = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=30
)


@given(spans)
def test_lanes_when_spans_overlap_then_have_different_lanes_of_the_same_number(
    given_spans: list[tuple[int, int]],
) -> None:
    result = lanes(given_spans)

    assert all(0 <= lane < count for lane, count in result)
    for (one, at_one), (two, at_two) in combinations(zip(given_spans, result, strict=True), 2):
        if one[0] < two[1] and two[0] < one[1]:
            assert at_one[0] != at_two[0]
            assert at_one[1] == at_two[1]


def test_lanes_when_nothing_overlaps_then_each_has_the_whole_width() -> None:
    assert lanes([(0, 10), (10, 20), (25, 30)]) == [(0, 1), (0, 1), (0, 1)]


@pytest.mark.parametrize(("count", "shares"), [(0, []), (1, [1]), (6, [6]), (7, [4, 3]), (35, [6, 6, 6, 6, 6, 5])])
def test_share_columns_when_there_are_many_then_spreads_them_evenly(count: int, shares: list[int]) -> None:
    assert share_columns(count, 6) == shares


def test_label_sheet_when_laid_out_then_labels_lie_on_the_page_row_by_row() -> None:
    sheet = LabelSheet(A4, 2, 2, (105 * MM, 148 * MM), 0, 0.5 * MM)
    boxes = list(sheet.boxes())

    assert len(boxes) == 4
    assert boxes[0].x == 0
    assert boxes[1].x == pytest.approx(105 * MM)
    assert boxes[0].y > boxes[2].y
    assert all(Box(0, 0, *A4).contains(box) for box in boxes)
