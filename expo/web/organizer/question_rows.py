"""The options and the conditions of a question, one a row, as fields of its form."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import ValidationError

from expo.pure.languages import BY_CODE
from expo.questions.rules import CHOICES, Condition, Field, FieldKind, Operator, Option
from expo.web.forms.row_fields import Row, RowsField
from expo.web.kit.language import localized

CODES = tuple(BY_CODE)
MAX_KEY_LENGTH = 40
MAX_TEXT_LENGTH = 500
# What a condition on a consent compares with.
CONSENTED = "yes"
_UNARY = frozenset({Operator.IS_ANSWERED, Operator.IS_EMPTY})
_ORDERED = frozenset({Operator.IS_AT_LEAST, Operator.IS_AT_MOST})
_COMPARABLE = frozenset({FieldKind.NUMBER, FieldKind.DATE})


class OptionsField(RowsField):
    """Options with a text in each language. Their keys are made from the texts once, and never change."""

    columns = ("key", *CODES)
    # The languages of the expo: those that can be typed.
    languages: Sequence[str] = CODES

    @staticmethod
    def of(options: Sequence[Option]) -> list[Row]:
        """Return options as rows."""
        return [(each.key, *(each.label.get(code, "") for code in CODES)) for each in options]

    def is_filled(self, row: Row) -> bool:
        """Return whether a row has a text; a key alone is an option that was cleared."""
        return any(row[1:])

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms passes it
        """Check that there is an option, and that no text is too long."""
        if not self.data:
            raise ValidationError(_("Add at least one option."))
        if any(len(text) > MAX_TEXT_LENGTH for row in self.data for text in row):
            raise ValidationError(_("An option can have up to %(maximum)s characters.", maximum=MAX_TEXT_LENGTH))

    def to_options(self) -> tuple[Option, ...]:
        """Return the rows as options; new ones get a free key."""
        taken = {row[0] for row in self.data if row[0]}
        options = []
        for key, *texts in self.data:
            label = {code: text for code, text in zip(CODES, texts, strict=True) if text}
            options.append(Option(key or make_key(label.get("en", ""), taken, "option"), label))
            taken.add(options[-1].key)
        return tuple(options)


class ConditionsField(RowsField):
    """Conditions on the answers to earlier questions: question, comparison, and an option or a typed value.

    Rows with the same question that compare with `is` are one condition: one of the answers is enough.
    """

    columns = ("field", "operator", "answer", "value")
    # The questions that conditions may refer to, by key.
    questions: Mapping[str, Field] = {}

    @staticmethod
    def of(conditions: Sequence[Condition], questions: Sequence[Field]) -> list[Row]:
        """Return conditions as rows: one for each of their values."""
        with_answers = {each.key for each in questions if has_answers(each)}
        rows: list[Row] = []
        for each in conditions:
            for value in each.values or ("",):
                is_chosen = bool(value) and each.field in with_answers and each.operator not in _ORDERED
                answer = f"{each.field}:{value}" if is_chosen else ""
                rows.append((each.field, each.operator.value, answer, "" if is_chosen else value))
        return rows

    def offer(self, questions: Sequence[Field]) -> None:
        """Set the questions that conditions may refer to."""
        self.questions = {each.key: each for each in questions}

    @property
    def answers(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """The answers that can be chosen: key and text of each question with its (value, text) pairs."""
        return [
            (key, localized(dict(each.label)), [(f"{key}:{value}", text) for value, text in _answers_of(each)])
            for key, each in self.questions.items()
            if has_answers(each)
        ]

    @property
    def takes_values(self) -> bool:
        """Whether one of the questions is compared with something typed."""
        return any(not has_answers(each) for each in self.questions.values())

    def is_filled(self, row: Row) -> bool:
        """Return whether a row has a question, an answer or a value; a comparison alone says nothing."""
        return bool(row[0] or row[2] or row[3])

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002 - WTForms passes it
        """Check that every row compares a question with an answer that it can have."""
        for row in self.data:
            self._check(row)

    def _check(self, row: Row) -> None:
        key, operator, value = _read_row(row)
        question = self.questions.get(key)
        if question is None:
            raise ValidationError(_("Choose the question of each condition."))
        name = localized(dict(question.label))
        if operator in _ORDERED and question.kind not in _COMPARABLE:
            raise ValidationError(_("Only numbers and dates can be compared as “at least” or “at most”."))
        if operator in _UNARY:
            return
        if not value:
            raise ValidationError(_("Choose or enter the answer to “%(question)s”.", question=name))
        if has_answers(question) and value not in {each for each, _text in _answers_of(question)}:
            raise ValidationError(_("Choose one of the answers to “%(question)s”.", question=name))

    def to_conditions(self) -> tuple[Condition, ...]:
        """Return the rows as conditions; answers that are compared with `is` or `is not` come together."""
        found: dict[tuple[str, Operator, str], list[str]] = {}
        for row in self.data:
            key, operator, value = _read_row(row)
            # Only numbers and dates: each comparison is a condition of its own.
            apart = value if operator in _ORDERED else ""
            values = found.setdefault((key, operator, apart), [])
            if operator not in _UNARY and value not in values:
                values.append(value)
        return tuple(Condition(key, operator, tuple(values)) for (key, operator, _apart), values in found.items())


def has_answers(question: Field) -> bool:
    """Return whether answers to a question are chosen, not typed."""
    return question.kind in CHOICES or question.kind is FieldKind.CONSENT


def make_key(text: str, taken: set[str], otherwise: str) -> str:
    """Return a free key: the first words in Latin letters, or else `otherwise` with a number."""
    words = re.findall(r"[a-z0-9]+", text.lower()) if text.isascii() else []
    stem = re.sub(r"^[0-9_]+", "", "_".join(words))[: MAX_KEY_LENGTH - 4].strip("_") or otherwise
    number, key = 2, stem
    while key in taken:
        key, number = f"{stem}_{number}", number + 1
    return key


def _answers_of(question: Field) -> list[tuple[str, str]]:
    if question.kind is FieldKind.CONSENT:
        return [(CONSENTED, _("Yes"))]
    return [(each.key, localized(dict(each.label))) for each in question.options]


def _read_row(row: Row) -> tuple[str, Operator, str]:
    """Return the question, comparison and value of a row; a chosen answer alone says which question it is of."""
    key, comparison, answer, value = row
    operator = Operator(comparison) if comparison in set(Operator) else Operator.IS_ONE_OF
    of_question, colon, chosen = answer.partition(":")
    key = key or of_question
    return key, operator, chosen if colon and of_question == key else value
