"""The form of the questions that staff answer at a checkpoint."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField, SelectField

from expo.checkin.rules.validation import MAX_QUESTIONS
from expo.web.kit.choices import as_choices, check_boxes
from expo.web.kit.subforms import PartOfForm
from expo.web.kit.text_fields import LongTexts, ShortTexts, texts_of

QUESTION_KINDS = {"confirm": _l("Confirmation"), "text": _l("Text"), "choice": _l("Choice")}


class QuestionForm(PartOfForm):
    """One question. Only a choice shows the field for choices."""

    id = HiddenField()
    kind = HiddenField()
    text = FormField(ShortTexts, label=_l("Question"))
    choices = FormField(LongTexts, label=_l("Choices, one per line and in the same order in each language"))
    ticket_types = check_boxes(
        _l("Ask only for these tickets"), _l("Choose none to ask everybody."), validate_choice=False
    )


class QuestionsForm(FlaskForm):  # type: ignore[misc]
    """The questions of a checkpoint."""

    # That of the checkpoint as it was when the form was opened.
    version = HiddenField()
    questions = FieldList(FormField(QuestionForm), max_entries=MAX_QUESTIONS)
    new_kind = SelectField(_l("New question"), choices=as_choices(QUESTION_KINDS.items()), validate_choice=False)

    def offer(self, ticket_types: Sequence[tuple[str, str]]) -> None:
        """Set the choices."""
        for entry in self.questions:
            entry.form.ticket_types.choices = as_choices(ticket_types)

    def to_questions(self, languages: tuple[str, ...], before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the questions as submitted; what was asked before keeps its id, because answers refer to it."""
        taken = {each["id"] for each in before}
        known = {each["id"]: each for each in before}
        questions = []
        for entry in self.questions:
            old = known.get(entry.form.id.data)
            name = entry.form.id.data if old else _free_id("q", taken)
            taken.add(name)
            is_choice = entry.form.kind.data == "choice"
            questions.append(
                {
                    "id": name,
                    "kind": entry.form.kind.data,
                    "text": texts_of(entry.form.text, languages, old["text"] if old else None),
                    "choices": _to_choices(entry.form.choices.form, languages, old) if is_choice else [],
                    "ticket_types": list(entry.form.ticket_types.data or ()) or None,
                }
            )
        return questions


def to_form_data(questions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the data of the form for stored questions."""
    return {"questions": [_to_row(each) for each in questions]}


def _to_row(question: Mapping[str, Any]) -> dict[str, Any]:
    codes = {code for each in question["choices"] for code in each["text"]}
    lines = {code: "\n".join(each["text"].get(code, "") for each in question["choices"]) for code in codes}
    return {**question, "choices": lines, "ticket_types": question["ticket_types"] or []}


def _to_choices(form: Any, languages: tuple[str, ...], old: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the choices, one for each line; a line that keeps its text in one language keeps its id."""
    columns = [
        [(code, line.strip()) for line in (form[code].data or "").rstrip().splitlines()]
        for code in languages
        if code in form
    ]
    rows = [{code: text for pair in row if pair for code, text in [pair] if text} for row in zip_longest(*columns)]
    before = {
        (code, text): each["id"] for each in (old["choices"] if old else ()) for code, text in each["text"].items()
    }
    taken: set[str] = set(before.values())
    used: set[str] = set()
    choices = []
    for row in filter(None, rows):
        name = next((before[pair] for pair in row.items() if pair in before and before[pair] not in used), None)
        name = name or _free_id("c", taken)
        taken.add(name)
        used.add(name)
        choices.append({"id": name, "text": row})
    return choices


def _free_id(prefix: str, taken: set[str]) -> str:
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"
