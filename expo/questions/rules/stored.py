"""Fields as they are stored in JSON columns, and back. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from expo.questions.rules.conditions import Condition, Operator
from expo.questions.rules.fields import Field, FieldKind, Limits, Option


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
