"""An index of the words of many short texts, for finding them by how words begin and by words with typing errors."""

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from expo.pure.similar import allowed_errors

# A term that begins more words than this, such as a single letter, narrows nothing down.
_MAX_WORDS = 3000
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
# Letters that divide words into many groups of similar size, in names from all over the world.
_DISTINCTIVE_LETTERS = {letter: 1 << place for place, letter in enumerate("aeinoughlrst")}


class WordIndex:
    """Words and the numbers of the texts that contain them.

    The words that a changed text no longer contains still lead to it, so that adding stays cheap.
    """

    def __init__(self) -> None:
        self._sorted: list[str] = []
        self._texts_of: dict[str, list[int]] = {}
        # By length, then by the rest of their shape: most words need not be compared with a term.
        self._by_length: dict[int, dict[tuple[int, int], list[str]]] = {}
        self._digests: dict[int, int] = {}

    def add(self, texts: Iterable[tuple[int, str]]) -> bool:
        """Add texts by number and return whether any is new or changed; the others are skipped."""
        is_changed = False
        fresh: list[str] = []
        texts_of, digests = self._texts_of, self._digests
        for number, text in texts:
            digest = hash(text)
            if digests.get(number) == digest:
                continue
            digests[number] = digest
            is_changed = True
            for word in set(text.split()):
                known = texts_of.get(word)
                if known is None:
                    texts_of[word] = [number]
                    fresh.append(word)
                else:
                    known.append(number)
        for word in fresh:
            self._by_length.setdefault(len(word), {}).setdefault(_shape_of(word), []).append(word)
        # Sorting a list that is almost sorted takes a single pass.
        self._sorted = sorted([*self._sorted, *sorted(fresh)]) if fresh else self._sorted
        return is_changed

    def find(self, ways: Sequence[Sequence[str]]) -> set[int] | None:
        """Return the texts that, in one of the ways, contain a word beginning with every term.

        May include others if a term begins thousands of words; None if that is all there is to go by.
        """
        beginning: dict[str, set[int] | None] = {}
        found: set[int] = set()
        for way in ways:
            matching: set[int] | None = None
            for term in way:
                if term not in beginning:
                    beginning[term] = self._texts_with(term)
                having = beginning[term]
                if having is not None:
                    matching = having if matching is None else matching & having
                if matching is not None and not matching:
                    break
            if matching is None:
                return None
            found |= matching
        return found

    def find_similar(self, ways: Sequence[Sequence[str]]) -> dict[int, int]:
        """Return the texts that contain a word similar to every term of a way, with the number of differing letters."""
        nearest: dict[str, dict[int, int]] = {}
        best: dict[int, int] = {}
        for way in ways:
            found: dict[int, int] | None = None
            for term in way:
                if term not in nearest:
                    nearest[term] = self._nearest_texts(term)
                near = nearest[term]
                found = near if found is None else {each: found[each] + near[each] for each in found.keys() & near}
                if not found:
                    break
            for number, distance in (found or {}).items():
                best[number] = min(distance, best.get(number, distance))
        return best

    def _nearest_texts(self, term: str) -> dict[int, int]:
        """Return the texts with a word similar to the term, with the distance of the nearest one."""
        distances: dict[int, int] = {}
        for word, distance in self._similar_words(term):
            for number in self._texts_of[word]:
                if distance < distances.get(number, len(term)):
                    distances[number] = distance
        return distances

    def _similar_words(self, term: str) -> list[tuple[str, int]]:
        """Return the words that begin with a term, or differ from it within its allowed errors."""
        similar = [(word, 0) for word in self._starting_with(term)]
        errors = allowed_errors(term)
        if errors:
            words = self._words_shaped_like(term, errors)
            found = process.extract(term, words, scorer=OSA.distance, score_cutoff=errors, limit=None)
            similar += [(word, int(distance)) for word, distance, _position in found]
        return similar

    def _words_shaped_like(self, term: str, errors: int) -> list[str]:
        """Return the words that may be within a distance of a term of letters: each error changes one letter at most.

        This leaves a tenth of the words to be compared, and none out.
        """
        _, own = _shape_of(term)
        words: list[str] = []
        for length in range(len(term) - errors, len(term) + errors + 1):
            for (foreign, telling), group in self._by_length.get(length, {}).items():
                added, missing = (telling & ~own).bit_count(), (own & ~telling).bit_count()
                if foreign + added <= errors and missing <= errors:
                    words += group
        return words

    def _starting_with(self, term: str) -> Iterator[str]:
        words = self._sorted
        place = bisect_left(words, term)
        while place < len(words) and words[place].startswith(term):
            yield words[place]
            place += 1

    def _texts_with(self, term: str) -> set[int] | None:
        """Return the texts with a word beginning with a term; None if it begins too many words."""
        words = list(itertools.islice(self._starting_with(term), _MAX_WORDS + 1))
        return set().union(*(self._texts_of[word] for word in words)) if len(words) <= _MAX_WORDS else None


def _shape_of(word: str) -> tuple[int, int]:
    """Return the number of characters other than the letters a to z, and which of the telling letters a word has."""
    telling = 0
    for letter, bit in _DISTINCTIVE_LETTERS.items():
        if letter in word:
            telling |= bit
    return sum(character not in _LETTERS for character in word), telling
