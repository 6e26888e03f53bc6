"""Acts on complaints about meetings."""

from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Permission, require
from expo.errors import Conflict
from expo.infra.db import atomic, db, lock
from expo.meetings.errors import MeetingMissing
from expo.meetings.models import Meeting, MeetingReport
from expo.meetings.queries import Party
from expo.meetings.rules import check_text
from expo.meetings.services.parties import find_guest, lock_meeting, record


def report_meeting(party: Party, code: str, text: str, now: datetime, guest_id: int | None = None) -> None:
    """Report the other side to the organizers; the text of a second report by the same about the same replaces it.

    The host of several guests names one of them by the id of the participant. Raises MeetingMissing, Invalid
    `meeting_guest_unclear`, `meeting_text_empty` or `text_too_long`.
    """
    text = check_text(text, "report", is_required=True)
    with atomic():
        meeting, row = lock_meeting(party, code)
        side = row.side_of(party)
        if side is None:
            raise Conflict("meeting_not_your_turn")
        guest = find_guest(party, row, guest_id)
        report = db.session.scalars(
            select(MeetingReport).where(
                MeetingReport.meeting_id == meeting.id,
                MeetingReport.side == side.value,
                MeetingReport.guest_id == guest.id,
            )
        ).one_or_none()
        if report is None:
            report = MeetingReport(meeting_id=meeting.id, side=side.value, guest_id=guest.id, created_at=now)
            db.session.add(report)
        report.text, report.resolved_at = text, None
        db.session.flush()
        record(party, "report", meeting.id, now)


def resolve_report(party: Party, report_id: int, now: datetime) -> None:
    """Mark a complaint as dealt with. Idempotent. Raises MeetingMissing, PermissionMissing."""
    require(party.actor, Permission.EXHIBITORS_MANAGE, party.edition_id)
    with atomic():
        report = lock(MeetingReport, report_id)
        meeting = db.session.get(Meeting, report.meeting_id) if report else None
        if report is None or meeting is None or meeting.edition_id != party.edition_id:
            raise MeetingMissing
        report.resolved_at = report.resolved_at or now
        record(party, "resolve_report", meeting.id, now)
