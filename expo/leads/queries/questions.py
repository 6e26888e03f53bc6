"""Reads of a company's questions."""

from sqlalchemy import select

from expo.infra.db import db
from expo.leads.models import LeadQuestion
from expo.leads.rules import Question
from expo.questions.rules import FieldKind


def list_questions(exhibitor_id: int, *, with_removed: bool = False) -> list[Question]:
    """Return the questions of a company in their order; removed ones still have answers."""
    query = (
        select(LeadQuestion.kind, LeadQuestion.label, LeadQuestion.options, LeadQuestion.id)
        .where(LeadQuestion.exhibitor_id == exhibitor_id)
        .order_by(LeadQuestion.position, LeadQuestion.id)
    )
    if not with_removed:
        query = query.where(LeadQuestion.removed_at.is_(None))
    return [
        Question(FieldKind(kind), label, tuple(options), question_id)
        for kind, label, options, question_id in db.session.execute(query)
    ]
