"""The visitor's language: pinned by the path, else chosen, else what the browser asks for."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext, lazy_gettext

from expo.editions.queries import EditionFacts
from expo.web.kit.errors import message_of_code


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


@pytest.mark.parametrize(
    ("locale", "shown", "untranslated"),
    [
        ("ar", " \u20684-C11\u2069", "\u2068There is already a booth 4-C11 in this hall. Choose another number.\u2069"),
        ("en_GB", " 4-C11", "There is already a booth 4-C11 in this hall. Choose another number."),
    ],
)
def test_text_when_it_runs_from_right_to_left_then_isolates_what_is_filled_in(
    app: Flask, locale: str, shown: str, untranslated: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        texts = [
            gettext("Order %(code)s", code="4-C11"),
            str(lazy_gettext("Order %(code)s", code="4-C11")),
            app.jinja_env.from_string('{{ _("Order %(code)s", code="4-C11") }}').render(),
        ]
        time = gettext("As of %(time)s", time="10:30–11:00")
        error = message_of_code("booth_exists", {"booth": "4-C11"})

    assert [each for each in texts if not each.endswith(shown)] == []
    # A range of times runs as the text does.
    assert time.endswith(" 10:30–11:00")
    # A text that is not translated runs from left to right as a whole.
    assert error == untranslated
