"""Acts on notes."""

from datetime import datetime

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import Actor
from expo.errors import Invalid, Missing
from expo.exhibitors.queries import require_member
from expo.exhibitors.rules import TeamAction
from expo.infra.db import atomic, db, lock
from expo.leads.models import LeadNote
from expo.leads.rules import LeadEvent, check_note
from expo.leads.services.leads import lock_lead, record_lead_change


def add_note(actor: Actor, edition_id: int, slug: str, code: str, text: str, now: datetime) -> int:
    """Add a note to a lead, and return its id.

    Raises LeadMissing, LeadWithdrawn, Invalid `lead_note_empty`, `lead_note_too_long`.
    """
    membership = require_member(actor, edition_id, slug, TeamAction.COLLECT_LEADS)
    note = check_note(text)
    if not note:
        raise Invalid("lead_note_empty", field="note")
    with atomic():
        lead = lock_lead(membership.exhibitor_id, code)
        row = LeadNote(
            lead_id=lead.id,
            member_id=membership.member_id,
            author=actor.label[:200],
            text=note,
            written_at=now,
            changed_at=now,
        )
        db.session.add(row)
        record_lead_change(lead, LeadEvent.UPDATED, now)
        return row.id


def delete_note(actor: Actor, edition_id: int, slug: str, code: str, note_id: int, now: datetime) -> None:
    """Delete a note: one's own, or anybody's for those who manage the leads.

    Raises LeadMissing, LeadWithdrawn, Missing `lead_note_missing`, PermissionMissing.
    """
    membership = require_member(actor, edition_id, slug, TeamAction.COLLECT_LEADS)
    with atomic():
        lead = lock_lead(membership.exhibitor_id, code)
        row = lock(LeadNote, note_id)
        if row is None or row.lead_id != lead.id or not row.text:
            raise Missing("lead_note_missing")
        is_own = row.member_id is not None and row.member_id == membership.member_id
        if not is_own and not membership.may(TeamAction.EXPORT_LEADS):
            raise PermissionMissing(TeamAction.EXPORT_LEADS.value)
        # The row stays empty, so that a queue which repeats the scan does not bring the note back.
        row.text, row.changed_at = "", now
        record_lead_change(lead, LeadEvent.UPDATED, now)
