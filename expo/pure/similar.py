"""Finding words that differ from a typed one by a letter or two, by OSA distance (Boytsov 2011)."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

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
        return None
    found = process.extractOne(term, words, scorer=OSA.distance, score_cutoff=errors)
    return found[0] if found else None


def correct_terms(terms: Iterable[str], words: Sequence[str]) -> list[str] | None:
    """Replace each term that begins no word with the most similar word; None if there is none for a term."""
    corrected = []
    for term in terms:
        if any(word.startswith(term) for word in words):
            corrected.append(term)
            continue
        nearest = find_nearest(term, words)
        if nearest is None:
            return None
        corrected.append(nearest)
    return corrected


def similarity(first: str, second: str) -> float:
    """Return how alike two names are, from 0 to 1: the share of letters in the same order (Indel distance)."""
    return fuzz.ratio(first, second) / 100
