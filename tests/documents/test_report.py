"""Reports on paper: every part with its title, long tables on further pages, nothing outside the margins."""

from pathlib import Path

import pytest

from expo.documents.report import Bars, Cell, Figure, Figures, Report, Table, render_report
from tests.documents.papers import information, ink, pictures, words


def test_report_when_a_table_is_long_then_it_continues_with_its_columns(tmp_path: Path) -> None:
    rows = [[Cell(f"Company {number}"), Cell(str(number), number)] for number in range(90)]
    report = Report(
        "Report", "Expo", "As of 10:31", "Page {page} of {pages}", [Table("t", "All", ["Name", "Visits"], rows)]
    )

    paper = render_report(report, "Expo 2027", "en")

    text = words(paper, tmp_path)
    assert information(paper, tmp_path)["Pages"] == "3"
    assert (text.count("Company "), text.count("Visits"), "Page 3 of 3" in text) == (90, 3, True)


def test_report_when_columns_and_names_are_long_then_they_are_written_in_full(tmp_path: Path) -> None:
    columns = ["Topic", "Sought by attendees", "Sought by companies", "Offered by companies"]
    booths = ", ".join(f"A-{number:03}" for number in range(60))
    table = Table("t", "Topics", columns, [[Cell(booths), *[Cell("1", 1)] * 3]])

    text = words(render_report(Report("Report", "Expo", "", "{page}", [table]), "Expo", "en"), tmp_path)

    assert "…" not in text
    assert (text.count("attendees"), text.count("companies"), "A-059" in text) == (1, 2, True)


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
def test_report_when_texts_are_long_then_nothing_outside_the_margins(language: str, tmp_path: Path) -> None:
    long = "Wolfeschlegelsteinhausen" * 6 + "有限公司" * 20
    parts: list[Figures | Bars | Table] = [
        Figures("f", long, [Figure(long, "12,345", 12345, long)] * 5, long),
        Bars("b", long, [long] * 40, [(long, [1.0] * 40), (long, [2.5] * 40)], long),
        Table("t", long, [long] * 7, [[Cell(long)] * 7]),
        Bars("e", "Empty", [], [], "", empty=long),
    ]

    pages = pictures(render_report(Report(long, long, long, "{page}/{pages}", parts), long, language), tmp_path, dpi=60)

    for page in pages:
        assert ink(page) > 0
        assert [ink(page, box) for box in ((0, 0, 0.05, 1), (0.95, 0, 1, 1))] == [0, 0]
