"""Reads of who agreed to be found."""

from sqlalchemy import Select, select

from expo.profiles.models import Profile
from expo.registration.models import Attendee
from expo.registration.rules import AttendeeState

# The visibilities that open a profile, by the kind of who looks; see rules.Visibility.
_SEEN = {"exhibitor": ("exhibitors", "everyone"), "attendee": ("everyone",)}


def find_visible_attendee_ids(edition_id: int, viewer_kind: str) -> Select[int]:
    """Return the query of the confirmed attendees who agreed to be found by an `exhibitor` or an `attendee`."""
    return (
        select(Profile.attendee_id)
        .join(Attendee, Attendee.id == Profile.attendee_id)
        .where(
            Profile.edition_id == edition_id,
            Profile.visibility.in_(_SEEN[viewer_kind]),
            Attendee.state == AttendeeState.CONFIRMED.value,
        )
    )
