"""Acts on profiles."""

from expo.profiles.services.contact_sharing import (
    choose_sharing,
)
from expo.profiles.services.topics import (
    choose_interests,
)

__all__ = [
    "choose_interests",
    "choose_sharing",
]
