"""A gate's list: a page for every ticket, letters in order, names in any script, long texts cut off."""

from io import BytesIO
from pathlib import Path

from expo.documents.gate_list import GateEntry, GateListLabels, render_gate_list
from tests.documents.papers import information, words

LABELS = GateListLabels("Expo · Main gate", "As of today")


def entry(name: str, letter: str, ticket: str = "Visitor", **values: str) -> GateEntry:
    return GateEntry(
        name=name,
        latin_name=values.get("latin_name", ""),
        company=values.get("company", ""),
        ticket=ticket,
        code=values.get("code", "ABCD-2345"),
        letter=letter,
        language="en",
    )


def render(*entries: GateEntry) -> tuple[bytes, int, list[int]]:
    out, progress = BytesIO(), list[int]()
    pages = render_gate_list(entries, LABELS, "en", out, progress.append)
    return out.getvalue(), pages, progress


def test_list_when_there_are_two_tickets_then_each_begins_a_page(tmp_path: Path) -> None:
    pdf, pages, progress = render(
        entry("Ada", "A"), entry("张伟", "Z", latin_name="Zhang Wei"), entry("Bo", "B", "Press", company="x" * 300)
    )

    text = words(pdf, tmp_path)
    assert (pages, progress, information(pdf, tmp_path)["Pages"]) == (2, [2, 3], "2")
    assert [part for part in ("Visitor · A – Z", "张伟 Zhang Wei", "Press · B", "Page 2") if part in text] == [
        "Visitor · A – Z",
        "张伟 Zhang Wei",
        "Press · B",
        "Page 2",
    ]


def test_list_when_there_are_many_then_all_are_on_it(tmp_path: Path) -> None:
    pdf, pages, progress = render(*(entry(f"Name {n}", "N", code=f"N{n:04}") for n in range(100)))

    text = words(pdf, tmp_path)
    assert (pages, progress[-1]) == (3, 100)
    assert all(f"N{n:04}" in text for n in range(100))


def test_list_when_nobody_may_enter_then_said(tmp_path: Path) -> None:
    pdf, pages, _progress = render()

    assert (pages, "Nobody may enter here." in words(pdf, tmp_path)) == (1, True)
