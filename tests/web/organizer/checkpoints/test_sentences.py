"""Rules as sentences, in English and Chinese."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from expo.web.kit.rule_sentences import RuleNames, describe_rule

NAMES = RuleNames(
    {"visitor": "Visitor", "speaker": "Speaker", "staff": "Staff"}, {"hall": "Hall 1"}, {"dinner": "Gala dinner"}
)
HANDBOOK: dict[str, Any] = {
    "all": [{"ticket_type": ["visitor", "speaker"]}, {"between": ["09:00", "18:00"]}, {"entries_today": {"max": 2}}]
}


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (HANDBOOK, "Ticket is Visitor or Speaker, and between 09:00 and 18:00, and fewer than 2 entries today"),
        ({"not": {"ticket_type": ["visitor", "speaker", "staff"]}}, "Ticket is not Visitor, Speaker, or Staff"),
        ({"any": [{"inside": "hall"}, {"not": {"inside": "cellar"}}]}, "Inside Hall 1 or not inside cellar"),
        (
            {"any": [{"all": [{"holds_seat": True}, {"entries": {"max": 1}}]}, {"add_on": ["dinner"]}]},
            "(a seat held in the session, and fewer than 1 entry in total) or with the add-on Gala dinner",
        ),
        ({"not": {"add_on": ["dinner", "lunch"]}}, "Without the add-on Gala dinner or lunch"),
        (
            {"between": [{"session_start": -30}, {"session_end": 0}]},
            "Between 30 minutes before the session starts and the end of the session",
        ),
        (
            {"between": [{"session_start": 1}, {"day": 1500}]},
            "Between 1 minute after the session starts and 01:00 1 day later",
        ),
        (
            {"not": {"minutes_since_exit": {"min": 5}}},
            "Not (at least 5 minutes since the last exit)",
        ),
    ],
)
def test_rule_when_described_then_a_sentence(rule: dict[str, Any], sentence: str, app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert describe_rule(rule, NAMES) == sentence


def test_rule_when_described_in_chinese_then_a_chinese_sentence(app: Flask) -> None:
    names = RuleNames({"visitor": "观众", "speaker": "讲者"}, {})
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        assert describe_rule(HANDBOOK, names) == "票种为观众或讲者，且时间在 09:00 至 18:00 之间，且今日入场少于 2 次"
