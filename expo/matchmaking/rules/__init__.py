"""Rules of matchmaking. Pure."""

from expo.matchmaking.rules.topics import MENTION_WEIGHT, weigh_topics

__all__ = ["MENTION_WEIGHT", "weigh_topics"]
