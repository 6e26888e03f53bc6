"""Tables of profiles."""

from expo.profiles.models.contact_sharing import (
    ContactSharing,
)
from expo.profiles.models.profiles import (
    Profile,
)
from expo.profiles.models.topics import (
    AttendeeTopic,
)

__all__ = [
    "AttendeeTopic",
    "ContactSharing",
    "Profile",
]
