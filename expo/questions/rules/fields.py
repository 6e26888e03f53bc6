"""Fields of a form: their kinds, limits and options, and what makes a form consistent. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from expo.errors import Conflict, Invalid
from expo.questions.rules.conditions import ORDERED, UNARY, Condition, Operator

Texts = Mapping[str, str]

MAX_FIELDS = 100
MAX_OPTIONS = 300
MAX_LABEL_LENGTH = 500
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Purpose(StrEnum):
    """What a form is for; it decides who may edit it."""

    PROPOSALS = "proposals"
    REGISTRATION = "registration"
    EXHIBITORS = "exhibitors"


class FieldKind(StrEnum):
    """What kind of answer a field takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    SINGLE_CHOICE = "single_choice"
    MULTIPLE_CHOICE = "multiple_choice"
    COUNTRY = "country"
    PHONE = "phone"
    URL = "url"
    FILE = "file"
    CONSENT = "consent"


CHOICES = frozenset({FieldKind.SINGLE_CHOICE, FieldKind.MULTIPLE_CHOICE})
# Kinds whose limits are counts (of characters or choices), and those that can be compared by order.
_COUNTED = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.MULTIPLE_CHOICE})
_COMPARABLE = frozenset({FieldKind.NUMBER, FieldKind.DATE})


@dataclass(frozen=True)
class Option:
    """One choice: the key is stored, the label is shown."""

    key: str
    label: Texts


@dataclass(frozen=True)
class Limits:
    """Bounds of an answer, both included; None does not bound.

    Texts: characters. Numbers: the value. Multiple choice: how many. Dates use `earliest` and `latest`.
    """

    minimum: Decimal | None = None
    maximum: Decimal | None = None
    earliest: date | None = None
    latest: date | None = None


@dataclass(frozen=True)
class Field:
    """One question of a form."""

    key: str
    kind: FieldKind
    label: Texts
    help_text: Texts = field(default_factory=dict)
    is_required: bool = False
    options: tuple[Option, ...] = ()
    limits: Limits = Limits()
    conditions: tuple[Condition, ...] = ()
    needs_all: bool = True
    # Says who somebody is: never shown to reviewers who must not know.
    is_identifying: bool = False
    id: int | None = None


def check_field(field: Field) -> None:
    """Accept a field on its own. Raises Invalid with the place at fault in `field`."""
    if not _KEY.fullmatch(field.key):
        raise Invalid("field_key_invalid", field="key", key=field.key[:40])
    if not any(text.strip() for text in field.label.values()):
        raise Invalid("field_label_missing", field="label")
    for name, texts in (("label", field.label), ("help_text", field.help_text)):
        if any(len(text) > MAX_LABEL_LENGTH for text in texts.values()):
            raise Invalid("text_too_long", field=name, maximum=MAX_LABEL_LENGTH)
    _check_options(field)
    _check_limits(field)


def check_fields(fields: Sequence[Field]) -> None:
    """Accept the fields of a form together, in their order. Raises Conflict or Invalid.

    A condition names a field before its own and compares with answers that this field can have.
    """
    if len(fields) > MAX_FIELDS:
        raise Conflict("too_many_fields", maximum=MAX_FIELDS)
    before: dict[str, Field] = {}
    keys = {each.key for each in fields}
    for each in fields:
        check_field(each)
        if each.key in before:
            raise Conflict("field_key_taken", field="key", key=each.key)
        for condition in each.conditions:
            other = before.get(condition.field)
            if other is None:
                code = "condition_not_before" if condition.field in keys else "condition_field_unknown"
                raise Conflict(code, field="conditions", key=each.key, other=condition.field[:40])
            _check_condition(condition, other)
        before[each.key] = each


def _check_options(field: Field) -> None:
    if field.kind not in CHOICES:
        return
    if not field.options:
        raise Invalid("options_missing", field="options")
    if len(field.options) > MAX_OPTIONS:
        raise Invalid("too_many_options", field="options", maximum=MAX_OPTIONS)
    seen: set[str] = set()
    for option in field.options:
        if not option.key.strip() or option.key in seen:
            raise Invalid("option_key_taken", field="options", key=option.key[:40])
        if not any(text.strip() for text in option.label.values()):
            raise Invalid("option_label_missing", field="options", key=option.key[:40])
        seen.add(option.key)


def _check_limits(field: Field) -> None:
    limits = field.limits
    pairs = ((limits.minimum, limits.maximum), (limits.earliest, limits.latest))
    if any(low is not None and high is not None and low > high for low, high in pairs):  # type: ignore[operator]
        raise Invalid("limits_reversed", field="limits")
    has_amounts = limits.minimum is not None or limits.maximum is not None
    has_dates = limits.earliest is not None or limits.latest is not None
    if (has_amounts and field.kind not in _COUNTED | {FieldKind.NUMBER}) or (
        has_dates and field.kind is not FieldKind.DATE
    ):
        raise Invalid("limits_unfit", field="limits")
    if field.kind in _COUNTED and any(
        bound is not None and (bound < 0 or bound != bound.to_integral_value())
        for bound in (limits.minimum, limits.maximum)
    ):
        raise Invalid("limits_unfit", field="limits")


def _check_condition(condition: Condition, other: Field) -> None:
    if condition.operator in UNARY:
        return
    if not condition.values:
        raise Invalid("condition_values_missing", field="conditions", other=other.key)
    if condition.operator in ORDERED and (other.kind not in _COMPARABLE or len(condition.values) != 1):
        raise Invalid("condition_operator_unfit", field="conditions", other=other.key)
    if condition.operator in {Operator.IS_ONE_OF, Operator.IS_NONE_OF} and other.kind in CHOICES:
        known = {option.key for option in other.options}
        unknown = next((value for value in condition.values if value not in known), None)
        if unknown is not None:
            raise Invalid("condition_value_unknown", field="conditions", other=other.key, value=unknown[:40])


def option_to_json(option: Option) -> dict[str, Any]:
    """Return an option as stored."""
    return {"key": option.key, "label": dict(option.label)}


def limits_to_json(limits: Limits) -> dict[str, str]:
    """Return limits as stored: only those that bound."""
    return {name: str(value) for name, value in vars(limits).items() if value is not None}


def condition_to_json(condition: Condition) -> dict[str, Any]:
    """Return a condition as stored."""
    return {"field": condition.field, "operator": condition.operator.value, "values": list(condition.values)}


def field_from_json(
    *,
    field_id: int | None,
    key: str,
    kind: str,
    label: Mapping[str, str],
    help_text: Mapping[str, str],
    is_required: bool,
    options: Sequence[Mapping[str, Any]],
    limits: Mapping[str, str],
    conditions: Sequence[Mapping[str, Any]],
    needs_all: bool,
    is_identifying: bool,
) -> Field:
    """Return the field that was stored in these columns."""
    return Field(
        id=field_id,
        key=key,
        kind=FieldKind(kind),
        label=label,
        help_text=help_text,
        is_required=is_required,
        options=tuple(Option(each["key"], each["label"]) for each in options),
        limits=Limits(
            minimum=Decimal(limits["minimum"]) if "minimum" in limits else None,
            maximum=Decimal(limits["maximum"]) if "maximum" in limits else None,
            earliest=date.fromisoformat(limits["earliest"]) if "earliest" in limits else None,
            latest=date.fromisoformat(limits["latest"]) if "latest" in limits else None,
        ),
        conditions=tuple(
            Condition(each["field"], Operator(each["operator"]), tuple(each["values"])) for each in conditions
        ),
        needs_all=needs_all,
        is_identifying=is_identifying,
    )
