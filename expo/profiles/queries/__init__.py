"""Reads of profiles."""

from expo.profiles.queries.contact_sharing import (
    Sharing,
    get_sharing,
    list_contacts,
)
from expo.profiles.queries.directory import (
    PAGE_SIZE,
    PeopleFilter,
    PeoplePage,
    get_person,
    search_people,
)
from expo.profiles.queries.profiles import (
    ProfileRow,
    find_profile,
    find_visible_attendee_ids,
    get_party_profile,
    is_visible,
    list_people_by_id,
    read_people,
)
from expo.profiles.queries.topics import (
    list_attendee_topics,
    list_interests,
)

__all__ = [
    "PAGE_SIZE",
    "PeopleFilter",
    "PeoplePage",
    "ProfileRow",
    "Sharing",
    "find_profile",
    "find_visible_attendee_ids",
    "get_party_profile",
    "get_person",
    "get_sharing",
    "is_visible",
    "list_attendee_topics",
    "list_contacts",
    "list_interests",
    "list_people_by_id",
    "read_people",
    "search_people",
]
