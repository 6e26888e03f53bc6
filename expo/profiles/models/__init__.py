"""Tables of profiles."""

from expo.profiles.models.profiles import Profile
from expo.profiles.models.topics import AttendeeTopic

__all__ = ["AttendeeTopic", "Profile"]
