"""Texts of scripts: Chinese headings break between words, and values in texts from right to left are isolated."""

import re

import pytest
from flask import Flask
from flask_babel import force_locale

from expo.editions.queries import EditionFacts
from expo.web.kit.isolation import fill
from tests.journeys.browser import open_browser, serve

pytestmark = [pytest.mark.browser]

UNBROKEN = ("09:00", "11月30日", "247 次", "demo.ex", "跨境")

# Each line of the heading, as the browser sets it in a box of a given width.
_LINES = """
([text, width]) => {
  const heading = document.createElement("h2");
  heading.textContent = text;
  heading.style.width = width + "px";
  document.querySelector("main").append(heading);
  return import("/static/js/kit/phrases.js").then(({ breakBetweenWords }) => {
    breakBetweenWords(heading.parentElement);
    const range = document.createRange();
    const lines = [];
    const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (let at = 0; at < walker.currentNode.data.length; at++) {
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + 1);
        const top = Math.round(range.getBoundingClientRect().top);
        if (!lines.length || lines.at(-1)[0] !== top) lines.push([top, ""]);
        lines.at(-1)[1] += walker.currentNode.data[at];
      }
    }
    return lines.map(([, line]) => line);
  });
}
"""


def test_heading_when_it_needs_two_lines_then_breaks_between_words(app: Flask, edition: EditionFacts) -> None:
    words = ["数据", "要素", "市场化", "配置", "改革", "论坛"]
    with serve(app) as address, open_browser() as browser:
        page = browser.new_page(bypass_csp=True)
        page.goto(f"{address}/zh/terms")

        lines = {width: page.evaluate(_LINES, ["".join(words), width]) for width in (90, 130, 170, 230)}
        # A number stays with its unit, a time and an address in one piece, and so does a word the dictionary lacks.
        unbroken = {each: page.evaluate(_LINES, [f"移除该记录：{each}的数据", 130]) for each in UNBROKEN}

        page.close()
    assert [each for each, found in unbroken.items() if each not in "|".join(found).replace("\u00a0", " ")] == []
    starts = {sum(map(len, words[:at])) for at in range(len(words))}
    for width, found in lines.items():
        assert len(found) > 1, width
        assert {sum(map(len, found[:at])) for at in range(len(found))} <= starts, (width, found)


_FILL_ALL = """
(cases) => import("/static/js/kit/phrases.js").then(({ fill }) => cases.map(([text, values]) => fill(text, values)))
"""
ARABIC = "إلى {name} الآن"
TEXTS = (
    (ARABIC, {"name": "4-C11"}),
    (ARABIC, {"name": "王芳"}),
    (ARABIC, {"name": "10:30–11:00"}),
    (ARABIC, {"name": 4}),
    ("{name}", {"name": "Hall 1"}),
    ("Moved to {name}.", {"name": "4-C11"}),
    ("Due by {name}.", {"name": "21\u200f/11\u200f/2026, 6:00 م"}),
)


def test_text_when_a_script_fills_it_then_isolated_as_on_the_server(app: Flask, edition: EditionFacts) -> None:
    languages = {"ar": "ar", "en": "en_GB"}
    there, here = {}, {}
    with serve(app) as address, open_browser() as browser:
        page = browser.new_page(bypass_csp=True)
        for language in languages:
            page.goto(f"{address}/{language}/terms")
            there[language] = page.evaluate(_FILL_ALL, TEXTS)
        page.goto(f"{address}/ar/terms")
        # The server isolates the placeholder of a text that it gives to a script.
        isolated = page.evaluate(_FILL_ALL, [[ARABIC.replace("{name}", "\u2068{name}\u2069"), {"name": "Lin"}]])
        page.close()
    for language, locale in languages.items():
        with app.test_request_context(), force_locale(locale):
            here[language] = [fill(re.sub(r"{(\w+)}", r"%(\1)s", text), values) for text, values in TEXTS]

    assert there == here
    assert there["ar"][0] == "إلى \u20684-C11\u2069 الآن"
    assert isolated == ["إلى \u2068Lin\u2069 الآن"]
