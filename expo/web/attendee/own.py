"""The attendee whose profile and recommendations the signed-in person sees: themselves, else one they registered."""

from typing import NoReturn

from flask import abort, redirect, request, url_for

from expo.accounts.rules import Permission
from expo.errors import Missing
from expo.exhibitors.queries import list_memberships
from expo.meetings.queries import list_blocking
from expo.profiles.rules import Viewer, viewer_of
from expo.registration.queries import AttendeeRow, list_attendees_of_person
from expo.registration.rules import AttendeeState
from expo.web.kit.access import current_actor, current_edition, current_person_id


def own_attendee() -> AttendeeRow:
    """Return the attendee who is the signed-in person, else the first they registered. Raises Missing."""
    person_id = current_person_id()
    attendees = list_attendees_of_person(person_id, current_edition().id)
    own = [each for each in attendees if each.person_id == person_id] or attendees
    confirmed = [each for each in own if each.state is AttendeeState.CONFIRMED] or own
    if not confirmed:
        refuse_without_registration()
    return confirmed[0]


def refuse_without_registration() -> NoReturn:
    """Lead somebody without a registration to their badge page, which says what to do; refuse what they send."""
    if request.method == "GET":
        abort(redirect(url_for("attendee.me")))
    raise Missing("attendee_missing")


def current_people_viewer() -> Viewer:
    """Return which profiles the signed-in person sees: as a registered visitor, and as part of an exhibitor's team."""
    edition_id, person_id = current_edition().id, current_person_id()
    attendees = list_attendees_of_person(person_id, edition_id)
    own = [each for each in attendees if each.person_id == person_id and each.state is AttendeeState.CONFIRMED]
    memberships = list_memberships(edition_id, person_id)
    own_ids = [each.id for each in own]
    return viewer_of(
        is_registered=bool(own),
        # Organizers see what they show to exhibitors.
        is_exhibitor=bool(memberships) or current_actor().may(Permission.EXHIBITORS_MANAGE, edition_id),
        attendee_ids=own_ids,
        blocked_ids=list_blocking(own_ids, [each.exhibitor_id for each in memberships]),
    )
