"""Review rounds: when they are open, and the criteria by which reviewers score. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from expo.errors import Invalid
from expo.proposals.rules.calls import CallState, state_of_call

MAX_NAME_LENGTH = 200
MAX_HELP_LENGTH = 4_000
MAX_CRITERIA = 5
MAX_WEIGHT = 10
MAX_REVIEWS = 10
LOWEST_SCORE, HIGHEST_SCORE = 1, 5


@dataclass(frozen=True)
class Criterion:
    """What reviewers score from LOWEST_SCORE to HIGHEST_SCORE; `weight` says how much it counts."""

    key: str
    label: Mapping[str, str]
    help_text: Mapping[str, str] = field(default_factory=dict)
    weight: int = 1


@dataclass(frozen=True)
class RoundRequest:
    """A review round as an organizer enters it."""

    name: Mapping[str, str]
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_blind: bool = True
    criteria: tuple[Criterion, ...] = ()
    min_reviews: int = 3


def state_of_round(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> CallState:
    """Return whether a round accepts reviews at `now`; the closing time itself is too late."""
    return state_of_call(opens_at, closes_at, now)


def check_round(request: RoundRequest) -> None:
    """Accept a round. Raises Invalid."""
    if not any(text.strip() for text in request.name.values()):
        raise Invalid("round_name_empty", field="name")
    if any(len(text) > MAX_NAME_LENGTH for text in request.name.values()):
        raise Invalid("text_too_long", field="name", maximum=MAX_NAME_LENGTH)
    if request.opens_at is not None and request.closes_at is not None and request.opens_at >= request.closes_at:
        raise Invalid("round_times_reversed", field="closes_at")
    if not 1 <= request.min_reviews <= MAX_REVIEWS:
        raise Invalid("number_out_of_range", field="min_reviews")
    _check_criteria(request.criteria)


def criteria_to_json(criteria: Sequence[Criterion]) -> list[dict[str, Any]]:
    """Return criteria as they are stored."""
    return [
        {"key": each.key, "label": dict(each.label), "help_text": dict(each.help_text), "weight": each.weight}
        for each in criteria
    ]


def criteria_from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """Return criteria from how they are stored."""
    return tuple(Criterion(each["key"], each["label"], each["help_text"], each["weight"]) for each in stored)


def _check_criteria(criteria: Sequence[Criterion]) -> None:
    if not 1 <= len(criteria) <= MAX_CRITERIA or len({each.key for each in criteria}) < len(criteria):
        raise Invalid("criteria_missing", field="criteria", maximum=MAX_CRITERIA)
    for each in criteria:
        if not any(text.strip() for text in each.label.values()):
            raise Invalid("criterion_label_missing", field="criteria")
        if any(len(text) > MAX_NAME_LENGTH for text in each.label.values()):
            raise Invalid("text_too_long", field="criteria", maximum=MAX_NAME_LENGTH)
        if any(len(text) > MAX_HELP_LENGTH for text in each.help_text.values()):
            raise Invalid("text_too_long", field="criteria", maximum=MAX_HELP_LENGTH)
        if not 1 <= each.weight <= MAX_WEIGHT:
            raise Invalid("number_out_of_range", field="criteria")
