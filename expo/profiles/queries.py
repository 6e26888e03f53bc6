"""Reads of profiles: who agreed to be found."""

from sqlalchemy import Select, false, select

from expo.registration.models import Attendee


def find_visible_attendee_ids(edition_id: int, viewer_kind: str) -> Select[int]:  # noqa: ARG001 - see below
    """Return the query of the attendees who agreed to be found by an `exhibitor` or an `attendee`.

    Nobody has agreed yet: profiles with a visibility do not exist.
    """
    return select(Attendee.id).where(Attendee.edition_id == edition_id, false())
