"""Acts on forms: making one, and adding, changing, moving and removing its fields."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.positions import move_by
from expo.questions.errors import FieldMissing, FormMissing
from expo.questions.models import AnswerSheet, QuestionField, QuestionForm
from expo.questions.queries import list_fields
from expo.questions.rules import (
    Field,
    Purpose,
    check_fields,
    condition_to_json,
    limits_to_json,
    option_to_json,
)

PERMISSIONS: Mapping[Purpose, Permission] = {
    Purpose.PROPOSALS: Permission.PROGRAM_MANAGE,
    Purpose.REGISTRATION: Permission.TICKETS_MANAGE,
    Purpose.EXHIBITORS: Permission.EXHIBITORS_MANAGE,
}


def create_form(actor: Actor, edition_id: int, purpose: Purpose, now: datetime, fields: Sequence[Field] = ()) -> int:
    """Add a form with these fields and return its id. Raises Invalid or Conflict where the fields do not agree."""
    require(actor, PERMISSIONS[purpose], edition_id)
    check_fields(fields)
    with atomic():
        form = QuestionForm(edition_id=edition_id, purpose=purpose.value, created_at=now)
        db.session.add(form)
        db.session.flush()
        for position, field in enumerate(fields):
            db.session.add(QuestionField(form_id=form.id, position=position, key=field.key, **_columns_of(field)))
        db.session.flush()
        record_act(
            actor, "questions.create_form", now,
            edition_id=edition_id, subject="form", subject_id=form.id, purpose=purpose.value,
        )  # fmt: skip
        return form.id


def copy_form(actor: Actor, edition_id: int, form_id: int, to_edition_id: int, now: datetime) -> int:
    """Copy a form with its fields, without answers, and return the copy's id. Raises FormMissing."""
    form = db.session.get(QuestionForm, form_id)
    if form is None or form.edition_id != edition_id:
        raise FormMissing
    purpose = Purpose(form.purpose)
    require(actor, PERMISSIONS[purpose], edition_id)
    return create_form(actor, to_edition_id, purpose, now, [replace(each, id=None) for each in list_fields(form_id)])


def add_field(actor: Actor, edition_id: int, form_id: int, field: Field, now: datetime) -> int:
    """Add a field after the others and return its id. Raises FormMissing, Invalid or Conflict."""
    with atomic():
        form = _lock_form(actor, edition_id, form_id)
        fields = list_fields(form_id)
        check_fields([*fields, field])
        row = QuestionField(form_id=form_id, position=len(fields), key=field.key, **_columns_of(field))
        db.session.add(row)
        db.session.flush()
        _record(actor, form, "questions.add_field", now, key=field.key)
        return row.id


def change_field(
    actor: Actor, edition_id: int, form_id: int, field_id: int, field: Field, version: int, now: datetime
) -> None:
    """Change a field, where the form is still the version that the actor saw.

    The key stays, and so does the kind of a field that has answers. Raises FormMissing, FieldMissing, Invalid or
    Conflict `form_changed`, `field_kind_fixed`.
    """
    with atomic():
        form = _lock_form(actor, edition_id, form_id)
        if form.version != version:
            raise Conflict("form_changed")
        row = _get_row(form_id, field_id)
        if field.kind.value != row.kind and _is_answered(form_id, row.key):
            raise Conflict("field_kind_fixed", field="kind")
        changed = replace(field, id=field_id, key=row.key)
        check_fields([changed if each.id == field_id else each for each in list_fields(form_id)])
        for name, value in _columns_of(changed).items():
            setattr(row, name, value)
        db.session.flush()
        _record(actor, form, "questions.change_field", now, key=row.key)


def move_field(actor: Actor, edition_id: int, form_id: int, field_id: int, steps: int, now: datetime) -> None:
    """Move a field up (negative steps) or down. Raises FormMissing, FieldMissing, Conflict `condition_not_before`."""
    with atomic():
        form = _lock_form(actor, edition_id, form_id)
        fields = list_fields(form_id)
        at = next((position for position, each in enumerate(fields) if each.id == field_id), None)
        if at is None:
            raise FieldMissing
        move_by(fields, at, steps)
        check_fields(fields)
        for position, each in enumerate(fields):
            _get_row(form_id, each.id).position = position
        db.session.flush()
        _record(actor, form, "questions.move_field", now, key=_get_row(form_id, field_id).key)


def remove_field(actor: Actor, edition_id: int, form_id: int, field_id: int, now: datetime) -> None:
    """Remove a field. One that was answered is only hidden, so that its answers are still exported.

    Raises FormMissing, FieldMissing, Conflict `field_in_use` where another field's condition needs it.
    """
    with atomic():
        form = _lock_form(actor, edition_id, form_id)
        row = _get_row(form_id, field_id)
        user = next((each for each in list_fields(form_id) if any(c.field == row.key for c in each.conditions)), None)
        if user is not None:
            raise Conflict("field_in_use", key=row.key, other=user.key)
        key = row.key
        if _is_answered(form_id, key):
            row.removed_at = now
        else:
            db.session.delete(row)
        db.session.flush()
        _record(actor, form, "questions.remove_field", now, key=key)


def delete_form(actor: Actor, edition_id: int, form_id: int, now: datetime) -> None:
    """Delete a form with its fields and answers, once nothing refers to it. Raises FormMissing."""
    with atomic():
        form = _lock_form(actor, edition_id, form_id)
        db.session.execute(delete(AnswerSheet).where(AnswerSheet.form_id == form_id))
        db.session.execute(delete(QuestionField).where(QuestionField.form_id == form_id))
        _record(actor, form, "questions.delete_form", now)
        db.session.delete(form)
        db.session.flush()


def _lock_form(actor: Actor, edition_id: int, form_id: int) -> QuestionForm:
    """Let one at a time change the fields of a form: they are judged together. Raises FormMissing."""
    form = lock(QuestionForm, form_id)
    if form is None or form.edition_id != edition_id:
        raise FormMissing
    require(actor, PERMISSIONS[Purpose(form.purpose)], edition_id)
    return form


def _get_row(form_id: int, field_id: int | None) -> QuestionField:
    row = db.session.get(QuestionField, field_id) if field_id is not None else None
    if row is None or row.form_id != form_id or row.removed_at is not None:
        raise FieldMissing
    return row


def _is_answered(form_id: int, key: str) -> bool:
    sheets = db.session.scalars(select(AnswerSheet.answers).where(AnswerSheet.form_id == form_id))
    return any(key in answers for answers in sheets)


def _columns_of(field: Field) -> dict[str, Any]:
    return {
        "kind": field.kind.value,
        "label": dict(field.label),
        "help_text": dict(field.help_text),
        "is_required": field.is_required,
        "options": [option_to_json(each) for each in field.options],
        "limits": limits_to_json(field.limits),
        "conditions": [condition_to_json(each) for each in field.conditions],
        "needs_all": field.needs_all,
        "is_identifying": field.is_identifying,
    }


def _record(actor: Actor, form: QuestionForm, action: str, now: datetime, **details: Any) -> None:
    form.version += 1
    record_act(actor, action, now, edition_id=form.edition_id, subject="form", subject_id=form.id, **details)
