"""Reads of profiles."""

from expo.profiles.queries.contact_sharing import (
    Sharing,
    get_sharing,
    list_contacts,
)
from expo.profiles.queries.topics import (
    list_attendee_topics,
    list_interests,
)
from expo.profiles.queries.visibility import find_visible_attendee_ids

__all__ = [
    "Sharing",
    "find_visible_attendee_ids",
    "get_sharing",
    "list_attendee_topics",
    "list_contacts",
    "list_interests",
]
