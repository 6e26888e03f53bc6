"""Acts on profiles."""

from expo.profiles.services.contact_sharing import choose_sharing

__all__ = ["choose_sharing"]
