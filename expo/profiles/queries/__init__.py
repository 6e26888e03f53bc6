"""Reads of profiles."""

from expo.profiles.queries.topics import list_attendee_topics, list_interests

__all__ = ["list_attendee_topics", "list_interests"]
