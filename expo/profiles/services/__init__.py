"""Acts on profiles."""

from expo.profiles.services.profiles import delete_profile, profile_search_text, save_profile
from expo.profiles.services.topics import choose_interests

__all__ = ["choose_interests", "delete_profile", "profile_search_text", "save_profile"]
