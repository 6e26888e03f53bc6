"""Acts on answers. They are a part of what they belong to: its domain checks permissions and records the act."""

from collections.abc import Mapping
from datetime import datetime

from expo.infra.db import atomic, db, lock
from expo.questions.models import AnswerSheet
from expo.questions.rules import Value


def store_answers(form_id: int, sheet_id: int | None, values: Mapping[str, Value], now: datetime) -> int:
    """Replace the answers of a sheet, or begin one, and return its id. `values` come from the rules, checked."""
    with atomic():
        sheet = lock(AnswerSheet, sheet_id) if sheet_id is not None else None
        if sheet is None or sheet.form_id != form_id:
            sheet = AnswerSheet(form_id=form_id, changed_at=now)
            db.session.add(sheet)
        sheet.answers, sheet.changed_at = dict(values), now
        db.session.flush()
        return sheet.id


def delete_sheet(sheet_id: int) -> None:
    """Delete a sheet of answers; it need not exist."""
    with atomic():
        sheet = db.session.get(AnswerSheet, sheet_id)
        if sheet is not None:
            db.session.delete(sheet)
            db.session.flush()
