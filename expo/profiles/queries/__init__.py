"""Reads of profiles: what attendees share now."""

from expo.profiles.queries.contact_sharing import Sharing, get_sharing, list_contacts

__all__ = ["Sharing", "get_sharing", "list_contacts"]
