"""Recommendation of companies or sessions by a person's topics, with reasons.

Each candidate is a vector of topics with weights. A topic is weighted by its rarity among the candidates (inverse
document frequency: Spärck Jones, "A statistical interpretation of term specificity", 1972, smoothed), the score is the
cosine of the two vectors (Salton, Wong and Yang, "A vector space model for automatic indexing", 1975), and a topic of
the same group counts partially. The list is then diversified, so that the top ten are not all alike (maximal marginal
relevance: Carbonell and Goldstein, 1998).
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

# The weight of a topic of the same group, relative to the topic itself.
RELATED = 0.25
# The share of the score in the ranking; the rest is difference from the candidates ranked above.
FIT_SHARE = 0.8
# The number of top candidates that are diversified; the rest are ranked by score.
REORDERED = 40


@dataclass(frozen=True)
class Reason:
    """Why a candidate fits: a shared topic, or one related to a chosen one."""

    kind: Literal["shared", "related"]
    topic: str


@dataclass(frozen=True)
class Match:
    """A candidate with its score, 0 to 1, and the reasons, strongest first."""

    candidate: int
    score: float
    reasons: tuple[Reason, ...]


class Candidates:
    """Companies or sessions, prepared once for many people."""

    def __init__(self, topics: Mapping[int, Mapping[str, float]], groups: Mapping[str, str]) -> None:
        """Prepare candidates from their topics (with weights above 0) and the group of each topic."""
        self._groups = groups
        self._rarity = rarities(topics.values())
        self._vectors: dict[int, dict[str, float]] = {}
        self._by_topic: dict[str, list[int]] = {}
        for candidate in sorted(topics):
            # Sorted, because floating-point sums and ties depend on the order.
            vector = {topic: weight * self._rarity[topic] for topic, weight in sorted(topics[candidate].items())}
            length = math.sqrt(sum(value * value for value in vector.values()))
            if not length:
                continue
            self._vectors[candidate] = {topic: value / length for topic, value in vector.items()}
            for topic in vector:
                self._by_topic.setdefault(topic, []).append(candidate)

    def rank(self, chosen: Collection[str], limit: int) -> list[Match]:
        """Return the best candidates for a person's chosen topics, best first; ties are broken by candidate."""
        wanted = self._spread(chosen)
        if not wanted:
            return []
        length = math.sqrt(sum(value * value for value in wanted.values()))
        scores: dict[int, float] = {}
        for topic, value in wanted.items():
            for candidate in self._by_topic.get(topic, ()):
                scores[candidate] = scores.get(candidate, 0.0) + value * self._vectors[candidate][topic] / length
        ranked = sorted(scores, key=lambda candidate: (-scores[candidate], candidate))
        ordered = self._diversify(ranked[: max(limit, REORDERED)], scores, limit)
        return [Match(each, min(1.0, scores[each]), self._reasons(each, chosen, wanted)) for each in ordered]

    def _spread(self, chosen: Collection[str]) -> dict[str, float]:
        """Return the chosen topics and those of their groups, weighted by rarity."""
        known = {topic: self._rarity.get(topic, 0.0) for topic in chosen}
        groups = {self._groups.get(topic) for topic in chosen} - {None}
        for topic, rarity in self._rarity.items():
            if topic not in known and self._groups.get(topic) in groups:
                known[topic] = RELATED * rarity
        return {topic: value for topic, value in sorted(known.items()) if value > 0}

    def _diversify(self, ranked: Sequence[int], scores: Mapping[int, float], limit: int) -> list[int]:
        left = list(ranked)
        chosen: list[int] = []
        likeness = dict.fromkeys(left, 0.0)
        while left and len(chosen) < limit:
            best = max(left, key=lambda each: (FIT_SHARE * scores[each] - (1 - FIT_SHARE) * likeness[each], -each))
            left.remove(best)
            chosen.append(best)
            for each in left:
                likeness[each] = max(likeness[each], self._similarity(best, each))
        return chosen

    def _similarity(self, one: int, other: int) -> float:
        first, second = self._vectors[one], self._vectors[other]
        return sum(value * second[topic] for topic, value in first.items() if topic in second)

    def _reasons(self, candidate: int, chosen: Collection[str], wanted: Mapping[str, float]) -> tuple[Reason, ...]:
        vector = self._vectors[candidate]
        found = [topic for topic in vector if topic in wanted]
        found.sort(key=lambda topic: (topic not in chosen, -wanted[topic] * vector[topic], topic))
        return tuple(Reason("shared" if topic in chosen else "related", topic) for topic in found)


def rarities(vectors: Collection[Mapping[str, float]]) -> dict[str, float]:
    """Return the weight of each topic: 1 if all candidates have it, higher the fewer do."""
    counts: dict[str, int] = {}
    for vector in vectors:
        for topic in vector:
            counts[topic] = counts.get(topic, 0) + 1
    total = len(vectors)
    return {topic: 1 + math.log((1 + total) / (1 + count)) for topic, count in counts.items()}
