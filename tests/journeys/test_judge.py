"""The judgement of a scan in the browser by the cases that the server runs as well."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from playwright.sync_api import Page

from expo.checkin.rules.facts import Facts, Judgement
from expo.checkin.rules.judging import judge
from expo.editions.queries import EditionFacts
from expo.web.kit.requirement_texts import describe_need
from expo.web.kit.rule_sentences import RuleNames
from tests.domains.checkin.test_add_ons_at_doors import ASKED
from tests.door_facts import make_facts
from tests.journeys.browser import open_browser, serve

pytestmark = pytest.mark.browser

CASES = json.loads((Path(__file__).parents[1] / "data" / "door_cases.json").read_text("utf-8"))
RANDOM_FACTS = 10_000
KINDS_OF_NEEDS = {
    "all",
    "any",
    "not",
    "ticket_type",
    "add_on",
    "holds_seat",
    "inside",
    "from",
    "until",
    "entries_today",
    "entries",
}
_JUDGE_ALL = """async (text) => {
  const { judge } = await import("/static/js/door/judge.js");
  return JSON.stringify(JSON.parse(text).map((facts) => judge(facts)));
}"""

_LIST_ASKED = """async (rules) => {
  const { requiredAddOns } = await import("/static/js/door/trees.js");
  return rules.map((rule) => requiredAddOns(rule));
}"""


_DESCRIBE_ALL = """async ([needs, scan, snapshot]) => {
  const { describeNeed } = await import("/static/js/door/requirement_texts.js");
  return needs.map((need) => describeNeed(need, scan, snapshot)).map(({ word, advice }) => [word, advice]);
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
    assert blank_page.evaluate(_LIST_ASKED, [rule for rule, _asked in ASKED]) == [asked for _rule, asked in ASKED]


def test_judge_when_run_on_random_facts_then_browser_and_server_agree(blank_page: Page) -> None:
    random = Random(20270526)  # noqa: S311 - test data
    facts = [make_facts(random) for _ in range(RANDOM_FACTS)]

    here = [judge(each) for each in facts]
    there = _judge_in(blank_page, facts)

    assert [each for each in zip(facts, here, there, strict=True) if each[1] != each[2]][:3] == []
    # Facts that all lead to one verdict would prove little.
    assert min(Counter(each["verdict"] for each in here).values()) > RANDOM_FACTS / 20
    assert len({each["rule_failed"] for each in here}) > 10
    kinds = Counter(kind for each in here for kind in _kinds_of(each["needed"]))
    assert set(kinds) == KINDS_OF_NEEDS
    assert min(kinds.values()) > 100


def test_refusal_when_described_in_a_browser_then_the_same_words_as_on_the_server(
    app: Flask, edition: EditionFacts
) -> None:
    random = Random(20270526)  # noqa: S311 - test data
    found = [judge(make_facts(random))["needed"] for _ in range(RANDOM_FACTS)]
    needs = [json.loads(text) for text in sorted({json.dumps(each) for each in found if each})]
    names = {"ticket_types": {"visitor": "Visitor", "speaker": "Speaker"}, "add_ons": {"dinner": "Gala dinner"}}
    rooms = {"main": "Main hall", "hall-1": "Hall 1"}
    noon = datetime(2027, 5, 27, 4, tzinfo=UTC)
    snapshot = {
        "edition": {"time_zone": "Asia/Shanghai", "starts_on": "2027-05-26", "ends_on": "2027-05-28"},
        **{
            kind: [{"code": code, "name": {"en": name}} for code, name in known.items()]
            for kind, known in {**names, "zones": rooms}.items()
        },
    }

    there, here = {}, {}
    with serve(app) as address, open_browser() as browser:
        page = browser.new_page()
        for language in ("en", "zh"):
            page.goto(f"{address}/{language}/door/enrol")
            there[language] = page.evaluate(_DESCRIBE_ALL, [needs, {"made": noon.timestamp() * 1000}, snapshot])
    for language, locale in (("en", "en_GB"), ("zh", "zh_Hans_CN")):
        with app.test_request_context(), force_locale(locale):
            said = [describe_need(each, RuleNames(zones=rooms, **names), noon.date()) for each in needs]
            here[language] = [[each.word, each.advice] for each in said]

    different = [
        each
        for language in ("en", "zh")
        for each in zip(needs, here[language], there[language], strict=True)
        if each[1] != each[2]
    ]
    assert different[:3] == []
    assert len(needs) > RANDOM_FACTS / 20
    assert all(one != other for one, other in zip(here["en"], here["zh"], strict=True))


def _kinds_of(need: Any) -> Iterator[str]:
    """Return the kinds of what is needed, with the groups that they are in."""
    for kind, value in (need or {}).items():
        yield kind
        for each in value if kind in ("all", "any") else [value] if kind == "not" else []:
            yield from _kinds_of(each)


def _judge_in(page: Page, facts: Sequence[Facts]) -> list[Judgement]:
    verdicts: list[Judgement] = json.loads(page.evaluate(_JUDGE_ALL, json.dumps(facts)))
    return verdicts
