"""What a form may ask, when a field is shown, and which answers are accepted. Pure."""

from expo.questions.rules.answers import AnswerFault, CheckedAnswers, Given, check_answers, check_draft
from expo.questions.rules.conditions import Condition, Operator, Value, list_shown
from expo.questions.rules.fields import (
    CHOICES,
    Field,
    FieldKind,
    Limits,
    Option,
    Purpose,
    check_field,
    check_fields,
    condition_to_json,
    field_from_json,
    limits_to_json,
    option_to_json,
)

__all__ = [
    "CHOICES",
    "AnswerFault",
    "CheckedAnswers",
    "Condition",
    "Field",
    "FieldKind",
    "Given",
    "Limits",
    "Operator",
    "Option",
    "Purpose",
    "Value",
    "check_answers",
    "check_draft",
    "check_field",
    "check_fields",
    "condition_to_json",
    "field_from_json",
    "limits_to_json",
    "list_shown",
    "option_to_json",
]
