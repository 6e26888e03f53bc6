import json
from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts, get_edition
from expo.errors import Conflict
from expo.exhibitors.exports import COLUMNS, export_directory
from expo.exhibitors.queries import BoothName, count_exhibitors, list_all_exhibitors, list_choices
from expo.exhibitors.rules import CompanyChange, read_companies
from expo.exhibitors.services import preview_companies
from expo.flows.exhibitor_import import import_exhibitors
from expo.formats.errors import BadFile
from tests.conftest import make_edition, shared_file

HEAD = ",".join(COLUMNS)
GOOD = f"""{HEAD}
贵州大数据,Hall 1,A12; A13,We sell data.,example.cn,Cloud; 大数据,中国
Café Müller,Hall 2,B7,"Two
lines",https://cafe.example,Cloud,Germany
Nowhere Ltd,,,,,,
""".encode()


def run_import(edition: EditionFacts, data: bytes, now: datetime, *, take_good: bool = False) -> CompanyChange:
    return import_exhibitors(SYSTEM, edition.id, read_companies(data), now, take_good=take_good)


def names(edition: EditionFacts) -> list[str]:
    return [row.name for row in list_all_exhibitors(edition.id)]


def real_file() -> bytes:
    return shared_file("companies/exhibitors.csv").read_bytes()


