"""Acts on a company's questions."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor
from expo.errors import Conflict, Missing
from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import require_member
from expo.exhibitors.rules import TeamAction
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.leads.models import LeadQuestion
from expo.leads.rules import MAX_QUESTIONS, Question, check_question
from expo.pure.positions import move_by


def add_question(actor: Actor, edition_id: int, slug: str, question: Question, now: datetime) -> int:
    """Add a question after the others, and return its id.

    Raises Invalid `lead_question_invalid`, Conflict `lead_questions_too_many`.
    """
    membership = require_member(actor, edition_id, slug, TeamAction.EXPORT_LEADS)
    checked = check_question(question)
    with atomic():
        lock(Exhibitor, membership.exhibitor_id)
        rows = _list_rows(membership.exhibitor_id)
        if len(rows) >= MAX_QUESTIONS:
            raise Conflict("lead_questions_too_many", field="label", maximum=MAX_QUESTIONS)
        row = LeadQuestion(
            exhibitor_id=membership.exhibitor_id,
            kind=checked.kind.value,
            label=checked.label,
            options=list(checked.options),
            position=len(rows),
        )
        db.session.add(row)
        db.session.flush()
        _record(actor, edition_id, row, "leads.add_question", now)
        return row.id


def change_question(actor: Actor, edition_id: int, slug: str, question: Question, now: datetime) -> None:
    """Change the words and options of a question; its kind stays, because it has answers.

    Raises Missing `lead_question_missing`, Invalid `lead_question_invalid`.
    """
    membership = require_member(actor, edition_id, slug, TeamAction.EXPORT_LEADS)
    with atomic():
        row = _lock_row(membership.exhibitor_id, question.id)
        checked = check_question(replace(question, kind=type(question.kind)(row.kind)))
        row.label, row.options = checked.label, list(checked.options)
        db.session.flush()
        _record(actor, edition_id, row, "leads.change_question", now)


def move_question(actor: Actor, edition_id: int, slug: str, question_id: int, steps: int, now: datetime) -> None:
    """Move a question up (negative steps) or down. Raises Missing `lead_question_missing`."""
    membership = require_member(actor, edition_id, slug, TeamAction.EXPORT_LEADS)
    with atomic():
        lock(Exhibitor, membership.exhibitor_id)
        rows = _list_rows(membership.exhibitor_id)
        at = next((place for place, row in enumerate(rows) if row.id == question_id), None)
        if at is None:
            raise Missing("lead_question_missing")
        move_by(rows, at, steps)
        for position, row in enumerate(rows):
            row.position = position
        db.session.flush()
        _record(actor, edition_id, rows[0], "leads.move_question", now)


def remove_question(actor: Actor, edition_id: int, slug: str, question_id: int, now: datetime) -> None:
    """Stop asking a question; its answers are still exported. Raises Missing `lead_question_missing`."""
    membership = require_member(actor, edition_id, slug, TeamAction.EXPORT_LEADS)
    with atomic():
        row = _lock_row(membership.exhibitor_id, question_id)
        row.removed_at = now
        db.session.flush()
        _record(actor, edition_id, row, "leads.remove_question", now)


def _list_rows(exhibitor_id: int) -> list[LeadQuestion]:
    query = (
        select(LeadQuestion)
        .where(LeadQuestion.exhibitor_id == exhibitor_id, LeadQuestion.removed_at.is_(None))
        .order_by(LeadQuestion.position, LeadQuestion.id)
    )
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def _lock_row(exhibitor_id: int, question_id: int) -> LeadQuestion:
    row = lock(LeadQuestion, question_id)
    if row is None or row.exhibitor_id != exhibitor_id or row.removed_at is not None:
        raise Missing("lead_question_missing")
    return row


def _record(actor: Actor, edition_id: int, row: LeadQuestion, action: str, now: datetime) -> None:
    record_act(
        actor, action, now,
        edition_id=edition_id, subject="exhibitor", subject_id=row.exhibitor_id, question=row.label,
    )  # fmt: skip
