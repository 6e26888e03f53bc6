"""Rules and questions of checkpoints: what is accepted, and what is stored."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.checkpoints import get_checkpoint
from expo.checkin.rules.validation import (
    MAX_DEPTH,
    MAX_NODES,
    RuleReferences,
    check_questions,
    check_rule,
    find_condition,
)
from expo.checkin.services.checkpoints import CheckpointRequest, edit_checkpoint
from expo.editions.queries import EditionFacts
from expo.errors import Invalid, Outdated
from expo.infra.db import db
from expo.program.queries import get_session
from tests.domains.checkin.doors import make_checkpoint
from tests.make import make_session, make_ticket_type

KNOWN = RuleReferences(
    frozenset({"visitor", "staff"}), frozenset({"main"}), has_session=True, add_ons=frozenset({"dinner"})
)
RULE: dict[str, Any] = {
    "all": [{"ticket_type": ["visitor"]}, {"any": [{"entries_today": {"max": 2}}, {"inside": "main"}]}]
}
QUESTION: dict[str, Any] = {
    "id": "card",
    "kind": "confirm",
    "text": {"en": "Card?"},
    "choices": [],
    "ticket_types": None,
}
CHOICE = {"id": "s", "text": {"en": "Small"}}


def _nested(depth: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"holds_seat": True}
    for _ in range(depth - 1):
        rule = {"not": rule}
    return rule


@pytest.mark.parametrize(
    "rule",
    [
        RULE,
        {"add_on": ["dinner"]},
        {"between": ["09:00", "18:00"]},
        {"between": ["22:00", "02:00"]},
        {"between": [{"session_start": -30}, {"session_end": 0}]},
        {"between": ["09:00", {"day": 1500}]},
        {"minutes_since_exit": {"min": 5}},
        _nested(MAX_DEPTH),
    ],
)
def test_check_rule_when_valid_then_unchanged(rule: dict[str, Any]) -> None:
    assert check_rule(rule, KNOWN) == rule


@pytest.mark.parametrize(
    ("rule", "code", "path"),
    [
        ("visitor", "rule_condition_unknown", "$"),
        ({}, "rule_condition_unknown", "$"),
        ({"all": [], "any": []}, "rule_condition_unknown", "$"),
        ({"all": [{"ticket_type": ["visitor"]}, {"moon": 1}]}, "rule_condition_unknown", "$.all[1]"),
        ({"not": {"any": [{"moon": 1}]}}, "rule_condition_unknown", "$.not.any[0]"),
        ({"all": []}, "rule_value_invalid", "$"),
        ({"any": {"ticket_type": ["visitor"]}}, "rule_value_invalid", "$"),
        ({"ticket_type": []}, "rule_value_invalid", "$"),
        ({"ticket_type": ["press"]}, "rule_value_invalid", "$"),
        ({"ticket_type": "visitor"}, "rule_value_invalid", "$"),
        ({"add_on": [7]}, "rule_value_invalid", "$"),
        ({"add_on": ["dinner", "lunch"]}, "rule_value_invalid", "$"),
        ({"between": ["09:00"]}, "rule_value_invalid", "$"),
        ({"between": ["9:00", "18:00"]}, "rule_value_invalid", "$"),
        ({"between": ["09:00", "24:00"]}, "rule_value_invalid", "$"),
        ({"between": ["09:00", "09:00"]}, "rule_value_invalid", "$"),
        ({"between": [{"moon": 0}, {"day": 5}]}, "rule_value_invalid", "$"),
        ({"entries": {"max": 0}}, "rule_value_invalid", "$"),
        ({"entries": {"max": True}}, "rule_value_invalid", "$"),
        ({"entries": {"min": 1}}, "rule_value_invalid", "$"),
        ({"minutes_since_entry": {"min": 1.5}}, "rule_value_invalid", "$"),
        ({"inside": "cellar"}, "rule_value_invalid", "$"),
        ({"inside": ["main"]}, "rule_value_invalid", "$"),
        ({"holds_seat": False}, "rule_value_invalid", "$"),
        (_nested(MAX_DEPTH + 1), "rule_too_large", "$" + ".not" * MAX_DEPTH),
        ({"any": [{"all": [{"holds_seat": True}] * 30}] * 2}, "rule_too_large", "$"),
        ({"any": [{"holds_seat": True}] * (MAX_NODES + 1)}, "rule_too_large", "$"),
    ],
)
def test_check_rule_when_invalid_then_the_path_is_named(rule: Any, code: str, path: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_rule(rule, KNOWN)

    assert (caught.value.code, caught.value.params["path"]) == (code, path)


def test_check_rule_when_it_needs_a_session_that_is_missing_then_invalid() -> None:
    known = RuleReferences(frozenset(), frozenset(), has_session=False)
    for rule in ({"holds_seat": True}, {"between": [{"session_start": 0}, "18:00"]}):
        with pytest.raises(Invalid, match="rule_session_missing"):
            check_rule(rule, known)


def test_find_condition_when_given_the_path_of_a_judgement_then_that_part() -> None:
    assert find_condition(RULE, "$") == RULE
    assert find_condition(RULE, "$.all[1].any[0]") == {"entries_today": {"max": 2}}
    assert find_condition({"not": RULE}, "$.not.all[0]") == {"ticket_type": ["visitor"]}


@pytest.mark.parametrize(
    "change",
    [
        {"id": "Card number"},
        {"kind": "moon"},
        {"text": {}},
        {"text": {"en": " "}},
        {"text": {"en": "x" * 201}},
        {"kind": "choice"},
        {"choices": [CHOICE]},
        {"kind": "choice", "choices": [CHOICE, CHOICE]},
        {"kind": "choice", "choices": [{"id": "s"}]},
        {"ticket_types": []},
        {"ticket_types": ["press"]},
        {"more": 1},
    ],
)
def test_check_questions_when_one_is_wrong_then_its_number_is_named(change: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        check_questions([QUESTION, QUESTION | {"id": "b"} | change], KNOWN)

    assert (caught.value.code, caught.value.params["number"]) == ("door_question_invalid", 2)


def test_check_questions_when_too_many_or_twice_then_invalid() -> None:
    for questions in ([QUESTION | {"id": f"q{number}"} for number in range(11)], [QUESTION, QUESTION]):
        with pytest.raises(Invalid):
            check_questions(questions, KNOWN)
    assert check_questions([QUESTION], KNOWN) == [QUESTION]


def test_edit_checkpoint_when_given_a_rule_then_it_is_stored(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now)
    session_id = get_session(edition.id, make_session(edition, "Opening")).row.id
    make_checkpoint(edition, now)
    row = get_checkpoint(edition.id, "main")
    request = CheckpointRequest(
        name=row.name, zone_id=row.zone_id, rule=RULE, questions=[QUESTION], session_id=session_id
    )

    edit_checkpoint(SYSTEM, edition.id, "main", request, now, row.version)

    db.session.expire_all()
    changed = get_checkpoint(edition.id, "main")
    assert (changed.rule, changed.questions, changed.session_id) == (RULE, [QUESTION], session_id)
    assert CheckpointRequest.of(changed) == request
    with pytest.raises(Outdated):
        edit_checkpoint(SYSTEM, edition.id, "main", request, now, row.version)


def test_edit_checkpoint_when_the_rule_is_removed_then_none_is_stored(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    make_checkpoint(edition, now, rule={"ticket_type": ["visitor"]})

    edit_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(name={"en": "Main"}), now)

    db.session.expire_all()
    assert get_checkpoint(edition.id, "main").rule is None


def test_edit_checkpoint_when_the_session_is_of_another_edition_then_invalid(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    with pytest.raises(Invalid, match="session_missing"):
        edit_checkpoint(SYSTEM, edition.id, "main", CheckpointRequest(name={"en": "M"}, session_id=999), now)
