"""Excel files: the text that a cell shows is read, and no file asks for more than there is."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import xlsxwriter

from expo.formats import headers, workbooks
from expo.formats.cell_formats import show_number
from expo.formats.errors import BadFile
from expo.formats.uploads import read_uploaded_table
from tests.conftest import shared_file
from tests.formats.bombs import far_cell_xlsx

KNOWN = ("Company", "Hall", "Booth", "Country")


def workbook(write: Callable[[Any, Any], None], name: str = "List") -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    write(book, book.add_worksheet(name))
    book.close()
    return out.getvalue()


def rows_of(data: bytes, sheet: str = "") -> list[list[str]]:
    table = read_uploaded_table(data, sheet=sheet, known=KNOWN).table
    return [list(table.columns), *(list(row.cells.values()) for row in table.rows)]


def unpacked_to(data: bytes, megabytes: int) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/media/x", "w") as part:
        for _ in range(megabytes):
            part.write(bytes(1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (7, "000", "007"),
        (512, "0-00", "5-12"),
        (46519, "d-mmm", "12-May"),
        (46519, "yyyy-mm-dd", "2027-05-12"),
        (46519.5, "yyyy-mm-dd hh:mm", "2027-05-12 12:00"),
        (46519, '[$-804]yyyy"年"m"月"d"日";@', "2027年5月12日"),
        (45057, "d-mmm", "11-May"),
        (0.75, "h:mm AM/PM", "6:00 PM"),
        (1.25, "[h]:mm", "30:00"),
        (100000, "General", "100000"),
        (3.1, "General", "3.1"),
        (0.1 + 0.2, "General", "0.3"),
        (8613800138000, "General", "8613800138000"),
        (5551234567, "(000) 000-0000", "(555) 123-4567"),
        (12, '"A-"00', "A-12"),
        (0.5, "0%", "50%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (-5, "0;(0)", "(5)"),
        (0.25, "# ?/?", "1/4"),
        (12345, "0.00E+00", "1.23E+04"),
        (1500, '0.0,"k"', "1.5k"),
        (5, "@", "5"),
    ],
)
def test_cell_when_it_has_a_number_format_then_read_as_it_is_shown(
    value: float, number_format: str, shown: str
) -> None:
    assert show_number(value, number_format) == shown


def test_workbook_when_cells_have_formats_then_read_as_they_are_shown() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Company", "Booth", "Since"])
        sheet.write_string(1, 0, "Alpha")
        sheet.write_number(1, 1, 7, book.add_format({"num_format": "000"}))
        sheet.write_datetime(1, 2, datetime(2027, 5, 12), book.add_format({"num_format": "d/m/yyyy"}))  # noqa: DTZ001
        sheet.write_rich_string(2, 0, "Be", book.add_format({"bold": True}), "ta")
        sheet.write_boolean(2, 1, True)
        sheet.write_formula(2, 2, "=NA()", None, "#N/A")

    assert rows_of(workbook(write)) == [
        ["Company", "Booth", "Since"],
        ["Alpha", "007", "12/5/2027"],
        ["Beta", "TRUE"],
    ]


def test_workbook_when_it_has_titles_merged_cells_and_headings_then_the_rows_are_found_and_filled() -> None:
    def write(_book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 3, "Exhibitors of the expo 2027")
        sheet.write_string(1, 0, "as of 1 March")
        sheet.write_row(3, 0, ["Company", "Hall", "Booth", "Country"])
        sheet.merge_range(4, 0, 4, 3, "Ground floor")
        sheet.merge_range(5, 0, 6, 0, "Alpha")
        sheet.merge_range(5, 1, 7, 1, "Hall 1")
        sheet.write_column(5, 2, ["A1", "A2", "B7"])
        sheet.write_string(7, 0, "Beta")
        sheet.merge_range(5, 3, 7, 3, "Spain")

    assert rows_of(workbook(write)) == [
        ["Company", "Hall", "Booth", "Country"],
        ["Alpha", "Hall 1", "A1", "Spain"],
        ["Alpha", "Hall 1", "A2", "Spain"],
        ["Beta", "Hall 1", "B7", "Spain"],
    ]


def test_workbook_when_it_has_several_sheets_then_all_are_offered_and_the_first_with_rows_is_read() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    hidden, empty, first, second = (book.add_worksheet(name) for name in ("Lists", "Cover", "Hall 1", "Hall 2"))
    empty.activate()
    hidden.hide()
    for sheet, name in ((hidden, "Hidden"), (first, "Alpha"), (second, "Beta")):
        sheet.write_column(0, 0, ["Company", name])
    book.close()
    data = out.getvalue()

    read = read_uploaded_table(data, known=KNOWN)

    assert (read.sheet, read.sheets) == ("Hall 1", ("Lists", "Cover", "Hall 1", "Hall 2"))
    assert rows_of(data, "Hall 2") == [["Company"], ["Beta"]]
    with pytest.raises(BadFile, match="sheet_missing"):
        read_uploaded_table(data, sheet="Hall 3")


def test_workbook_when_a_cell_is_at_the_last_position_then_the_limit_is_named() -> None:
    with pytest.raises(BadFile) as refused:
        read_uploaded_table(far_cell_xlsx())

    assert (refused.value.code, refused.value.params["cell"]) == ("table_too_wide", "XFD1048576")


@pytest.mark.parametrize(
    ("module", "name", "value", "code"),
    [
        (workbooks, "MAX_SHEETS", 0, "workbook_sheets"),
        (workbooks, "MAX_PARTS", 3, "workbook_parts"),
        (workbooks, "MAX_SHARED_TEXTS", 2, "workbook_texts"),
        (workbooks, "MAX_MERGED_AREAS", 0, "workbook_merged"),
        (workbooks, "MAX_CELLS", 2, "table_too_many_cells"),
        (workbooks, "MAX_COLUMNS", 1, "table_too_wide"),
        (workbooks, "MAX_ROWS", 0, "table_too_large"),
        (headers, "MAX_ROWS", 0, "table_too_large"),
    ],
)
def test_workbook_when_it_passes_a_bound_then_the_bound_is_named(
    monkeypatch: pytest.MonkeyPatch, module: Any, name: str, value: int, code: str
) -> None:
    def write(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Company", "Booth"])
        sheet.write_row(1, 0, ["Alpha", "A1"])
        sheet.merge_range(3, 0, 3, 1, "Beta")

    data = workbook(write)
    monkeypatch.setattr(module, name, value)

    with pytest.raises(BadFile) as refused:
        read_uploaded_table(data)
    assert refused.value.code == code


def test_workbook_when_it_unpacks_to_far_more_than_its_size_then_refused_unread() -> None:
    data = workbook(lambda _book, sheet: sheet.write_string(0, 0, "Company"))

    with pytest.raises(BadFile, match="workbook_ratio"):
        read_uploaded_table(unpacked_to(data, 40))
    with pytest.raises(BadFile, match="workbook_unpacked"):
        read_uploaded_table(unpacked_to(data, 513))


def test_workbook_when_it_declares_entities_then_refused() -> None:
    data = workbook(lambda _book, sheet: sheet.write_string(0, 0, "Company"))
    source, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with source, zipfile.ZipFile(out, "w") as changed:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/workbook.xml":
                text = text.replace(b"<workbook ", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook ')
            changed.writestr(name, text)

    with pytest.raises(BadFile, match="file_broken"):
        read_uploaded_table(out.getvalue())


def test_reported_workbook_when_read_then_booths_are_as_shown() -> None:
    data = shared_file("cases/10-odd-cells.xlsx").read_bytes()

    assert [row[2] if len(row) > 2 else "" for row in rows_of(data)[1:]][:5] == [
        "12-May",
        "101",
        "100000",
        "3.1",
        "007",
    ]


def repacked(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in source.namelist():
            text = source.read(name)
            changed.writestr(name, change(text) if name == part else text)
    return out.getvalue()


def archive_of(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<a/>")
    return out.getvalue()


ENTITY = b'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
DECLARATION = b'<?xml version="1.0" encoding="UTF-16"?>'


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"<sst", ENTITY + b"<sst", 1).replace(b"Company", b"&x;"),
        lambda text: text.replace(b"<sst", b"<!--" + b" " * 3000 + b"-->" + ENTITY + b"<sst", 1),
        lambda text: (DECLARATION + ENTITY + text.partition(b"?>")[2]).decode().encode("utf-16"),
        lambda text: text.replace(b"<sst", b"<!DOCTYPE sst [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><sst", 1),
        lambda text: text[:-20],
    ],
    ids=["entity", "below a long comment", "utf-16", "laughs", "cut off"],
)
def test_workbook_when_its_texts_declare_entities_or_are_broken_then_refused(change: Callable[[bytes], bytes]) -> None:
    data = workbook(lambda _book, sheet: sheet.write_column(0, 0, ["Company", "Alpha"]))

    with pytest.raises(BadFile, match="file_broken"):
        read_uploaded_table(repacked(data, "xl/sharedStrings.xml", change))


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024) + "EncryptedPackage".encode("utf-16-le") + bytes(1024),
        archive_of("mimetype", "content.xml")[:6] + b"\x01" + archive_of("mimetype", "content.xml")[7:],
    ],
    ids=["xlsx", "zip"],
)
def test_workbook_when_it_is_locked_then_said_so_or_refused(data: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        read_uploaded_table(data)
    assert refused.value.code in {"workbook_encrypted", "file_broken"}


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("[Content_Types].xml", "word/document.xml"), "Word"),
        (("[Content_Types].xml", "ppt/presentation.xml"), "PowerPoint"),
        (("Index/Document.iwa", "Metadata/Properties.plist"), "Numbers"),
        (("list.csv",), "ZIP"),
    ],
)
def test_archive_when_it_is_no_workbook_then_its_kind_is_named(names: tuple[str, ...], kind: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_uploaded_table(archive_of(*names))
    assert (refused.value.code, refused.value.params["kind"]) == ("file_kind", kind)


def test_workbook_when_thousands_of_rows_are_only_styled_then_the_list_is_read() -> None:
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/></row>' % (at, at) for at in range(3, 9_000))
    data = workbook(lambda _book, sheet: sheet.write_column(0, 0, ["Company", "Alpha"]))
    data = repacked(
        data, "xl/worksheets/sheet1.xml", lambda text: text.replace(b"</sheetData>", rows + b"</sheetData>")
    )

    assert rows_of(data) == [["Company"], ["Alpha"]]


def test_workbook_when_cells_are_of_many_kinds_then_each_is_read_as_shown() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["List of exhibitors"])
        sheet.write_row(2, 0, ["Company", "Booth", "Country", "Phone", "Share", "Price", "Total", "When"])
        sheet.write_row(3, 0, ["Alpha", "007", "Spain", "0049 171 555"])
        sheet.write_number(3, 4, 0.125, book.add_format({"num_format": "0.0%"}))
        sheet.write_number(3, 5, 1280.5, book.add_format({"num_format": '"¥"#,##0.00'}))
        sheet.write_formula(3, 6, "=1+1", None, 2)
        sheet.write_datetime(3, 7, datetime(2027, 5, 1), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
        sheet.write_number(4, 3, 8613800138000)
        sheet.write_string(4, 0, "Beta")
        sheet.set_row(4, None, None, {"hidden": True})

    expected = [
        ["Company", "Booth", "Country", "Phone", "Share", "Price", "Total", "When"],
        ["Alpha", "007", "Spain", "0049 171 555", "12.5%", "¥1,280.50", "2", "2027-05-01"],
        ["Beta", "", "", "8613800138000"],
    ]
    assert rows_of(workbook(write)) == expected
    from_1904 = repacked(
        workbook(write), "xl/workbook.xml", lambda text: text.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')
    )
    assert rows_of(from_1904)[1][-1] == "2031-05-02"
