"""Acts on profiles."""

from expo.profiles.services.topics import choose_interests

__all__ = ["choose_interests"]
