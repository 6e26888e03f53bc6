"""Acts of matchmaking."""

from expo.matchmaking.services.topics import tag_exhibitors, tag_sessions

__all__ = ["tag_exhibitors", "tag_sessions"]
