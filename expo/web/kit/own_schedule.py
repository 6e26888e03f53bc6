"""The signed-in attendee's own schedule, as shown on programme pages."""

from expo.program.queries import SessionRow, list_agenda
from expo.registration.queries import AttendeeRow, list_attendees_of_person
from expo.registration.rules import AttendeeState
from expo.web.kit.access import current_actor, current_edition


def find_own_attendee() -> AttendeeRow | None:
    """Return the attendee whose schedule the signed-in person edits: themselves, else one they registered."""
    actor = current_actor()
    if actor.kind != "person" or actor.id is None:
        return None
    return first_confirmed(list_attendees_of_person(actor.id, current_edition().id), actor.id)


def first_confirmed(attendees: list[AttendeeRow], person_id: int) -> AttendeeRow | None:
    """Return the confirmed attendee who is this person, else the first confirmed one."""
    confirmed = [each for each in attendees if each.state is AttendeeState.CONFIRMED]
    return next((each for each in confirmed if each.person_id == person_id), next(iter(confirmed), None))


def list_own_sessions() -> list[SessionRow]:
    """Return the sessions on the signed-in attendee's schedule, by time; empty for anyone else."""
    attendee = find_own_attendee()
    return list_agenda(attendee.id, attendee.edition_id) if attendee else []
