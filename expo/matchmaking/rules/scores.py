"""How likely both sides want each other: features of a pair, learned weights, and the fusion of both directions. Pure.

One direction is a logistic model of the features. Both are fused as reciprocal recommenders do (Pizzato and others,
"RECON: a reciprocal recommender for online dating", RecSys 2010, by the harmonic mean; Neve and Palomares, "Latent
factor models and aggregation operators for collaborative filtering in reciprocal recommender systems", RecSys 2019,
compare means). `bench/recommendations.py` compares the fusions and learns the weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from expo.matchmaking.rules.parties import Facet, TargetKind
from expo.matchmaking.rules.vectors import Floats, Masks, Side


class Feature(StrEnum):
    """What speaks for the wish of one side; every feature is between 0 and 1, `liked` between -1 and 1."""

    SOUGHT = "sought"  # the other offers what I seek
    ASKED = "asked"  # the other seeks what I offer
    ALIKE = "alike"  # both seek the same
    LIKED = "liked"  # the other offers what I chose, or did not refuse, before
    INDUSTRY = "industry"
    REGION = "region"
    LANGUAGE = "language"
    PURPOSE = "purpose"
    POPULAR = "popular"  # many others want the other
    WILLING = "willing"  # this side accepts more requests than others do


TOPICAL = (Feature.SOUGHT, Feature.ASKED, Feature.ALIKE, Feature.LIKED)
SHARED_FACETS = {
    Feature.INDUSTRY: Facet.INDUSTRY,
    Feature.REGION: Facet.REGION,
    Feature.LANGUAGE: Facet.LANGUAGE,
}
# What all others tell about a party, with the average at one half.
OF_ALL_OTHERS = frozenset({Feature.POPULAR, Feature.WILLING})
Features = Mapping[Feature, Floats]
# Choices that every target is assumed to have besides those that are known.
CHOICES_AHEAD = 5.0


@dataclass(frozen=True)
class Reputation:
    """What all others tell about each target, 0 to 1, with the average at one half; None if nothing is known."""

    # How wanted it is; see `popularity`.
    popular: Floats | None = None
    # How readily it accepts who asks; see answers.willingness.
    willing: Floats | None = None


NOTHING_KNOWN = Reputation()


class Fusion(StrEnum):
    """How the wishes of both sides become one score."""

    HARMONIC = "harmonic"
    # Ranks as the product: how likely both say yes if neither knows of the other's wish.
    GEOMETRIC = "geometric"
    ARITHMETIC = "arithmetic"
    MINIMUM = "minimum"
    ONE_SIDED = "one_sided"


@dataclass(frozen=True)
class Weights:
    """The logistic model of one direction. No weight is negative, so that more in common never lowers a score."""

    bias: float
    of: Mapping[Feature, float]


def pair_features(
    viewer: Side, target: Side, liked: Floats | None = None, start: int = 0, popular: Floats | None = None
) -> Features:
    """Return the features of viewers (from row `start` on, at most one slice) against all targets.

    `liked` has the taste of each viewer of the slice, learned from signals; see signals.py. `popular` has how wanted
    each target is; see `popularity`.
    """
    stop = start + len(liked) if liked is not None else len(viewer)
    seeks, offers = viewer.seeks.slice(start, stop), viewer.offers.slice(start, stop)
    found: dict[Feature, Floats] = {
        Feature.SOUGHT: target.offers.dot(seeks),
        Feature.ASKED: target.seeks.dot(offers),
        Feature.ALIKE: target.seeks.dot(seeks),
        Feature.PURPOSE: _have_common(viewer.wanted_purposes[start:stop], target.masks[Facet.PURPOSE]),
    }
    for feature, facet in SHARED_FACETS.items():
        found[feature] = _have_common(viewer.masks[facet][start:stop], target.masks[facet])
    if liked is not None:
        found[Feature.LIKED] = target.offers.dot(liked)
    if popular is not None:
        found[Feature.POPULAR] = np.broadcast_to(popular, found[Feature.SOUGHT].shape)
    return found


def popularity(chosen: Sequence[int]) -> Floats:
    """Return how wanted targets are, 0 to 1, from how many people chose each; the average target is at one half.

    Few choices say little, so everything is near one half until there are some (shrinkage).
    """
    counts = np.asarray(chosen, np.float32)
    mean = counts.mean() if len(counts) else np.float32(0)
    return np.asarray((counts + CHOICES_AHEAD) / (counts + mean + 2 * CHOICES_AHEAD), np.float32)


def reverse_features(
    features: Features, viewer: Side, target: Side, start: int = 0, willing: Floats | None = None
) -> Features:
    """Return the features of the same pairs as the targets see them; what targets like is not known.

    `willing` has how readily each target accepts.
    """
    stop = start + len(features[Feature.SOUGHT])
    turned: dict[Feature, Floats] = {
        feature: values for feature, values in features.items() if feature not in (Feature.LIKED, Feature.POPULAR)
    }
    turned[Feature.SOUGHT], turned[Feature.ASKED] = features[Feature.ASKED], features[Feature.SOUGHT]
    turned[Feature.PURPOSE] = _have_common(viewer.masks[Facet.PURPOSE][start:stop], target.wanted_purposes)
    if willing is not None:
        turned[Feature.WILLING] = np.broadcast_to(willing, features[Feature.SOUGHT].shape)
    return turned


def preference(features: Features, weights: Weights) -> Floats:
    """Return how likely one side wants the other, 0 to 1."""
    total = np.full_like(features[Feature.SOUGHT], weights.bias)
    for feature, weight in weights.of.items():
        if weight and feature in features:
            total += np.float32(weight) * features[feature]
        elif feature in OF_ALL_OTHERS:
            # Not known: like the average.
            total += np.float32(weight / 2)
    return np.asarray(1 / (1 + np.exp(-total)), np.float32)


def fuse(own: Floats, other: Floats, fusion: Fusion) -> Floats:
    """Return one score of two wishes, 0 to 1."""
    if fusion is Fusion.HARMONIC:
        return np.asarray(2 * own * other / (own + other), np.float32)
    if fusion is Fusion.GEOMETRIC:
        return np.asarray(np.sqrt(own * other), np.float32)
    if fusion is Fusion.ARITHMETIC:
        return np.asarray((own + other) / 2, np.float32)
    if fusion is Fusion.MINIMUM:
        return np.minimum(own, other)
    return own


def has_evidence(features: Features) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Return for which pairs a topic speaks: without one, nothing is recommended."""
    found = np.zeros(features[Feature.SOUGHT].shape, np.bool_)
    for feature in TOPICAL:
        if feature in features:
            found |= features[feature] > EVIDENCE
    return found


