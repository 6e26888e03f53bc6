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

__all__ = [
    "Sharing",
    "get_sharing",
    "list_attendee_topics",
    "list_contacts",
    "list_interests",
]
