"""Reads of matchmaking."""

from expo.matchmaking.queries.recommendations import (
    ExhibitorMatch,
    SessionMatch,
    recommend_exhibitors,
    recommend_sessions,
)

__all__ = ["ExhibitorMatch", "SessionMatch", "recommend_exhibitors", "recommend_sessions"]
