"""The audit history of an attendee."""

from sqlalchemy import select

from expo.infra.audit import AuditEntry, AuditRecord
from expo.infra.db import db
from expo.registration.queries.attendees import get_attendee_by_id


def attendee_history(edition_id: int, attendee_id: int, limit: int = 100) -> list[AuditRecord]:
    """Return the history of an attendee, their badge and order, newest first. Raises AttendeeMissing."""
    attendee = get_attendee_by_id(edition_id, attendee_id)
    on_attendee = (AuditEntry.subject == "attendee") & (AuditEntry.subject_id == attendee_id)
    on_order = (AuditEntry.subject == "order") & (AuditEntry.subject_id == attendee.order_id)
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.actor_kind, AuditEntry.actor_id, AuditEntry.action, AuditEntry.details)
        .where(on_attendee | on_order)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [AuditRecord(*row) for row in rows]
