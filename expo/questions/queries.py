"""Reads of forms and answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from expo.infra.db import db
from expo.questions.errors import FormMissing
from expo.questions.models import AnswerSheet, QuestionField, QuestionForm
from expo.questions.rules import Field, Purpose, Value, field_from_json


@dataclass(frozen=True)
class Form:
    """A form with its fields in their order; `version` changes with them."""

    id: int
    edition_id: int
    purpose: Purpose
    version: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class AnswerCounts:
    """How a field was answered: on how many sheets, and how often each value of a choice, country or consent."""

    answered: int
    by_value: dict[str, int]


def get_form(edition_id: int, form_id: int) -> Form:
    """Return a form of an edition with its fields. Raises FormMissing."""
    form = db.session.get(QuestionForm, form_id)
    if form is None or form.edition_id != edition_id:
        raise FormMissing
    return Form(form.id, form.edition_id, Purpose(form.purpose), form.version, tuple(list_fields(form_id)))


def list_fields(form_id: int) -> list[Field]:
    """Return the fields of a form in their order, without those removed."""
    rows = db.session.scalars(
        select(QuestionField)
        .where(QuestionField.form_id == form_id, QuestionField.removed_at.is_(None))
        .order_by(QuestionField.position, QuestionField.id)
        .execution_options(populate_existing=True)
    )
    return [_field_of(row) for row in rows]


def list_removed_fields(form_id: int) -> list[Field]:
    """Return the fields that were removed after they had been answered: exports still name them."""
    rows = db.session.scalars(
        select(QuestionField)
        .where(QuestionField.form_id == form_id, QuestionField.removed_at.is_not(None))
        .order_by(QuestionField.position, QuestionField.id)
    )
    return [_field_of(row) for row in rows]


def get_answers(sheet_id: int | None) -> dict[str, Value]:
    """Return the answers of a sheet by field key; none without a sheet."""
    if sheet_id is None:
        return {}
    return db.session.scalar(select(AnswerSheet.answers).where(AnswerSheet.id == sheet_id)) or {}


def list_answers(sheet_ids: Sequence[int]) -> dict[int, dict[str, Value]]:
    """Return the answers of many sheets by sheet id, with one query."""
    rows = db.session.execute(select(AnswerSheet.id, AnswerSheet.answers).where(AnswerSheet.id.in_(sheet_ids)))
    return {sheet_id: answers for sheet_id, answers in rows}  # noqa: C416 - a row is not a pair to mypy


def count_answers(form_id: int) -> dict[str, AnswerCounts]:
    """Return by field key how the fields of a form were answered."""
    answered: Counter[str] = Counter()
    values: dict[str, Counter[str]] = {}
    for answers in db.session.scalars(select(AnswerSheet.answers).where(AnswerSheet.form_id == form_id)):
        for key, value in answers.items():
            answered[key] += 1
            texts = value if isinstance(value, list) else ["yes" if value is True else str(value)]
            values.setdefault(key, Counter()).update(texts)
    return {key: AnswerCounts(count, dict(values[key])) for key, count in answered.items()}


def _field_of(row: QuestionField) -> Field:
    return field_from_json(
        field_id=row.id,
        key=row.key,
        kind=row.kind,
        label=row.label,
        help_text=row.help_text,
        is_required=row.is_required,
        options=row.options,
        limits=row.limits,
        conditions=row.conditions,
        needs_all=row.needs_all,
        is_identifying=row.is_identifying,
    )
