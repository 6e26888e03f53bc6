"""A company's own questions: fields of a form whose texts are in the company's words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from expo.errors import Invalid
from expo.leads.rules.leads import is_later
from expo.pure.texts import clean_text
from expo.questions.rules import Field, FieldKind, Given, Option, check_draft

MAX_QUESTIONS = 20
MAX_OPTIONS = 30
MAX_LABEL_LENGTH = 200
MAX_OPTION_LENGTH = 100
QUESTION_KINDS = (FieldKind.SINGLE_CHOICE, FieldKind.MULTIPLE_CHOICE, FieldKind.TEXT)
_CHOICES = frozenset({FieldKind.SINGLE_CHOICE, FieldKind.MULTIPLE_CHOICE})


@dataclass(frozen=True)
class Question:
    """A question that the team asks visitors."""

    kind: FieldKind
    label: str
    options: tuple[str, ...] = ()
    id: int = 0

    @property
    def key(self) -> str:
        """The key under which its answers are stored."""
        return key_of(self.id)


def key_of(question_id: int) -> str:
    """Return the key under which the answers to a question are stored."""
    return f"q{question_id}"


def check_question(question: Question) -> Question:
    """Return a question as it is stored. Raises Invalid `lead_question_invalid`."""
    label = " ".join(clean_text(question.label).split())
    options = tuple(dict.fromkeys(text for each in question.options if (text := " ".join(clean_text(each).split()))))
    is_choice = question.kind in _CHOICES
    too_long = len(label) > MAX_LABEL_LENGTH or any(len(each) > MAX_OPTION_LENGTH for each in options)
    if not label or too_long or len(options) > MAX_OPTIONS or question.kind not in QUESTION_KINDS:
        raise Invalid("lead_question_invalid", field="label", options=MAX_OPTIONS, length=MAX_OPTION_LENGTH)
    if is_choice and len(options) < 2:  # noqa: PLR2004 - one option is not a choice
        raise Invalid("lead_question_invalid", field="options", options=MAX_OPTIONS, length=MAX_OPTION_LENGTH)
    return Question(question.kind, label, options if is_choice else (), question.id)


def read_answers(questions: Sequence[Question], given: Mapping[str, Given]) -> dict[str, Any]:
    """Return the well-formed answers to these questions; everything else is dropped, as a scan must not fail.

    An option is its own key, so that answers can still be read once the option was renamed.
    """
    return dict(check_draft([_field(each) for each in questions], given).values)


@dataclass(frozen=True)
class AnswerSheet:
    """Answers by question, and when each was chosen, in ISO form."""

    values: Mapping[str, Any]
    times: Mapping[str, str]

    def merged(self, given: Mapping[str, Any], at: datetime) -> "AnswerSheet":
        """Return the sheet with later answers; None clears one. The order in which answers arrive does not matter."""
        values, times = dict(self.values), dict(self.times)
        for key, value in given.items():
            stored_at = datetime.fromisoformat(times[key]) if key in times else None
            if is_later(at, value, stored_at, values.get(key)):
                times[key] = at.isoformat()
                values[key] = value
        return AnswerSheet({key: value for key, value in values.items() if value is not None}, times)


def show_answer(value: Any) -> str:
    """Return an answer as one text."""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _field(question: Question) -> Field:
    options = tuple(Option(each, {"en": each}) for each in question.options)
    return Field(key=question.key, kind=question.kind, label={"en": question.label}, options=options)
