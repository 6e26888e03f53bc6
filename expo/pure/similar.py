"""Finding words that differ from a typed one by a letter or two, by OSA distance (Boytsov 2011)."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from expo.pure.readings import read_syllables

# Runs of this many characters without spaces may have one wrong.
SHORTEST_RUN = 3
# The lengths from which a term may differ by one and by two letters.
ONE_ERROR_LENGTH = 4
TWO_ERRORS_LENGTH = 8


def allowed_errors(term: str) -> int:
    """Return the number of letters by which a word may differ from a term: none for short terms and other scripts."""
    if len(term) < ONE_ERROR_LENGTH or not (term.isascii() and term.isalpha()):
        return 0
    return 1 if len(term) < TWO_ERRORS_LENGTH else 2


def find_nearest(term: str, words: Sequence[str]) -> str | None:
    """Return the word most similar to a term within its allowed errors; None if there is none."""
    errors = allowed_errors(term)
    if not errors:
        return _find_swapped(term, words)
    found = process.extractOne(term, words, scorer=OSA.distance, score_cutoff=errors)
    return found[0] if found else None


def _find_swapped(term: str, words: Sequence[str]) -> str | None:
    """Return the word that a term of three letters is with two of them swapped, such as "wei" for "wie"."""
    if len(term) != ONE_ERROR_LENGTH - 1 or not (term.isascii() and term.isalpha()):
        return None
    swapped = (term[1] + term[0] + term[2], term[0] + term[2] + term[1])
    return next((word for word in swapped if word in words), None)


def correct_terms(terms: Iterable[str], words: Sequence[str]) -> list[str] | None:
    """Replace each term that begins no word with the most similar word; None if there is none for a term.

    A wrong Chinese character is usually one that sounds the same, so such terms are also compared by their reading.
    """
    corrected = []
    for term in terms:
        if any(word.startswith(term) for word in words):
            corrected.append(term)
            continue
        nearest = find_nearest(term, words) if term.isascii() else _find_by_sound_or_characters(term, words)
        if nearest is None:
            return None
        corrected.append(nearest)
    return corrected


def _find_by_sound_or_characters(term: str, words: Sequence[str]) -> str | None:
    """Return what a Chinese or Korean term was meant to be: the same sound, or the same signs but one."""
    reading = _reading(term)
    beginnings = list(dict.fromkeys(word[: len(term)] for word in words if len(word) >= len(term)))
    sounding_alike = [each for each in beginnings if not each.isascii() and _reading(each) == reading]
    if len(sounding_alike) == 1:
        return sounding_alike[0]
    if any(word.startswith(reading) for word in words):
        return reading
    if len(term) >= SHORTEST_RUN and (
        found := process.extractOne(term, beginnings, scorer=OSA.distance, score_cutoff=1)
    ):
        return found[0]
    return find_nearest(reading, words)


def _reading(term: str) -> str:
    return "".join(read_syllables(term))


def similarity(first: str, second: str) -> float:
    """Return how alike two names are, from 0 to 1: the share of letters in the same order (Indel distance)."""
    return fuzz.ratio(first, second) / 100
