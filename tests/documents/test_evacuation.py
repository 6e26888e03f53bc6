"""The evacuation list on paper: everybody of a zone with a box to tick, each zone on its own pages."""

from pathlib import Path

import pytest

from expo.documents.evacuation import (
    ROWS_PER_PAGE,
    EvacuationLabels,
    EvacuationRow,
    EvacuationSection,
    render_evacuation_list,
)
from tests.documents.papers import information, ink, pictures, words

LABELS = EvacuationLabels(
    title="Evacuation list",
    as_of="As of 10:31",
    head=("Name", "Company", "Code", "Entered", "Last seen"),
    page="Page {page} of {pages}",
    nobody="Nobody is inside.",
)


def _people(count: int) -> list[EvacuationRow]:
    return [EvacuationRow(f"Person {number}", "数据有限公司", "ABCD-2345", "09:31", "09:40") for number in range(count)]


def test_list_when_zones_are_long_and_empty_then_everybody_once_and_each_zone_on_its_own_page(tmp_path: Path) -> None:
    sections = [
        EvacuationSection("Hall 1", "41 people", _people(ROWS_PER_PAGE + 2)),
        EvacuationSection("Lounge", "0 people", []),
    ]

    paper = render_evacuation_list(sections, LABELS, "Expo 2027", "en")

    pages = words(paper, tmp_path).split("\f")
    assert information(paper, tmp_path)["Pages"] == "3"
    assert [("Hall 1" in page, "Lounge" in page) for page in pages[:3]] == [(True, False), (True, False), (False, True)]
    assert sum(page.count("Person ") for page in pages) == ROWS_PER_PAGE + 2
    assert ("Nobody is inside." in pages[2], "Page 2 of 3" in pages[1]) == (True, True)


def test_list_when_there_are_no_zones_then_a_page_says_that_nobody_is_inside(tmp_path: Path) -> None:
    paper = render_evacuation_list([], LABELS, "Expo 2027", "en")

    assert (information(paper, tmp_path)["Pages"], "Nobody is inside." in words(paper, tmp_path)) == ("1", True)


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
def test_list_when_texts_are_long_then_nothing_outside_the_margins(language: str, tmp_path: Path) -> None:
    row = EvacuationRow("Wolfeschlegelsteinhausen " * 6, "有限公司" * 30, "ABCD-2345", "09:31", "09:40", "?")
    section = EvacuationSection("Hall " * 40, "41 people " * 40, [row])

    (page,) = pictures(render_evacuation_list([section], LABELS, "Expo " * 60, language), tmp_path, dpi=60)

    assert ink(page) > 0
    assert [ink(page, box) for box in ((0, 0, 0.05, 1), (0.95, 0, 1, 1))] == [0, 0]
