"""Check the alarms of the control rooms, and tell organizers by e-mail of those that were raised."""

from datetime import datetime

from expo.accounts.queries import find_person, list_role_holders
from expo.accounts.rules import Role
from expo.checkin.queries.alarms import AlarmRow, get_control_room, list_alarms
from expo.checkin.queries.control_room import list_due_alarms
from expo.checkin.services.alarms import update_alarms
from expo.editions.queries import EditionFacts, list_editions
from expo.infra.addresses import public_url
from expo.infra.db import atomic
from expo.mail.services import queue_email


def check_alarms(now: datetime) -> int:
    """Raise and clear the alarms of every edition that takes place today; return how many were raised."""
    return sum(_check_edition(edition, now) for edition in list_editions() if _takes_place(edition, now))


def _takes_place(edition: EditionFacts, now: datetime) -> bool:
    return edition.is_demo or edition.day_range.holds(edition.door_calendar.day_of(now))


def _check_edition(edition: EditionFacts, now: datetime) -> int:
    due = list_due_alarms(edition, now)
    with atomic():
        raised = set(update_alarms(edition.id, due, now))
        if raised and get_control_room(edition.id).sends_emails:
            alarms = [each for each in list_alarms(edition.id, now, limit=200) if each.id in raised]
            _notify_organizers(edition, alarms, now)
    return len(raised)


def _notify_organizers(edition: EditionFacts, alarms: list[AlarmRow], now: datetime) -> None:
    """Queue one e-mail about all of them to each organizer, in their language."""
    for holder in list_role_holders(edition.id):
        person = find_person(holder.person_id) if Role.ORGANIZER in holder.roles else None
        if person is None:
            continue
        queue_email(
            "checkin/alarms",
            to_email=person.email,
            language=person.language,
            now=now,
            edition_id=edition.id,
            person_id=person.id,
            details={
                "edition_title": edition.title,
                "contact_email": edition.contact_email,
                "alarms": [
                    {"kind": each.kind.value, "name": each.name, "value": each.value, "at": each.raised_at.isoformat()}
                    for each in alarms
                ],
                "time_zone": edition.time_zone,
                "control_room": public_url("/organizer/control-room", person.language),
            },
        )
