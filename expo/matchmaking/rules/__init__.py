"""Rules of matchmaking: scores of pairs, fair lists of them, and their reasons. Pure."""

from expo.matchmaking.rules.answers import willingness
from expo.matchmaking.rules.exploration import even_out, explore, explored_share
from expo.matchmaking.rules.exposure import balance, best, luck, worth
from expo.matchmaking.rules.parties import Facet, Party, TargetKind
from expo.matchmaking.rules.ranking import (
    FEW,
    SLICE,
    Marks,
    Model,
    choose_diverse,
    rank,
    score_pairs,
    slice_size,
    with_topic,
)
from expo.matchmaking.rules.reasons import TOPICAL_REASONS, Reason, ReasonKind, explain
from expo.matchmaking.rules.scores import (
    NOTHING_KNOWN,
    PERSON_OF_SESSION,
    VISITOR_IN_RETURN,
    WEIGHTS,
    Fusion,
    Reputation,
    popularity,
)
from expo.matchmaking.rules.signals import SETTLED, Signal, SignalKind, learn_taste
from expo.matchmaking.rules.topics import MENTION_WEIGHT, weigh_topics
from expo.matchmaking.rules.vectors import Floats, Side, TopicSpace

__all__ = [
    "FEW",
    "MENTION_WEIGHT",
    "NOTHING_KNOWN",
    "PERSON_OF_SESSION",
    "SETTLED",
    "SLICE",
    "TOPICAL_REASONS",
    "VISITOR_IN_RETURN",
    "WEIGHTS",
    "Facet",
    "Floats",
    "Fusion",
    "Marks",
    "Model",
    "Party",
    "Reason",
    "ReasonKind",
    "Reputation",
    "Side",
    "Signal",
    "SignalKind",
    "TargetKind",
    "TopicSpace",
    "balance",
    "best",
    "choose_diverse",
    "even_out",
    "explain",
    "explore",
    "explored_share",
    "learn_taste",
    "luck",
    "popularity",
    "rank",
    "score_pairs",
    "slice_size",
    "weigh_topics",
    "willingness",
    "with_topic",
    "worth",
]
