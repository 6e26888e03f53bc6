from datetime import datetime

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.queries import (
    ExhibitorFilter,
    count_exhibitors,
    get_exhibitor,
    list_all_exhibitors,
    list_choices,
    list_exhibitors,
    list_exhibitors_by_id,
    list_neighbours,
    paginate_exhibitors,
)
from expo.exhibitors.rules import read_companies
from expo.flows.exhibitor_import import import_exhibitors
from tests.conftest import make_edition

COMPANIES = """name,venue,booth,categories,country
张江数据,Hall 1,A1,Cloud; Big data,CN
Café Müller,Hall 2,B7,Cloud,DE
Zhangjiagang Steel,Hall 1,A2,Industry,CN
100% Robots,,,Industry; Robots; Cloud,FR
"""


def run_import(edition: EditionFacts, text: str, now: datetime) -> None:
    import_exhibitors(SYSTEM, edition.id, read_companies(text.encode()), now)


@pytest.fixture
def companies(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    """Four companies here, and one of the same name with everything in another edition."""
    run_import(edition, COMPANIES, now)
    other = make_edition(now, "expo-2028", 2028)
    run_import(other, "name,venue,booth,categories,country\n张江数据,Hall 1,A1,Cloud; Big data; Elsewhere,CN\n", now)


def names(edition: EditionFacts, **wanted: str) -> list[str]:
    found = ExhibitorFilter(**wanted)
    rows = list_exhibitors(edition.id, found)
    assert count_exhibitors(edition.id, found) == len(rows)
    assert {row.id for row in paginate_exhibitors(edition.id, found)[0]} == {row.id for row in rows}
    return [row.name for row in rows]


def test_list_when_names_are_chinese_then_sorted_by_their_reading(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    run_import(edition, "name\n重庆数据\nDelta\n贵阳银行\nBeta\n安顺科技\n", now)

    assert names(edition) == ["安顺科技", "Beta", "重庆数据", "Delta", "贵阳银行"]
    assert [row.name for row in list_exhibitors(edition.id, page=2, size=2)] == ["重庆数据", "Delta"]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("zhang", ["张江数据", "Zhangjiagang Steel"]),
        ("zhangjiang", ["张江数据"]),
        ("张", ["张江数据"]),
        ("張江", ["张江数据"]),
        ("数据", ["张江数据"]),
        ("cafe muller", ["Café Müller"]),
        ("MUELLER", ["Café Müller"]),
        ("café", ["Café Müller"]),
        ("a2", ["Zhangjiagang Steel"]),
        ("robots", ["100% Robots"]),
        ("cloud big", ["张江数据"]),
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
        ("nobody", []),
        ("   ", ["100% Robots", "Café Müller", "张江数据", "Zhangjiagang Steel"]),
    ],
)
def test_search_when_typed_in_any_way_then_finds(
    q: str, found: list[str], companies: None, edition: EditionFacts
) -> None:
    assert names(edition, q=q) == found


def test_list_when_narrowed_then_every_part_of_the_filter_counts(companies: None, edition: EditionFacts) -> None:
    hall_1, hall_2 = (code for code, _ in list_choices(edition.id).halls)

    assert names(edition, category="cloud") == ["100% Robots", "Café Müller", "张江数据"]
    assert names(edition, country="cn") == ["张江数据", "Zhangjiagang Steel"]
    assert names(edition, hall=hall_1) == ["张江数据", "Zhangjiagang Steel"]
    assert names(edition, hall=hall_2, category="cloud", country="DE", q="cafe") == ["Café Müller"]
    assert names(edition, hall=hall_2, country="CN") == []
    assert names(edition, category="elsewhere") == []


def test_choices_when_listed_then_only_what_companies_here_have(companies: None, edition: EditionFacts) -> None:
    choices = list_choices(edition.id)

    assert [(each.name, each.count) for each in choices.categories] == [
        ({"en": "Cloud"}, 3),
        ({"en": "Industry"}, 2),
        ({"en": "Big data"}, 1),
        ({"en": "Robots"}, 1),
    ]
    assert choices.countries == (("CN", 2), ("DE", 1), ("FR", 1))
    assert [name for _, name in choices.halls] == [{"en": "Hall 1"}, {"en": "Hall 2"}]


def test_pages_when_walked_through_then_each_company_is_seen_once(companies: None, edition: EditionFacts) -> None:
    everyone = [row.name for row in list_all_exhibitors(edition.id)]

    by_number = [row.name for page in (1, 2, 3) for row in list_exhibitors(edition.id, page=page, size=2)]
    first, cursor = paginate_exhibitors(edition.id, ExhibitorFilter(), limit=3)
    second, end = paginate_exhibitors(edition.id, ExhibitorFilter(), cursor, limit=3)

    assert by_number == ["100% Robots", "Café Müller", "张江数据", "Zhangjiagang Steel"]
    assert [row.name for row in (*first, *second)] == everyone
    assert (cursor, end) == (first[-1].id, None)


def test_neighbours_when_asked_for_then_those_with_most_in_common_first(companies: None, edition: EditionFacts) -> None:
    robots = next(row for row in list_all_exhibitors(edition.id) if row.name == "100% Robots")

    assert [row.name for row in list_neighbours(edition.id, robots)] == [
        "张江数据",
        "Café Müller",
        "Zhangjiagang Steel",
    ]
    assert [row.name for row in list_neighbours(edition.id, robots, limit=1)] == ["张江数据"]


def test_reads_when_of_another_edition_then_nothing(companies: None, edition: EditionFacts, now: datetime) -> None:
    empty = make_edition(now, "expo-2029", 2029)
    rows = list_all_exhibitors(edition.id)

    assert list_all_exhibitors(empty.id) == []
    assert list_exhibitors_by_id(empty.id, [row.id for row in rows]) == []
    assert list_neighbours(empty.id, rows[0]) == []
    assert (list_choices(empty.id).categories, list_choices(empty.id).halls) == ((), ())
    with pytest.raises(ExhibitorMissing):
        get_exhibitor(empty.id, rows[0].slug)
    assert get_exhibitor(edition.id, rows[0].slug) == rows[0]
