"""Text tables: where the header row is, what separates the cells, and in which encoding they are written."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from expo.formats.encodings import decode_as, detect_encoding
from expo.formats.errors import BadFile
from expo.formats.headers import map_columns
from expo.formats.tables import read_records, write_xlsx

KNOWN = ("name", "e-mail", "country", "ticket type")
HEAD = "Name,E-mail,Country,Ticket type,Company\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sep=;\nName;E-mail;Country;Ticket type\nRosa;r@e.org;Spain;Visitor\n", 3),
        ('"sep=|"\nName|E-mail|Country|Ticket type\nRosa|r@e.org|Spain|Visitor\n', 3),
        (",Name,E-mail,Country,Ticket type,\n0,Rosa,r@e.org,Spain,Visitor,\n", 2),
        ("Attendees, all\n\nas of 1 March 2027\nName,E-mail,Country,Ticket type\nRosa,r@e.org,Spain,Visitor\n", 5),
        ("Expo;;;\nName;E-mail;Country;Ticket type\nRosa;r@e.org;Spain;Visitor\n", 3),
        ("NAME *\tE_Mail\tCountry:\tTicket type (required)\nRosa\tr@e.org\tSpain\tVisitor\n", 2),
    ],
)
def test_text_when_its_head_is_odd_then_the_rows_are_found(text: str, line: int) -> None:
    table = read_records(text.encode(), known=KNOWN)

    columns = map_columns(table, dict.fromkeys(KNOWN, ()))
    assert [(row.line, [row.cells[columns[name]] for name in KNOWN]) for row in table.rows] == [
        (line, ["Rosa", "r@e.org", "Spain", "Visitor"])
    ]


def test_text_when_a_column_is_there_twice_then_it_matters_only_where_it_is_needed() -> None:
    table = read_records(b"Name,Note,Note,Country,Country\nRosa,a,b,Spain,Spain\nJonah,c,d,Kenya,\n")

    assert table.columns == ("Name", "Note", "Note (2)", "Country")
    assert map_columns(table, {"name": (), "country": ()}) == {"name": "Name", "country": "Country"}
    with pytest.raises(BadFile, match="table_header_twice"):
        map_columns(table, {"note": ()})


def test_text_when_a_head_is_in_two_languages_then_found() -> None:
    table = read_records("姓名 Name,国家/Country\nRosa,Spain\n".encode())

    assert map_columns(table, {"name": ("姓名",), "country": ("国家",)}) == {
        "name": "姓名 Name",
        "country": "国家/Country",
    }


@pytest.mark.parametrize(
    ("encoding", "row"),
    [
        ("cp1252", "Jürgen Müller,a@b.org,Germany,Visitor,Köhler GmbH"),
        ("cp1252", "Müller,a@b.org,x,Visitor,"),
        ("cp1252", "José Núñez,a@b.org,x,Visitor,Compañía"),
        ("cp932", "山田 太郎,a@b.org,x,Visitor,三菱電機"),
        ("euc_jp", "田中一郎,a@b.org,Japan,Visitor,株式会社テスト"),
        ("iso2022_jp", "山田太郎,a@b.org,x,Visitor,"),
        ("gb18030", "张伟,a@b.org,x,Visitor,贵州大数据"),
        ("big5hkscs", "陳大文,a@b.org,x,Visitor,台灣電子"),
        ("cp949", "김민수,a@b.org,x,Visitor,삼성전자"),
        ("cp1251", "Иван Петров,a@b.org,x,Visitor,Ромашка"),
        ("koi8_r", "Иван Петров,a@b.org,x,Visitor,Ромашка"),
        ("cp1250", "Jiří Dvořák,a@b.org,x,Visitor,Škoda"),
        ("iso8859_2", "Łukasz Wiśniewski,a@b.org,Poland,Visitor,Żółć"),
        ("cp1254", "Ayşe Yılmaz,a@b.org,x,Visitor,Işık"),
        ("cp1253", "Γιώργος Παπαδόπουλος,a@b.org,x,Visitor,Αθήνα"),
        ("cp1255", "דוד כהן,a@b.org,x,Visitor,"),
        ("cp1256", "محمد أحمد,a@b.org,x,Visitor,شركة"),
        ("cp874", "สมชาย ใจดี,a@b.org,x,Visitor,บริษัท"),
        ("mac_roman", "José Núñez,a@b.org,x,Visitor,Bäckerei"),
        ("cp850", "Jürgen Müller,a@b.org,x,Visitor,Köln"),
        ("utf-16-le", "张伟,a@b.org,x,Visitor,"),
    ],
)
def test_encoding_when_no_mark_says_it_then_found_and_to_be_confirmed(encoding: str, row: str) -> None:
    data = f"{HEAD}{row}\n".encode(encoding)

    found, is_certain = detect_encoding(data)

    assert (decode_as(data, found), is_certain) == (f"{HEAD}{row}\n", False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encoding_when_it_is_utf_then_certain(encoding: str) -> None:
    data = f"{HEAD}Jürgen,a@b.org\n".encode(encoding)

    found, is_certain = detect_encoding(data)

    assert (decode_as(data, found), is_certain) == (f"{HEAD}Jürgen,a@b.org\n", True)


def test_workbook_when_written_then_does_not_say_when_so_that_the_same_rows_give_the_same_bytes() -> None:
    written = write_xlsx(["a"], [["b"]], "List")

    assert b"1980-01-01T00:00:00Z</dcterms:created>" in ZipFile(BytesIO(written)).read("docProps/core.xml")
