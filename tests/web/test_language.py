"""The visitor's language: pinned by the path, else chosen, else what the browser asks for."""

import re

import pytest
from flask.testing import FlaskClient

from expo.editions.queries import EditionFacts


def html_tag(page: str) -> tuple[str, str]:
    found = re.search(r"<html[^>]*>", page)
    assert found is not None
    attributes = dict(re.findall(r'(\w+)="([^"]*)"', found[0]))
    return attributes["lang"], attributes["dir"]


@pytest.mark.parametrize(
    ("path", "asked_for", "shown"),
    [
        ("/en/program", "zh-CN", ("en", "ltr")),
        ("/zh/program", "en", ("zh-Hans", "ltr")),
        ("/ar/program", "en", ("ar", "rtl")),
        ("/program", "zh-TW,zh;q=0.9", ("zh-Hans", "ltr")),
        ("/program", "ar-EG", ("ar", "rtl")),
        ("/program", "sw, en;q=0.5", ("en", "ltr")),
        ("/program", "sw", ("en", "ltr")),
        ("/program", "", ("en", "ltr")),
    ],
)
def test_page_when_asked_for_then_in_the_language_of_path_or_browser(
    path: str, asked_for: str, shown: tuple[str, str], edition: EditionFacts, client: FlaskClient
) -> None:
    page = client.get(path, headers={"Accept-Language": asked_for} if asked_for else {})
    assert (page.status_code, html_tag(page.text)) == (200, shown)


@pytest.mark.parametrize("path", ["/xx/program", "/english/program", "/zh/zh/program", "/EN/program"])
def test_page_when_the_prefix_is_no_language_then_missing(
    path: str, edition: EditionFacts, client: FlaskClient
) -> None:
    assert client.get(path).status_code == 404


def test_links_when_the_path_pins_a_language_then_stay_in_it(edition: EditionFacts, client: FlaskClient) -> None:
    page = client.get("/zh/").text
    targets = re.findall(r'<a[^>]*href="(/[^"]*)"', page)
    elsewhere = [each for each in targets if not each.startswith(("/zh/", "/static/"))]
    assert all(each.startswith(("/en/", "/ar/", "/zh")) for each in elsewhere), elsewhere
    assert any(each.startswith("/zh/program") for each in targets)


def test_switch_when_shown_then_leads_to_this_page_in_each_language(edition: EditionFacts, client: FlaskClient) -> None:
    page = client.get("/zh/exhibitors?q=cloud").text
    assert [f'href="/{code}/exhibitors?q=cloud"' in page for code in ("en", "ar")] == [True, True]
