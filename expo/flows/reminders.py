"""Reminders by e-mail: of the next day's sessions in the evening, and of each session shortly before."""

from datetime import datetime

from expo.editions.queries import EditionFacts, find_current_edition
from expo.flows.program_emails import remind_of_sessions
from expo.infra.db import atomic
from expo.program.queries import (
    list_evening_reminders,
    list_own_program,
    list_reminders_before,
    list_sessions_between,
)
from expo.program.rules import LATEST_BEFORE, REMIND_BEFORE, evening_window
from expo.program.services import record_reminder
from expo.registration.queries import list_attendees

BATCH = 200


def send_reminders(now: datetime) -> int:
    """Queue all reminders that are due, each once, and return their number."""
    edition = find_current_edition()
    if edition is None:
        return 0
    return _remind_in_the_evening(edition, now) + _remind_before_sessions(edition, now)


def _remind_in_the_evening(edition: EditionFacts, now: datetime) -> int:
    day = evening_window(now, edition.zone)
    if day is None or not edition.starts_on <= day <= edition.ends_on:
        return 0
    sent = 0
    while attendee_ids := list_evening_reminders(edition.id, day, BATCH):
        with atomic():
            for attendee in list_attendees(edition.id, attendee_ids):
                own = [each for each in list_own_program(attendee.id, edition.id) if each.day == day]
                if record_reminder(attendee.id, day.isoformat(), now):
                    remind_of_sessions(
                        "program/evening_reminder", edition, attendee, [e for e in own if not e.is_cancelled], now
                    )
                    sent += 1
    return sent


def _remind_before_sessions(edition: EditionFacts, now: datetime) -> int:
    sent = 0
    for row in list_sessions_between(edition.id, now + LATEST_BEFORE, now + REMIND_BEFORE):
        # A session that was moved is announced again.
        subject = f"session {row.id} {row.starts_at:%Y-%m-%dT%H:%MZ}"
        while attendee_ids := list_reminders_before(edition.id, row.id, subject, BATCH):
            with atomic():
                for attendee in list_attendees(edition.id, attendee_ids):
                    if record_reminder(attendee.id, subject, now):
                        remind_of_sessions("program/session_reminder", edition, attendee, [row], now)
                        sent += 1
    return sent
