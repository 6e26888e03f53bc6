"""Tables of profiles: which contact details exhibitors get."""

from expo.profiles.models.contact_sharing import ContactSharing

__all__ = ["ContactSharing"]
