"""Reads of matchmaking: recommendations, and what they are made from."""

from expo.matchmaking.queries.answers import read_willingness
from expo.matchmaking.queries.candidates import companies_of, people_of, sessions_of
from expo.matchmaking.queries.capacity import (
    read_capacities,
    read_capacities_of_people,
    read_capacities_of_sessions,
    read_popularity,
)
from expo.matchmaking.queries.recommendations import (
    MODEL_OF_COMPANIES,
    MODELS,
    ExhibitorMatch,
    PersonMatch,
    SessionMatch,
    party_of,
    read_viewpoint,
    recommend_exhibitors,
    recommend_people,
    recommend_people_for_exhibitor,
    recommend_sessions,
)
from expo.matchmaking.queries.signals import list_dismissed, list_signals

__all__ = [
    "MODELS",
    "MODEL_OF_COMPANIES",
    "ExhibitorMatch",
    "PersonMatch",
    "SessionMatch",
    "companies_of",
    "list_dismissed",
    "list_signals",
    "party_of",
    "people_of",
    "read_capacities",
    "read_capacities_of_people",
    "read_capacities_of_sessions",
    "read_popularity",
    "read_viewpoint",
    "read_willingness",
    "recommend_exhibitors",
    "recommend_people",
    "recommend_people_for_exhibitor",
    "recommend_sessions",
    "sessions_of",
]
