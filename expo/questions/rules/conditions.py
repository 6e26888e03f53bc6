"""When a field is shown: conditions on the answers to fields before it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Protocol, TypeVar


class Operator(StrEnum):
    """How an answer is compared with a condition's values."""

    IS_ANSWERED = "is_answered"
    IS_EMPTY = "is_empty"
    IS_ONE_OF = "is_one_of"
    IS_NONE_OF = "is_none_of"
    IS_AT_LEAST = "is_at_least"
    IS_AT_MOST = "is_at_most"


# These compare with nothing; the others need values, the last two exactly one.
UNARY = frozenset({Operator.IS_ANSWERED, Operator.IS_EMPTY})
ORDERED = frozenset({Operator.IS_AT_LEAST, Operator.IS_AT_MOST})

# An answer as stored: a text, a consent, or several choices.
Value = str | bool | list[str]


@dataclass(frozen=True)
class Condition:
    """One comparison: the answer to the field named `field` against `values`."""

    field: str
    operator: Operator
    values: tuple[str, ...] = ()


class Conditional(Protocol):
    """A field as far as its conditions go."""

    @property
    def key(self) -> str:
        """What the field is called."""

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What must be met for the field to be shown."""

    @property
    def needs_all(self) -> bool:
        """Whether every condition must be met; otherwise one is enough."""


C = TypeVar("C", bound=Conditional)


def list_shown(fields: Sequence[C], values: Mapping[str, Value]) -> list[C]:
    """Return the fields that are shown with these answers, in their order.

    The answer to a field that is not shown counts as empty, whatever was given. Conditions refer to earlier fields
    only, so one pass decides.
    """
    shown: list[C] = []
    effective: dict[str, Value] = {}
    for field in fields:
        met = [meets(condition, effective.get(condition.field)) for condition in field.conditions]
        if not met or (all(met) if field.needs_all else any(met)):
            shown.append(field)
            if field.key in values:
                effective[field.key] = values[field.key]
    return shown


def meets(condition: Condition, value: Value | None) -> bool:
    """Whether an answer (None or empty: not answered) meets a condition."""
    given = _texts_of(value)
    match condition.operator:
        case Operator.IS_ANSWERED:
            return bool(given)
        case Operator.IS_EMPTY:
            return not given
        case Operator.IS_ONE_OF:
            return any(text in condition.values for text in given)
        case Operator.IS_NONE_OF:
            return not any(text in condition.values for text in given)
        case Operator.IS_AT_LEAST:
            return bool(given) and _compare(given[0], condition.values[0]) >= 0
        case Operator.IS_AT_MOST:
            return bool(given) and _compare(given[0], condition.values[0]) <= 0


def _texts_of(value: Value | None) -> list[str]:
    if value is None or value is False or value == "":
        return []
    if value is True:
        return ["yes"]
    return [value] if isinstance(value, str) else value


def _compare(left: str, right: str) -> int:
    """Return -1, 0 or 1: by value where both are numbers, otherwise as texts, which orders ISO dates."""
    try:
        numbers = Decimal(left), Decimal(right)
    except InvalidOperation:
        return (left > right) - (left < right)
    return (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
