"""What happened at companies, stored directly: views, leads and meetings in any state."""

import itertools
from datetime import datetime, timedelta

from expo.editions.queries import EditionFacts
from expo.exhibitors.models import PageView
from expo.exhibitors.rules import start_of_hour
from expo.infra.db import atomic, db
from expo.leads.models import Lead, LeadScan
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.rules import MeetingState

_numbers = itertools.count(1)


def store_views(exhibitor_id: int, at: datetime, count: int) -> None:
    """Store how often a company's page was viewed in the hour of a moment."""
    with atomic():
        db.session.add(PageView(exhibitor_id=exhibitor_id, hour_at=start_of_hour(at, at.tzinfo), count=count))  # type: ignore[arg-type]


def store_lead(exhibitor_id: int, attendee_id: int, at: datetime, *, scans: int = 1, **values: object) -> None:
    """Store a lead with visits."""
    with atomic():
        lead = Lead(
            exhibitor_id=exhibitor_id,
            attendee_id=attendee_id,
            code=f"LEAD{next(_numbers)}",
            first_at=at,
            last_at=at,
            **values,
        )
        db.session.add(lead)
        db.session.flush()
        for _ in range(scans):
            scan_id = f"scan-{next(_numbers)}"
            db.session.add(
                LeadScan(exhibitor_id=exhibitor_id, lead_id=lead.id, scan_id=scan_id, scanned_at=at, received_at=at)
            )


def store_meeting(
    edition: EditionFacts, exhibitor_id: int, attendee_id: int, at: datetime, state: MeetingState
) -> None:
    """Store a meeting of an attendee with a company."""
    number = next(_numbers)
    with atomic():
        meeting = Meeting(
            edition_id=edition.id,
            code=f"MEET{number}",
            exhibitor_id=exhibitor_id,
            state=state.value,
            initiator="guest",
            starts_at=at,
            ends_at=at + timedelta(minutes=25),
            request_key=f"key-{number}",
            created_at=at,
            changed_at=at,
        )
        db.session.add(meeting)
        db.session.flush()
        db.session.add(MeetingParticipant(meeting_id=meeting.id, side="guest", attendee_id=attendee_id, state="joined"))
