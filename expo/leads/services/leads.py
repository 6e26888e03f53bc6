"""Acts on leads by the team of their company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from expo.accounts.rules import Actor
from expo.errors import Outdated
from expo.exhibitors.queries import require_member
from expo.exhibitors.rules import TeamAction
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.leads.errors import LeadMissing, LeadWithdrawn
from expo.leads.models import Lead, LeadNote
from expo.leads.queries import list_questions
from expo.leads.rules import MAX_RATING, AnswerSheet, FollowUp, LeadEvent, read_answers
from expo.questions.rules import Given
from expo.webhooks.services import queue_event

MAX_SELECTED = 500


@dataclass(frozen=True)
class LeadChange:
    """What the team says about a lead."""

    status: FollowUp
    rating: int | None
    answers: Mapping[str, Given]


def edit_lead(
    actor: Actor, edition_id: int, slug: str, code: str, change: LeadChange, version: int, now: datetime
) -> None:
    """Change what the team says about a lead. Raises LeadMissing, LeadWithdrawn, Outdated."""
    membership = require_member(actor, edition_id, slug, TeamAction.COLLECT_LEADS)
    with atomic():
        lead = lock_lead(membership.exhibitor_id, code)
        if lead.version != version:
            raise Outdated
        lead.status = change.status.value
        if change.rating is None or 1 <= change.rating <= MAX_RATING:
            lead.rating, lead.rated_at = change.rating, now
        asked = list_questions(membership.exhibitor_id)
        given = {each.key: None for each in asked} | read_answers(asked, change.answers)
        store_answers(lead, given, now)
        record_lead_change(lead, LeadEvent.UPDATED, now)
        _record(actor, edition_id, lead, "leads.edit", now)


def set_status(actor: Actor, edition_id: int, slug: str, codes: Sequence[str], status: FollowUp, now: datetime) -> int:
    """Set the status of several leads, and return how many were changed; withdrawn ones are skipped."""
    membership = require_member(actor, edition_id, slug, TeamAction.COLLECT_LEADS)
    with atomic():
        leads = db.session.scalars(
            select(Lead)
            .where(
                Lead.exhibitor_id == membership.exhibitor_id,
                Lead.code.in_(codes[:MAX_SELECTED]),
                Lead.withdrawn_at.is_(None),
                Lead.deleted_at.is_(None),
                Lead.status != status.value,
            )
            .order_by(Lead.id)
            .with_for_update(),
            execution_options={"populate_existing": True},
        ).all()
        for lead in leads:
            lead.status = status.value
            record_lead_change(lead, LeadEvent.UPDATED, now)
            _record(actor, edition_id, lead, "leads.edit", now, status=status.value)
        return len(leads)


def delete_lead(actor: Actor, edition_id: int, slug: str, code: str, now: datetime) -> None:
    """Delete a lead with its notes; scanning the badge again begins a new one. Raises LeadMissing."""
    membership = require_member(actor, edition_id, slug, TeamAction.COLLECT_LEADS)
    with atomic():
        lead = lock_lead(membership.exhibitor_id, code, include_withdrawn=True)
        empty_lead(lead)
        lead.deleted_at = now
        lead.version += 1
        db.session.flush()
        _record(actor, edition_id, lead, "leads.delete", now)


def lock_lead(exhibitor_id: int, code: str, *, include_withdrawn: bool = False) -> Lead:
    """Return a lead of a company, locked until the commit. Raises LeadMissing, LeadWithdrawn."""
    lead = db.session.scalars(
        select(Lead)
        .where(Lead.exhibitor_id == exhibitor_id, Lead.code == code, Lead.deleted_at.is_(None))
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if lead is None:
        raise LeadMissing
    if lead.withdrawn_at is not None and not include_withdrawn:
        raise LeadWithdrawn
    return lead


def store_answers(lead: Lead, given: Mapping[str, Any], at: datetime) -> bool:
    """Store the answers that are later than the stored ones; return whether any changed. The lead is locked."""
    before = lead.answers
    sheet = AnswerSheet(lead.answers, lead.answer_times).merged(given, at)
    lead.answers, lead.answer_times = dict(sheet.values), dict(sheet.times)
    return lead.answers != before


def empty_lead(lead: Lead) -> None:
    """Delete what the team noted about a visitor; the lead is locked."""
    db.session.execute(delete(LeadNote).where(LeadNote.lead_id == lead.id))
    lead.status = FollowUp.NEW.value
    lead.rating = lead.rated_at = None
    lead.answers, lead.answer_times = {}, {}


def record_lead_change(lead: Lead, event: LeadEvent, now: datetime) -> None:
    """Raise the version of a changed lead, and queue the call of the company's systems in the same transaction."""
    lead.version += 1
    db.session.flush()
    queue_event(lead.exhibitor_id, event.value, lead.id, now)


def _record(actor: Actor, edition_id: int, lead: Lead, action: str, now: datetime, **details: str) -> None:
    record_act(
        actor, action, now,
        edition_id=edition_id, subject="exhibitor", subject_id=lead.exhibitor_id, lead=lead.code, **details,
    )  # fmt: skip