def test_import_when_rows_are_good_then_companies_have_categories_booths_and_halls(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    change = run_import(edition, GOOD, now)

    assert change == CompanyChange(("贵州大数据", "Café Müller", "Nowhere Ltd"), (), 0)
    first, second, third = list_all_exhibitors(edition.id)
    assert (first.country, first.website, first.description) == ("CN", "https://example.cn", {"en": "We sell data."})
    assert [category.name for category in first.categories] == [{"en": "Cloud"}, {"en": "大数据"}]
    assert first.booths == (BoothName("A12", {"en": "Hall 1"}), BoothName("A13", {"en": "Hall 1"}))
    assert (second.country, second.description) == ("DE", {"en": "Two\nlines"})
    assert second.categories == first.categories[:1]
    assert (third.country, third.website, third.description, third.booths) == ("", "", {}, ())
    assert len({row.slug for row in (first, second, third)}) == 3


@pytest.mark.parametrize(
    ("row", "code", "column", "params"),
    [
        (",Hall 1,A1,,,,", "company_name_empty", "Name", {}),
        (f"{'x' * 201},,,,,,", "text_too_long", "Name", {"maximum": 200}),
        (f"x,,,{'y' * 10_001},,,", "text_too_long", "Description", {"maximum": 10_000}),
        ("x,,,,javascript:alert(1),,", "website_invalid", "Website", {"website": "javascript:alert(1)"}),
        ("x,,,,http://[::1,,", "website_invalid", "Website", {"website": "http://[::1"}),
        ("x,,,,localhost,,", "website_invalid", "Website", {"website": "localhost"}),
        (f"x,,,,https://e.org/{'z' * 500},,", "website_invalid", "Website", {"website": f"https://e.org/{'z' * 86}"}),
        ("x,,,,,,Atlantis", "country_not_known", "Country", {"country": "Atlantis"}),
        ("x,,{},,,,".format(";".join(map(str, range(51)))), "booths_too_many", "Booth_Number", {"maximum": 50}),
        ("ｆｉｒｓｔ  LTD,,,,,,France", "company_twice", "Name", {"other_line": 2}),
    ],
)
def test_read_when_a_row_is_bad_then_line_column_and_reason_are_told(
    row: str, code: str, column: str, params: dict[str, object]
) -> None:
    data = f'{HEAD}\nFirst Ltd,,,"Two\nlines",,,Germany\n\n{row}\nLast Ltd,,,,,,\n'

    read = read_companies(data.encode())

    assert [(each.line, each.column, each.code, each.params) for each in read.problems] == [(5, column, code, params)]
    assert [company.name for company in read.companies] == ["First Ltd", "Last Ltd"]


def test_import_when_one_row_is_bad_then_all_or_nothing_unless_the_good_are_wanted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    data = GOOD + b"x,,,,,,Atlantis\n"

    with pytest.raises(Conflict) as refused:
        run_import(edition, data, now)

    assert (refused.value.code, refused.value.params) == ("rows_refused", {"count": 1})
    assert names(edition) == []
    assert get_edition(edition.id).content_version == edition.content_version
    run_import(edition, data, now, take_good=True)
    assert names(edition) == ["贵州大数据", "Café Müller", "Nowhere Ltd"]


def test_import_when_the_same_file_comes_again_then_nothing_changes(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, GOOD, now)
    before = list_all_exhibitors(edition.id)

    seen = preview_companies(SYSTEM, edition.id, read_companies(GOOD))
    done = run_import(edition, GOOD, now + timedelta(hours=1))

    assert seen == done == CompanyChange((), (), 3)
    assert list_all_exhibitors(edition.id) == before


def test_import_when_a_company_changed_then_keeps_its_address_and_others_stay(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, GOOD, now)
    before = list_all_exhibitors(edition.id)

    change = run_import(edition, f"{HEAD}\nCAFÉ  Müller,Hall 1,A12,,,Robots,AT\n".encode(), now)

    after = list_all_exhibitors(edition.id)
    assert change == CompanyChange((), ("CAFÉ Müller",), 0)
    assert (after[0], after[2]) == (before[0], before[2])
    assert (after[1].id, after[1].slug, after[1].name) == (before[1].id, before[1].slug, "CAFÉ Müller")
    assert (after[1].country, after[1].website, after[1].description) == ("AT", "", {})
    assert [category.name for category in after[1].categories] == [{"en": "Robots"}]
    assert after[1].booths == (BoothName("A12", {"en": "Hall 1"}),)


def test_import_when_into_one_edition_then_another_stays(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    other = make_edition(now, "expo-2028", 2028)
    run_import(other, GOOD, now)
    before = list_all_exhibitors(other.id)

    change = run_import(edition, GOOD.replace(b"Germany", b"France"), now)

    assert len(change.added) == 3
    assert list_all_exhibitors(other.id) == before
    assert list_choices(edition.id).countries == (("CN", 1), ("FR", 1))
    assert list_choices(other.id).countries == (("CN", 1), ("DE", 1))


@pytest.mark.parametrize("name", ["csv", "xlsx", "json"])
def test_export_when_imported_again_then_unchanged(
    name: str, each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    tricky = '=1+1 Ltd,"Hall 1, west","+7; -8","@all; really: ""yes""",e.org/?a=1,"A, B; C",US\n'
    run_import(edition, GOOD + tricky.encode(), now)
    before = list_all_exhibitors(edition.id)

    change = run_import(edition, export_directory(SYSTEM, edition.id, name), now)

    assert change == CompanyChange((), (), 4)
    assert list_all_exhibitors(edition.id) == before


def test_import_when_venues_begin_alike_then_each_is_a_hall_of_its_own(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    venue = "International Exhibition and Convention Centre"

    run_import(edition, f"{HEAD}\nOne,{venue} North,1,,,,\nTwo,{venue} South,1,,,,\n".encode(), now)

    halls = [name for _, name in list_choices(edition.id).halls]
    assert halls == [{"en": f"{venue} North"}, {"en": f"{venue} South"}]


def test_import_when_texts_are_as_long_as_they_come_then_kept_or_refused_by_the_row(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    rows = [
        {"name": "㍿" * 200},
        {"name": "Booth", "booth": "b" * 101},
        {"name": "Category", "categories": "c" * 5000},
        {"name": "Venue", "venue": "v" * 5000, "booth": "1"},
        {"name": "Address", "website": "e.org/\x00"},
        {"name": "Text\x00\ud800", "description": "no\x00\n\ud800thing", "categories": "\x00"},
    ]

    read = read_companies(json.dumps(rows).encode())
    import_exhibitors(SYSTEM, edition.id, read, now, take_good=True)

    assert [(each.line, each.column, each.code) for each in read.problems] == [
        (1, "name", "text_too_long"),
        (2, "booth", "text_too_long"),
    ]
    assert names(edition) == ["Category", "Venue", "Address", "Text"]
    assert list_all_exhibitors(edition.id)[3].description == {"en": "no\nthing"}


def test_import_when_asked_by_a_stranger_then_refused(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    wanted = read_companies(GOOD)

    with pytest.raises(PermissionMissing):
        import_exhibitors(ANONYMOUS, edition.id, wanted, now)
    with pytest.raises(PermissionMissing):
        preview_companies(ANONYMOUS, edition.id, wanted)
    with pytest.raises(PermissionMissing):
        export_directory(ANONYMOUS, edition.id, "csv")

    assert names(edition) == []


def test_read_when_there_is_no_column_of_names_then_says_which_there_are() -> None:
    with pytest.raises(BadFile) as refused:
        read_companies("Who,Where\nx,y\n".encode("utf-8-sig"))

    assert (refused.value.code, refused.value.line) == ("table_column_missing", 1)
    assert refused.value.params["columns"] == "Who, Where"


def test_read_when_columns_are_named_otherwise_then_found_by_usual_names_or_as_told() -> None:
    chinese = read_companies("公司名称;国家\n贵州大数据;中国\n".encode("gb18030"))
    told = read_companies(b"Who\tWhere\nx\tchina\n", {"who": "name", "Where": "country"})

    assert [(each.name, each.country) for each in chinese.companies] == [("贵州大数据", "CN")]
    assert [(each.name, each.country) for each in told.companies] == [("x", "CN")]


def test_import_when_the_real_list_comes_then_no_row_is_refused_and_it_goes_out_again(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    read = read_companies(real_file())
    assert (len(read.companies), read.problems) == (1200, ())

    change = import_exhibitors(SYSTEM, edition.id, read, now)
    again = [run_import(edition, export_directory(SYSTEM, edition.id, name), now) for name in ("csv", "xlsx", "json")]

    assert (len(change.added), count_exhibitors(edition.id)) == (1200, 1200)
    assert again == [CompanyChange((), (), 1200)] * 3


def test_import_when_a_company_is_on_two_lines_then_it_has_the_booths_of_both_and_survives_export_and_import(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    lines = (
        "name,booth_number,hall,country",
        "Alpha Sound,B03,Hall 1,",
        "alpha sound,TG27,Hall 2,CN",
        "Alpha Sound,B04,Hall 1,",
    )
    data = "\n".join(lines).encode()

    run_import(edition, data, now)
    again = [run_import(edition, export_directory(SYSTEM, edition.id, name), now) for name in ("csv", "xlsx", "json")]

    (company,) = list_all_exhibitors(edition.id)
    assert company.booths == (
        BoothName("B03", {"en": "Hall 1"}),
        BoothName("B04", {"en": "Hall 1"}),
        BoothName("TG27", {"en": "Hall 2"}),
    )
    assert (company.name, company.country) == ("Alpha Sound", "CN")
    assert again == [CompanyChange((), (), 1)] * 3


def test_read_when_excel_took_a_booth_for_a_date_then_the_booth() -> None:
    read = read_companies(b"name,booth\nAlpha,12-May\nBeta,May-32\nGamma,12-Mai\n")

    assert [each.booths for each in read.companies] == [("5-12",), ("5-32",), ("12-Mai",)]
