"""Contacts as vCard files: nothing that somebody typed begins a line of its own."""

from datetime import UTC, datetime

from hypothesis import given, strategies

from expo.formats.vcards import Card, write_vcards

AT = datetime(2027, 5, 26, 2, 0, tzinfo=UTC)


def _unfold(file: bytes) -> list[str]:
    return file.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_card_when_written_then_has_what_is_known_and_escapes_the_rest() -> None:
    card = Card(
        "urn:expo:x:1", "王芳; Fang, \\W", "数据谷", "CTO", "China", "fang@example.org", "+8685112345678",
        "First\r\nEND:VCARD", ("Big Data Expo 2027",), AT, "Wang Fang",
    )  # fmt: skip

    assert _unfold(write_vcards([card])) == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "UID:urn:expo:x:1",
        r"FN:王芳\; Fang\, \\W",
        "NICKNAME:Wang Fang",
        "ORG:数据谷",
        "TITLE:CTO",
        "ADR:;;;;;;China",
        "EMAIL:fang@example.org",
        "TEL;VALUE=uri:tel:+8685112345678",
        "CATEGORIES:Big Data Expo 2027",
        r"NOTE:First\nEND:VCARD",
        "REV:20270526T020000Z",
        "END:VCARD",
    ]


@given(strategies.lists(strategies.text(), min_size=4, max_size=4))
def test_card_when_of_any_text_then_lines_are_short_and_only_properties_begin_them(texts: list[str]) -> None:
    name, company, note, category = texts

    file = write_vcards([Card("u", name or "x", company, note=note, categories=(category,))])

    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    heads = [line.partition(":")[0] for line in _unfold(file)]
    assert heads[:3] == ["BEGIN", "VERSION", "UID"]
    assert set(heads) <= {"BEGIN", "VERSION", "UID", "FN", "ORG", "NOTE", "CATEGORIES", "END"}
    assert heads.count("END") == 1
