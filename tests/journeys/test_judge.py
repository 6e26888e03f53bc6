"""The judgement of a scan in the browser by the cases that the server runs as well."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from playwright.sync_api import Page

from expo.checkin.rules.facts import Facts, Judgement
from expo.checkin.rules.judging import judge
from tests.domains.checkin.test_add_ons_at_doors import ASKED
from tests.door_facts import make_facts
from tests.journeys.browser import open_browser, serve

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parents[1] / "data" / "door_cases.json").read_text("utf-8"))
RANDOM_FACTS = 10_000
_JUDGE_ALL = """async (text) => {
  const { judge } = await import("/static/js/door/judge.js");
  return JSON.stringify(JSON.parse(text).map((facts) => judge(facts)));
}"""

_FIND_ALL_MISSING = """async (rules) => {
  const { askedAddOns, findMissing } = await import("/static/js/door/add_ons.js");
  const holder = { ticket_type: "visitor", add_ons: ["held"] };
  return rules.map((rule) => {
    const { ticketTypes, addOns } = findMissing(rule, holder);
    return [askedAddOns(rule), ticketTypes, addOns];
  });
}"""


@pytest.fixture
def blank_page(app: Flask) -> Iterator[Page]:
    """A page of our server without a document, to import modules in."""
    with serve(app) as address, open_browser() as browser:
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(f"{address}/static/js/door/judge.js")
        yield page


def test_judge_when_run_in_a_browser_then_every_verdict_is_the_shared_one(blank_page: Page) -> None:
    verdicts = _judge_in(blank_page, [case["facts"] for case in CASES])

    assert [(case["name"], verdict) for case, verdict in zip(CASES, verdicts, strict=True)] == [
        (case["name"], case["verdict"]) for case in CASES
    ]
    assert blank_page.evaluate(_FIND_ALL_MISSING, [rule for rule, _asked, _missing in ASKED]) == [
        [asked, list(missing.ticket_types), list(missing.add_ons)] for _rule, asked, missing in ASKED
    ]


def test_judge_when_run_on_random_facts_then_browser_and_server_agree(blank_page: Page) -> None:
    random = Random(20270526)  # noqa: S311 - test data
    facts = [make_facts(random) for _ in range(RANDOM_FACTS)]

    here = [judge(each) for each in facts]
    there = _judge_in(blank_page, facts)

    assert [each for each in zip(facts, here, there, strict=True) if each[1] != each[2]][:3] == []
    # Facts that all lead to one verdict would prove little.
    assert min(Counter(each["verdict"] for each in here).values()) > RANDOM_FACTS / 20
    assert len({each["rule_failed"] for each in here}) > 10


def _judge_in(page: Page, facts: Sequence[Facts]) -> list[Judgement]:
    verdicts: list[Judgement] = json.loads(page.evaluate(_JUDGE_ALL, json.dumps(facts)))
    return verdicts
