"""The public directory: every company once, found however it is typed, never another expo's."""

import re
from datetime import datetime
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts, list_editions
from expo.exhibitors.queries import PAGE_SIZE, ExhibitorFilter, list_exhibitors
from expo.exhibitors.rules import read_companies
from expo.exhibitors.services import choose_company_topics
from expo.flows.exhibitor_import import import_exhibitors
from tests.conftest import make_edition
from tests.web.query_counts import count_queries

HEAD = "name,venue,booth,categories,country,description\n"
OWN = f"""{HEAD}张江数据,Hall 1,A1,Cloud; Big data,CN,数据
Café Müller,Hall 2,B7,Cloud,DE,<script>alert(1)</script>
Robots & Sons,Hall 1,A2,Robots,FR,
"""
FOREIGN = f"{HEAD}Foreign Ltd,Foreign hall,F1,Foreign category; Cloud,AQ,Foreign words\n"
NAMES = ("张江数据", "Café Müller", "Robots &amp; Sons")


def run_import(edition: EditionFacts, text: str, now: datetime) -> None:
    import_exhibitors(SYSTEM, edition.id, read_companies(text.encode()), now)


@pytest.fixture
def directory(edition: EditionFacts, now: datetime) -> EditionFacts:
    """Three companies here, and one in another expo."""
    run_import(edition, OWN, now)
    run_import(make_edition(now, "expo-2028", 2028), FOREIGN, now)
    [cafe] = list_exhibitors(edition.id, ExhibitorFilter(q="cafe"))
    choose_company_topics(SYSTEM, edition.id, cafe.slug, ["cloud"], ["robotics"], now)
    return edition


def test_topics_when_filtered_by_then_counted_with_the_other_filters_and_kept_in_the_address(
    directory: EditionFacts, client: FlaskClient
) -> None:
    page = client.get("/en/exhibitors?country=DE&offers=cloud").text

    offers = page[page.index('id="offers"') : page.index("</select>", page.index('id="offers"'))]
    assert re.findall(r'value="cloud" selected>[^<]*\((\d+)\)', offers) == ["1"]
    assert "Offers: " in page
    assert 'href="/en/exhibitors?country=DE"' in page  # removes the topic
    assert "Filter (2)" in page
    assert "seeks=" not in page


def test_company_when_it_names_topics_then_each_leads_to_the_directory(
    directory: EditionFacts, client: FlaskClient
) -> None:
    [cafe] = list_exhibitors(directory.id, ExhibitorFilter(q="cafe"))
    page = client.get(f"/en/exhibitors/{quote(cafe.slug)}").text

    assert ["/en/exhibitors?offers=cloud" in page, "/en/exhibitors?seeks=robotics" in page] == [True, True]


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", [True, True, True]),
        ("?q=zhangjiang", [True, False, False]),
        ("?q=cafe+muller", [False, True, False]),
        ("?category=robots", [False, False, True]),
        ("?category=cloud&country=DE", [False, True, False]),
        ("?country=CN", [True, False, False]),
        ("?page=99", [False, False, False]),
        ("?page=-1", [True, True, True]),
        ("?page=x", [True, True, True]),
        ("?q=foreign", [False, False, False]),
        ("?category=foreign-category", [False, False, False]),
        ("?country=AQ", [False, False, False]),
        ("?offers=cloud", [True, True, False]),
        ("?offers=cloud&seeks=robotics", [False, True, False]),
        ("?offers=cloud&country=CN&q=zhang", [True, False, False]),
        ("?seeks=cloud", [False, False, False]),
        ("?offers=nonsense", [False, False, False]),
    ],
)
def test_directory_when_narrowed_then_who_fits_and_nobody_of_another_expo(
    query: str, shown: list[bool], directory: EditionFacts, client: FlaskClient
) -> None:
    page = client.get(f"/en/exhibitors{query}")
    assert page.status_code == 200
    assert [name in page.text for name in NAMES] == shown
    assert "Foreign Ltd" not in page.text
    assert "Foreign hall" not in page.text


def test_directory_when_nothing_fits_then_an_empty_state(directory: EditionFacts, client: FlaskClient) -> None:
    page = client.get("/en/exhibitors?q=zzzz")
    assert (page.status_code, 'class="empty' in page.text) == (200, True)


