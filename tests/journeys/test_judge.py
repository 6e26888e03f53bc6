"""The judgement of a scan in the browser by the cases that the server runs as well."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.journeys.browser import open_browser, serve

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parents[1] / "data" / "door_cases.json").read_text("utf-8"))
_JUDGE_ALL = """async (all) => {
  const { judge } = await import("/static/js/door/judge.js");
  return all.map((facts) => judge(facts));
}"""


@pytest.fixture
def blank_page(app: Flask) -> Iterator[Page]:
    """A page of our server without a document, to import modules in."""
    with serve(app) as address, open_browser() as browser:
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(f"{address}/static/js/door/judge.js")
        yield page


def test_judge_when_run_in_a_browser_then_every_verdict_is_the_shared_one(blank_page: Page) -> None:
    verdicts = blank_page.evaluate(_JUDGE_ALL, [case["facts"] for case in CASES])

    assert [(case["name"], verdict) for case, verdict in zip(CASES, verdicts, strict=True)] == [
        (case["name"], case["verdict"]) for case in CASES
    ]