# Less is chance; two topics of one group among several have more in common.
EVIDENCE = 0.03

# By who looks at whom. Learned by `python -m bench.recommendations learn` on generated fairs.
VISITOR_OF_COMPANY = Weights(
    -5.31,
    {
        Feature.SOUGHT: 3.2,
        Feature.ASKED: 0.31,
        Feature.ALIKE: 0.6,
        Feature.LIKED: 0.69,
        Feature.INDUSTRY: 0.58,
        Feature.REGION: 0.49,
        Feature.LANGUAGE: 0.89,
        Feature.PURPOSE: 0.82,
        Feature.POPULAR: 3.77,
    },
)
COMPANY_OF_VISITOR = Weights(
    -4.14,
    {
        Feature.SOUGHT: 1.44,
        Feature.ASKED: 2.37,
        Feature.ALIKE: 0.88,
        Feature.INDUSTRY: 0.65,
        Feature.REGION: 0.54,
        Feature.LANGUAGE: 1.03,
        Feature.PURPOSE: 0.89,
        Feature.WILLING: 3.07,
    },
)
PERSON_OF_PERSON = Weights(
    -3.51,
    {
        Feature.SOUGHT: 2.44,
        Feature.ASKED: 0.52,
        Feature.ALIKE: 1.38,
        Feature.LIKED: 0.71,
        Feature.INDUSTRY: 0.59,
        Feature.REGION: 0.52,
        Feature.LANGUAGE: 1.09,
        Feature.PURPOSE: 0.87,
    },
)
PERSON_IN_RETURN = Weights(
    -3.58,
    {
        Feature.SOUGHT: 2.45,
        Feature.ASKED: 0.62,
        Feature.ALIKE: 1.34,
        Feature.INDUSTRY: 0.72,
        Feature.REGION: 0.6,
        Feature.LANGUAGE: 1.2,
        Feature.PURPOSE: 0.99,
        Feature.WILLING: 1.71,
    },
)
# Visitors who were asked by companies. How readily they accept counts as among people: no generated fair has companies
# that ask.
_WILLING = PERSON_IN_RETURN.of[Feature.WILLING]
VISITOR_IN_RETURN = Weights(
    VISITOR_OF_COMPANY.bias - _WILLING / 2, {**VISITOR_OF_COMPANY.of, Feature.WILLING: _WILLING}
)
# Sessions want nobody, so only the visitor's wish counts; without a truth to learn from, it is the one for companies.
PERSON_OF_SESSION = VISITOR_OF_COMPANY
WEIGHTS: Mapping[TargetKind, tuple[Weights, Weights]] = {
    TargetKind.EXHIBITOR: (VISITOR_OF_COMPANY, COMPANY_OF_VISITOR),
    TargetKind.ATTENDEE: (PERSON_OF_PERSON, PERSON_IN_RETURN),
}


def _have_common(some: Masks, others: Masks) -> Floats:
    return np.asarray((some[:, None] & others[None, :]) != 0, np.float32)
