"""The signed-in attendee's favourite exhibitors, as shown on public pages."""

from expo.exhibitors.queries import list_favourite_slugs
from expo.web.kit.access import current_edition
from expo.web.kit.own_schedule import find_own_attendee


def list_own_favourites() -> list[str]:
    """Return the slugs of the signed-in attendee's favourites; none for everybody else."""
    attendee = find_own_attendee()
    return list_favourite_slugs(current_edition().id, attendee.id) if attendee else []