def test_directory_when_long_then_paged_and_each_is_on_one_page(
    edition: EditionFacts, client: FlaskClient, now: datetime
) -> None:
    count = PAGE_SIZE + 2
    run_import(edition, HEAD + "".join(f"Company {n:04},Hall,{n},Cloud,CN,\n" for n in range(count)), now)
    pages = [client.get(f"/en/exhibitors?page={page}").text for page in (1, 2)]
    on_pages = [[n for n in range(count) if f"Company {n:04}" in page] for page in pages]
    assert (len(on_pages[0]), len(on_pages[1]), sorted([*on_pages[0], *on_pages[1]])) == (
        PAGE_SIZE,
        2,
        list(range(count)),
    )


def test_company_when_shown_then_with_booth_and_its_texts_harmless(
    directory: EditionFacts, client: FlaskClient
) -> None:
    [slug] = [each.slug for each in list_exhibitors(directory.id, ExhibitorFilter(q="cafe"))]
    listing = client.get("/en/exhibitors?q=cafe").text
    page = client.get(f"/en/exhibitors/{slug}")
    assert f'"/en/exhibitors/{quote(slug)}"' in listing
    assert (page.status_code, "B7" in page.text, "Hall 2" in page.text) == (200, True, True)
    assert "<script>alert" not in page.text
    assert "Foreign" not in page.text  # nor among those like it, though it shares the category


def test_booth_when_the_page_runs_right_to_left_then_its_code_keeps_its_own_direction(
    directory: EditionFacts, client: FlaskClient
) -> None:
    [slug] = [each.slug for each in list_exhibitors(directory.id, ExhibitorFilter(q="cafe"))]
    pages = [client.get(path).text for path in ("/ar/exhibitors?q=cafe", f"/ar/exhibitors/{slug}")]
    assert ["<bdi>B7</bdi>" in page for page in pages] == [True, True]


@pytest.mark.parametrize("slug", ["nobody", "..%2F..", "%00"])
def test_company_when_there_is_none_then_missing(slug: str, directory: EditionFacts, client: FlaskClient) -> None:
    assert client.get(f"/en/exhibitors/{slug}").status_code == 404


def test_company_when_it_is_another_expos_then_missing(directory: EditionFacts, client: FlaskClient) -> None:
    other = next(each for each in list_editions() if each.id != directory.id)
    [foreign] = list_exhibitors(other.id, ExhibitorFilter())
    answer = client.get(f"/en/exhibitors/{foreign.slug}-x"), client.get(f"/en/exhibitors/{foreign.slug}")
    assert [each.status_code for each in answer] == [404, 404]
    assert "Foreign words" not in answer[1].text


def test_directory_when_longer_then_no_more_queries(edition: EditionFacts, client: FlaskClient, now: datetime) -> None:
    rows = [f"Company {n},Hall {n},{n},Cloud; Kind {n},CN,\n" for n in range(1, 4)]
    run_import(edition, HEAD + rows[0], now)
    few = count_queries(client, "/en/exhibitors")
    run_import(edition, HEAD + "".join(rows), now)
    many = count_queries(client, "/en/exhibitors")
    assert (few, many) == (few, few)


@pytest.mark.each_case_on_postgresql
@pytest.mark.parametrize(
    ("query", "name"),
    [("zhangjaing", "张江数据"), ("张缸数据", "张江数据"), ("cafe muler", "Café Müller"), ("b7", "Café Müller")],
)
def test_directory_when_mistyped_then_shows_the_similar_company(
    query: str, name: str, directory: EditionFacts, client: FlaskClient
) -> None:
    page = client.get(f"/en/exhibitors?q={quote(query)}").text

    assert [each in page for each in NAMES] == [each == name for each in NAMES]


def test_directory_when_opened_then_letters_lead_to_the_first_company_by_its_reading(
    directory: EditionFacts, client: FlaskClient
) -> None:
    page = client.get("/zh/exhibitors").text

    assert [f"#letter-{letter}" in page for letter in "CRZA"] == [True, True, True, False]
    assert page.index('id="letter-C"') < page.index('id="letter-R"') < page.index('id="letter-Z"')
    assert page.index('id="letter-Z"') < page.index("张江数据", page.index('id="letter-R"'))


def test_directory_when_a_device_asks_for_its_favourites_then_shows_them_and_no_hidden_ones(
    directory: EditionFacts, client: FlaskClient
) -> None:
    page = client.get("/en/exhibitors/favourites/cards?exhibitor=robots-sons&exhibitor=foreign-ltd").text

    assert "Robots &amp; Sons" in page
    assert "Foreign" not in page
