"""Chinese headings break between words, never inside one."""

import pytest
from flask import Flask

from expo.editions.queries import EditionFacts
from tests.journeys.browser import open_browser, serve

pytestmark = [pytest.mark.browser]

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

        page.close()
    starts = {sum(map(len, words[:at])) for at in range(len(words))}
    for width, found in lines.items():
        assert len(found) > 1, width
        assert {sum(map(len, found[:at])) for at in range(len(found))} <= starts, (width, found)
