"""Topics as vectors in which related topics are near each other, and many parties as arrays. Pure.

A topic is weighted by its rarity among what is offered (inverse document frequency: Spärck Jones, "A statistical
interpretation of term specificity", 1972) and then spread over the tree: a subtopic also stands, with less weight, in
the dimensions of its topic and group. The cosine of two such vectors (Salton, Wong and Yang, "A vector space model for
automatic indexing", 1975) is 1 for the same topic, 0.61 for a topic and its subtopic, 0.39 for two subtopics of one
topic, 0.09 for two topics of one group. It never exceeds 1, because the spread is a map into one space.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from expo.matchmaking.rules.parties import ANSWERS, Facet, Party
from expo.pure.topics import TopicList

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint64]

IN_GROUP = 0.3
IN_TOPIC = 0.55
# The rest of a vector of length 1.
ITSELF_TOP = math.sqrt(1 - IN_GROUP**2)
ITSELF_SUB = math.sqrt(1 - IN_GROUP**2 - IN_TOPIC**2)


class TopicSpace:
    """The dimensions of topics and groups, and the rarity of each topic."""

    def __init__(self, topics: TopicList, offered: Iterable[Iterable[str]]) -> None:
        """Prepare a space from the topic tree and the topics that each candidate offers."""
        names = [*(topic.code for topic in topics.topics), *(f"group:{group.code}" for group in topics.groups)]
        position = {name: number for number, name in enumerate(names)}
        self.names, self.width = tuple(names), len(names)
        self._spread: dict[str, tuple[tuple[int, float], ...]] = {}
        for topic in topics.topics:
            group = (position[f"group:{topic.group}"], IN_GROUP)
            if topic.parent in position:
                own = (position[topic.code], ITSELF_SUB)
                self._spread[topic.code] = (own, (position[topic.parent], IN_TOPIC), group)
            else:
                self._spread[topic.code] = ((position[topic.code], ITSELF_TOP), group)
        self._rarity = rarities(offered)
        self._rarest = max(self._rarity.values(), default=1.0)

    def expand(self, topics: Mapping[str, float]) -> dict[int, float]:
        """Return the vector of weighted topics, of length 1; empty without a known topic. Negative weights count."""
        vector: dict[int, float] = {}
        for code, weight in sorted(topics.items()):
            for dimension, share in self._spread.get(code, ()):
                value = share * weight * self._rarity.get(code, self._rarest)
                vector[dimension] = vector.get(dimension, 0.0) + value
        length = math.sqrt(sum(value * value for value in vector.values()))
        return {dimension: value / length for dimension, value in vector.items()} if length else {}


class Rows:
    """Sparse vectors, one per party, for products with the vectors of one or of many others."""

    def __init__(self, vectors: Sequence[Mapping[int, float]], width: int) -> None:
        counts = [len(vector) for vector in vectors]
        self.count, self.width = len(vectors), width
        self.are_empty = np.asarray(counts, np.int64) == 0
        self._rows = np.repeat(np.arange(self.count, dtype=np.int64), counts)
        self._columns = np.fromiter((at for vector in vectors for at in vector), np.int64, sum(counts))
        self._values = np.fromiter((value for vector in vectors for value in vector.values()), np.float32, sum(counts))

    @cached_property
    def dense(self) -> Floats:
        """The vectors as a matrix; only for few parties, or a slice of many."""
        return self.slice(0, self.count)

    def slice(self, start: int, stop: int) -> Floats:
        """Return the vectors of consecutive parties as a matrix."""
        first, last = np.searchsorted(self._rows, (start, stop))
        matrix = np.zeros((stop - start, self.width), np.float32)
        matrix[self._rows[first:last] - start, self._columns[first:last]] = self._values[first:last]
        return matrix

    def take(self, rows: Integers) -> Floats:
        """Return the vectors of some parties as a matrix."""
        matrix = np.zeros((len(rows), self.width), np.float32)
        for at, row in enumerate(rows):
            first, last = np.searchsorted(self._rows, (row, row + 1))
            matrix[at, self._columns[first:last]] = self._values[first:last]
        return matrix

    def dot(self, others: Floats) -> Floats:
        """Return the products of other vectors (rows of a matrix) with all of these, as (others, these)."""
        if len(others) > 1:
            return np.asarray(others @ self.dense.T, np.float32)
        products = self._values * others[0][self._columns]
        return np.bincount(self._rows, products, self.count).astype(np.float32)[None, :]


class Side:
    """Parties prepared as arrays: those who are recommended, or those to whom is recommended."""

    def __init__(self, parties: Sequence[Party], space: TopicSpace) -> None:
        self.space = space
        self.ids: Integers = np.fromiter((party.id for party in parties), np.int64, len(parties))
        self.row = {party.id: number for number, party in enumerate(parties)}
        self.offers = Rows([space.expand(party.offers) for party in parties], space.width)
        self.seeks = Rows([space.expand(party.seeks) for party in parties], space.width)
        self.masks = {facet: _masks(facet, [party.facet(facet) for party in parties]) for facet in Facet}
        wanted = [frozenset[str]().union(*(ANSWERS.get(each, ()) for each in party.purposes)) for party in parties]
        self.wanted_purposes = _masks(Facet.PURPOSE, wanted)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def quiet(self) -> Integers:
        """The rows of those who state no topic; see exploration.py."""
        return np.flatnonzero(self.offers.are_empty & self.seeks.are_empty)

    @cached_property
    def similarity(self) -> Floats:
        """How similar the offers of all pairs are; only for few parties."""
        return np.asarray(self.offers.dense @ self.offers.dense.T, np.float32)


# Codes are numbered as they come up. All sides of a process share the numbers, so that their masks can be compared.
_bits: dict[Facet, dict[str, int]] = {facet: {} for facet in Facet}
_BITS = 64


def _masks(facet: Facet, codes: Sequence[frozenset[str]]) -> Masks:
    """Return sets of codes as bits; codes beyond the 64th share bits with others, which only makes them less exact."""
    numbers = _bits[facet]
    masks = np.zeros(len(codes), np.uint64)
    for row, each in enumerate(codes):
        mask = 0
        for code in sorted(each):
            mask |= 1 << (numbers.setdefault(code, len(numbers)) % _BITS)
        masks[row] = mask
    return masks


def rarities(offered: Iterable[Iterable[str]]) -> dict[str, float]:
    """Return the weight of each topic: 1 if all candidates have it, higher the fewer do."""
    counts: dict[str, int] = {}
    total = 0
    for topics in offered:
        total += 1
        for topic in topics:
            counts[topic] = counts.get(topic, 0) + 1
    return {topic: 1 + math.log((1 + total) / (1 + count)) for topic, count in counts.items()}
