"""Validation of a checkpoint's rule and questions. Pure.

What is stored is what `judging` reads without asking again, here and on devices, so nothing else may get in.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expo.checkin.rules.facts import Rule
from expo.checkin.rules.trees import ROOT
from expo.errors import Invalid

MAX_DEPTH = 5
MAX_NODES = 50
MAX_COUNT = 1000
MAX_MINUTES = 14 * 24 * 60
MAX_QUESTIONS = 10
MAX_CHOICES = 20
MAX_QUESTION_LENGTH = 200
MAX_ANSWER_LENGTH = 500
QUESTION_KINDS = ("confirm", "text", "choice")
BOUNDS = ("day", "session_start", "session_end")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MAXIMUM, _MINIMUM = ("entries_today", "entries"), ("minutes_since_entry", "minutes_since_exit")


@dataclass(frozen=True)
class RuleReferences:
    """What a rule and questions may refer to, by code, and whether the checkpoint belongs to a session."""

    ticket_types: frozenset[str]
    zones: frozenset[str]
    has_session: bool
    add_ons: frozenset[str] = frozenset()


def check_rule(rule: Any, known: RuleReferences) -> Rule:
    """Return a rule. Raises Invalid with the JSONPath of what is wrong.

    Codes: `rule_condition_unknown`, `rule_value_invalid`, `rule_too_large`, `rule_session_missing`.
    """
    _check_node(rule, known, ROOT, 1)
    if _count(rule) > MAX_NODES:
        raise _invalid("rule_too_large", ROOT)
    checked: Rule = rule
    return checked


def find_condition(rule: Rule, path: str) -> Rule:
    """Return the part of a rule at the JSONPath of a judgement. Raises LookupError or TypeError."""
    node: Any = rule
    for name, index in re.findall(r"\.(\w+)(?:\[(\d+)\])?", path):
        node = node[name][int(index)] if index else node[name]
    found: Rule = node
    return found


def check_questions(questions: Any, known: RuleReferences) -> list[dict[str, Any]]:
    """Return the questions of a checkpoint, with nothing but their own keys. Raises Invalid `door_question_invalid`."""
    if not isinstance(questions, Sequence) or len(questions) > MAX_QUESTIONS:
        raise Invalid("door_questions_too_many", field="questions", maximum=MAX_QUESTIONS)
    checked = [_check_question(each, known, number) for number, each in enumerate(questions, 1)]
    if len({each["id"] for each in checked}) < len(checked):
        raise Invalid("door_question_invalid", field="questions", number=len(checked))
    return checked


def _check_node(node: Any, known: RuleReferences, path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _invalid("rule_too_large", path)
    if not isinstance(node, Mapping) or len(node) != 1:
        raise _invalid("rule_condition_unknown", path)
    ((name, value),) = node.items()
    if name in {"all", "any"}:
        if not isinstance(value, list) or not value:
            raise _invalid("rule_value_invalid", path)
        if len(value) > MAX_NODES:
            raise _invalid("rule_too_large", path)
        for index, each in enumerate(value):
            _check_node(each, known, f"{path}.{name}[{index}]", depth + 1)
    elif name == "not":
        _check_node(value, known, f"{path}.not", depth + 1)
    else:
        _check_condition(name, value, known, path)


def _check_condition(name: str, value: Any, known: RuleReferences, path: str) -> None:
    if name == "ticket_type":
        is_valid = _are_texts(value) and known.ticket_types.issuperset(value)
    elif name == "add_on":
        is_valid = _are_texts(value) and known.add_ons.issuperset(value)
    elif name == "between":
        is_valid = _is_window(value)
    elif name in _MAXIMUM:
        is_valid = _is_limit(value, "max", 1, MAX_COUNT)
    elif name in _MINIMUM:
        is_valid = _is_limit(value, "min", 1, MAX_MINUTES)
    elif name == "inside":
        is_valid = isinstance(value, str) and value in known.zones
    elif name == "holds_seat":
        is_valid = value is True
    else:
        raise _invalid("rule_condition_unknown", path)
    if not is_valid:
        raise _invalid("rule_value_invalid", path)
    if _needs_session(name, value) and not known.has_session:
        raise _invalid("rule_session_missing", path)


def _needs_session(name: str, value: Any) -> bool:
    is_around = name == "between" and any(isinstance(each, dict) and "day" not in each for each in value)
    return name == "holds_seat" or is_around


def _is_window(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and value[0] != value[1] and all(map(_is_bound, value))  # noqa: PLR2004 - a pair


def _is_bound(bound: Any) -> bool:
    if isinstance(bound, str):
        return _CLOCK.fullmatch(bound) is not None
    return any(_is_limit(bound, name, -MAX_MINUTES, MAX_MINUTES) for name in BOUNDS)


def _is_limit(value: Any, name: str, lowest: int, highest: int) -> bool:
    number = value.get(name) if isinstance(value, dict) and len(value) == 1 else None
    return type(number) is int and lowest <= number <= highest


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MAX_NODES and all(map(_is_text, value))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= MAX_QUESTION_LENGTH and "\x00" not in value


def _count(node: Any) -> int:
    ((name, value),) = node.items()
    if name in {"all", "any"}:
        return 1 + sum(map(_count, value))
    return 1 + _count(value) if name == "not" else 1


def _invalid(code: str, path: str) -> Invalid:
    return Invalid(code, field="rule", path=path)


def _check_question(question: Any, known: RuleReferences, number: int) -> dict[str, Any]:
    if not isinstance(question, Mapping) or not set(question) <= {"id", "kind", "text", "choices", "ticket_types"}:
        raise Invalid("door_question_invalid", field="questions", number=number)
    choices = question.get("choices", [])
    types = question.get("ticket_types")
    has_choices = question.get("kind") == "choice"
    is_valid = (
        _is_id(question.get("id"))
        and question.get("kind") in QUESTION_KINDS
        and _is_translated(question.get("text"))
        and _are_choices(choices)
        and bool(choices) == has_choices
        and (types is None or (_are_texts(types) and known.ticket_types.issuperset(types)))
    )
    if not is_valid:
        raise Invalid("door_question_invalid", field="questions", number=number)
    return {
        "id": question["id"],
        "kind": question["kind"],
        "text": dict(question["text"]),
        "choices": [{"id": each["id"], "text": dict(each["text"])} for each in choices],
        "ticket_types": None if types is None else list(types),
    }


def _are_choices(choices: Any) -> bool:
    if not isinstance(choices, list) or len(choices) > MAX_CHOICES:
        return False
    are_valid = all(
        isinstance(each, Mapping)
        and set(each) == {"id", "text"}
        and _is_id(each["id"])
        and _is_translated(each["text"])
        for each in choices
    )
    return are_valid and len({each["id"] for each in choices}) == len(choices)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_translated(texts: Any) -> bool:
    return (
        isinstance(texts, Mapping)
        and len(texts) > 0
        and all(_is_text(text) and _LANGUAGE.fullmatch(code) is not None for code, text in texts.items())
    )
