"""Acts of the visitor: stop sharing with a company, and share again."""

from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission
from expo.exhibitors.models import Exhibitor
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.leads.errors import LeadMissing
from expo.leads.models import Lead
from expo.leads.rules import UNDO_FOR, LeadEvent, WithdrawalReason
from expo.leads.services.leads import empty_lead, record_lead_change
from expo.registration.queries import get_attendee_by_id
from expo.registration.rules import require_own

EMPTY_BATCH = 200


def stop_sharing(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> None:
    """Withdraw an attendee's details from a company, which no longer sees any of them. Idempotent.

    What the team noted is deleted once undoing is no longer possible. Raises LeadMissing, PermissionMissing.
    """
    owner = _require_visitor(actor, edition_id, attendee_id)
    with atomic():
        lead = _lock_lead(edition_id, attendee_id, slug)
        if lead.withdrawn_at is not None:
            return
        reason = WithdrawalReason.VISITOR if actor.id == owner else WithdrawalReason.ON_REQUEST
        lead.withdrawn_at, lead.withdrawal_reason = now, reason.value
        record_lead_change(lead, LeadEvent.WITHDRAWN, now)
        _record(actor, edition_id, lead, "leads.stop_sharing", now)


def resume_sharing(actor: Actor, edition_id: int, attendee_id: int, slug: str, now: datetime) -> None:
    """Share with a company again. Idempotent.

    Within `UNDO_FOR` of the withdrawal everything comes back, later an empty lead. Raises LeadMissing,
    PermissionMissing.
    """
    _require_visitor(actor, edition_id, attendee_id)
    with atomic():
        lead = _lock_lead(edition_id, attendee_id, slug)
        if lead.withdrawn_at is None:
            return
        lead.withdrawn_at, lead.withdrawal_reason, lead.emptied_at = None, "", None
        record_lead_change(lead, LeadEvent.UPDATED, now)
        _record(actor, edition_id, lead, "leads.resume_sharing", now)


def empty_withdrawn_leads(now: datetime) -> int:
    """Delete what teams noted about visitors who withdrew too long ago to undo it, and return how many there were."""
    with atomic():
        leads = db.session.scalars(
            select(Lead)
            .where(Lead.withdrawn_at <= now - UNDO_FOR, Lead.withdrawn_at.is_not(None), Lead.emptied_at.is_(None))
            .order_by(Lead.id)
            .limit(EMPTY_BATCH)
            .with_for_update(),
            execution_options={"populate_existing": True},
        ).all()
        for lead in leads:
            empty_lead(lead)
            lead.emptied_at = now
        db.session.flush()
        return len(leads)


def merge_withdrawals(from_exhibitor_id: int, into_exhibitor_id: int) -> None:
    """Before two companies become one: visitors who withdrew from either have withdrawn from the one that stays.

    What either team noted about them is deleted as after any withdrawal.
    """
    with atomic():
        leads = {
            exhibitor_id: {
                lead.attendee_id: lead
                for lead in db.session.scalars(select(Lead).where(Lead.exhibitor_id == exhibitor_id).with_for_update())
            }
            for exhibitor_id in sorted((from_exhibitor_id, into_exhibitor_id))
        }
        for attendee_id, leaving in leads[from_exhibitor_id].items():
            staying = leads[into_exhibitor_id].get(attendee_id)
            withdrawn = next((each for each in (staying, leaving) if each and each.withdrawn_at is not None), None)
            if staying is not None and withdrawn is not None:
                staying.withdrawn_at, staying.withdrawal_reason = withdrawn.withdrawn_at, withdrawn.withdrawal_reason
                staying.emptied_at = None
        db.session.flush()


def _require_visitor(actor: Actor, edition_id: int, attendee_id: int) -> int:
    """Check that the actor is the visitor, or staff asked by them; return the visitor's account."""
    attendee = get_attendee_by_id(edition_id, attendee_id)
    require_own(actor, Permission.ATTENDEES_WRITE, edition_id, [attendee.person_id])
    return attendee.person_id


def _lock_lead(edition_id: int, attendee_id: int, slug: str) -> Lead:
    exhibitor_id = db.session.scalar(
        select(Exhibitor.id).where(Exhibitor.edition_id == edition_id, Exhibitor.slug == slug)
    )
    lead = db.session.scalars(
        select(Lead)
        .where(Lead.exhibitor_id == exhibitor_id, Lead.attendee_id == attendee_id, Lead.deleted_at.is_(None))
        .with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if lead is None:
        raise LeadMissing
    return lead


def _record(actor: Actor, edition_id: int, lead: Lead, action: str, now: datetime) -> None:
    record_act(
        actor, action, now,
        edition_id=edition_id, subject="attendee", subject_id=lead.attendee_id, exhibitor=lead.exhibitor_id,
    )  # fmt: skip
