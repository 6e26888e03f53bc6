"""Forms of questions on pages: the answers of a request, conditions in words and for scripts, answers as shown."""

import json
from collections.abc import Mapping, Sequence

from flask import request
from flask_babel import gettext as _

from expo.pure.languages import localized as in_language
from expo.questions.rules import Condition, Field, FieldKind, Given, Operator, Value
from expo.web.kit.formats import country_name
from expo.web.kit.language import current_language, localized

PREFIX = "answer-"


def read_answers(fields: Sequence[Field]) -> dict[str, Given]:
    """Return what the form of this request has for each field; files are handled by the view."""
    return {
        field.key: request.form.getlist(PREFIX + field.key) for field in fields if PREFIX + field.key in request.form
    }


def conditions_json(field: Field) -> str:
    """Return when a field is shown, for the script of the page."""
    conditions = [
        {"field": PREFIX + each.field, "operator": each.operator.value, "values": list(each.values)}
        for each in field.conditions
    ]
    return json.dumps({"all": field.needs_all, "conditions": conditions})


def describe_conditions(field: Field, fields: Sequence[Field]) -> str:
    """Return when a field is to be answered, in words; empty if always."""
    by_key = {each.key: each for each in fields}
    parts = [_describe(each, by_key.get(each.field)) for each in field.conditions]
    joined = (_(" and ") if field.needs_all else _(" or ")).join(parts)
    return _("Only if %(conditions)s", conditions=joined) if parts else ""


def _describe(condition: Condition, other: Field | None) -> str:
    label = localized(dict(other.label)) if other else condition.field
    values = _(", ").join(_option_label(other, value) for value in condition.values)
    match condition.operator:
        case Operator.IS_ANSWERED:
            return _("“%(question)s” is answered", question=label)
        case Operator.IS_EMPTY:
            return _("“%(question)s” is not answered", question=label)
        case Operator.IS_ONE_OF:
            return _("“%(question)s” is: %(answers)s", question=label, answers=values)
        case Operator.IS_NONE_OF:
            return _("“%(question)s” is not: %(answers)s", question=label, answers=values)
        case Operator.IS_AT_LEAST:
            return _("“%(question)s” is at least %(answer)s", question=label, answer=values)
        case Operator.IS_AT_MOST:
            return _("“%(question)s” is at most %(answer)s", question=label, answer=values)


def _option_label(field: Field | None, value: str) -> str:
    options = {each.key: each.label for each in field.options} if field else {}
    if value in options:
        return in_language(options[value], current_language().code)
    return _("Yes") if field and field.kind is FieldKind.CONSENT else value


def show_answer(field: Field, value: Value | None, file_names: Mapping[str, str]) -> str:
    """Return an answer as people read it; empty if there is none."""
    if value is None:
        return ""
    if value is True:
        return _("Yes")
    if isinstance(value, list):
        return _(", ").join(_option_label(field, each) for each in value)
    if field.kind is FieldKind.FILE:
        return file_names.get(str(value), "")
    if field.kind is FieldKind.COUNTRY:
        return country_name(str(value))
    return _option_label(field, str(value))
