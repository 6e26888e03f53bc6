"""Searching short texts by the words typed, in any script, forgiving typing errors when nothing matches as typed.

Latin words may differ by a letter or two (`similar`). Chinese is also compared by its reading, because a wrong
character is usually one that sounds the same; and a run of three characters or more may have one wrong.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from expo.pure.names import search_ways
from expo.pure.readings import read_syllables
from expo.pure.similar import allowed_errors
from expo.pure.word_index import WordIndex

# Runs of this many characters without spaces may have one wrong.
_SHORTEST_RUN = 3


@dataclass(frozen=True)
class SearchResult:
    """The numbers of the texts found; `is_exact` is false if only similar words were found."""

    numbers: frozenset[int]
    is_exact: bool = True


class TolerantIndex:
    """Search texts (see `names.search_text`) by number."""

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        self._texts = dict(texts)
        self._index = WordIndex()
        self._index.add(self._texts.items())
        self._beginnings: dict[int, dict[str, set[int]]] = {}

    def find(self, query: str) -> SearchResult:
        """Return the texts in which every word typed begins a word; if there are none, those with similar words."""
        ways = search_ways(query)
        if not ways:
            return SearchResult(frozenset())
        found = self._matching(ways)
        if found:
            return SearchResult(found)
        read = [[_reading(term) for term in way] for way in ways]
        similar = (
            frozenset(self._index.find_similar(ways))
            or (self._matching(read) if read != ways else frozenset())
            or (frozenset(self._index.find_similar(read)) if read != ways else frozenset())
            or self._beginning_similarly(ways[0])
        )
        return SearchResult(similar, is_exact=False)

    def _matching(self, ways: list[list[str]]) -> frozenset[int]:
        found = self._index.find(ways)
        candidates = self._texts if found is None else found
        return frozenset(
            number
            for number in candidates
            if any(all(f" {term}" in self._texts[number] for term in way) for way in ways)
        )

    def _beginning_similarly(self, terms: list[str]) -> frozenset[int]:
        """Return the texts with a word whose beginning resembles each term: for words written without spaces."""
        found: set[int] | None = None
        for term in terms:
            errors = allowed_errors(term) if term.isascii() else int(len(term) >= _SHORTEST_RUN)
            if errors:
                beginnings = self._beginnings_of(len(term))
                near = process.extract(term, list(beginnings), scorer=OSA.distance, score_cutoff=errors, limit=None)
                having = set().union(*(beginnings[each] for each, _, _ in near))
            else:
                having = set(self._matching([[term]]))
            found = having if found is None else found & having
        return frozenset(found or ())

    def _beginnings_of(self, length: int) -> dict[str, set[int]]:
        """Return the first letters of all words that are at least this long, with their texts."""
        known = self._beginnings.get(length)
        if known is None:
            known = {}
            for number, text in self._texts.items():
                for word in text.split():
                    if len(word) >= length:
                        known.setdefault(word[:length], set()).add(number)
            self._beginnings[length] = known
        return known


def _reading(term: str) -> str:
    return term if term.isascii() else "".join(read_syllables(term))
