"""Acts on profiles."""

from expo.profiles.services.contact_sharing import (
    choose_sharing,
)
from expo.profiles.services.profiles import (
    delete_profile,
    profile_search_text,
    save_profile,
)
from expo.profiles.services.topics import (
    choose_interests,
)

__all__ = [
    "choose_interests",
    "choose_sharing",
    "delete_profile",
    "profile_search_text",
    "save_profile",
]
