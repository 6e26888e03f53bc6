"""E-mails about the programme: offered seats and reminders of sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from expo.editions.queries import EditionFacts, get_edition
from expo.mail.services import queue_email
from expo.program.queries import SessionRow, list_sessions_by_id
from expo.program.services import SeatOffer
from expo.registration.queries import AttendeeRow, list_attendees


def notify_offered(edition_id: int, offers: Sequence[SeatOffer], now: datetime) -> None:
    """Queue an e-mail to each person to whom a seat was offered."""
    if not offers:
        return
    edition = get_edition(edition_id)
    attendees = {each.id: each for each in list_attendees(edition_id, [offer.attendee_id for offer in offers])}
    sessions = {
        each.id: each for each in list_sessions_by_id(edition_id, sorted({offer.session_id for offer in offers}))
    }
    for offer in offers:
        if offer.session_id in sessions:
            details = {
                "sessions": [_of_session(sessions[offer.session_id])],
                "offered_until": offer.offered_until.isoformat(),
            }
            _write("program/seat_offered", edition, attendees[offer.attendee_id], details, now)


def remind_of_sessions(
    message: str, edition: EditionFacts, attendee: AttendeeRow, sessions: Sequence[SessionRow], now: datetime
) -> None:
    """Queue `program/evening_reminder` or `program/session_reminder` with an attendee's sessions."""
    _write(message, edition, attendee, {"sessions": [_of_session(each) for each in sessions]}, now)


def _write(message: str, edition: EditionFacts, attendee: AttendeeRow, details: dict[str, Any], now: datetime) -> None:
    queue_email(
        message,
        to_email=attendee.email,
        language=attendee.language,
        now=now,
        edition_id=edition.id,
        person_id=attendee.person_id,
        details={
            "edition_title": edition.title,
            "contact_email": edition.contact_email,
            "time_zone": edition.time_zone,
            "name": attendee.name,
            **details,
        },
        links={"me_link": ("/me/open/", "me", [attendee.person_id])},
    )


def _of_session(row: SessionRow) -> dict[str, Any]:
    return {
        "title": row.title,
        "starts_at": row.starts_at.isoformat() if row.starts_at else None,
        "room": row.room.name if row.room else None,
        "hall": row.room.hall_name if row.room else None,
    }
