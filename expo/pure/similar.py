"""Words that differ from a typed one by a letter or two, by optimal string alignment (Boytsov 2011, OSA distance)."""

from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

# A term of so many letters may differ by one, by two.
ONE_ERROR_LENGTH = 4
TWO_ERRORS_LENGTH = 8


def allowed_errors(term: str) -> int:
    """Return by how many letters a word may differ from a typed term: none for short ones and for other scripts."""
    if len(term) < ONE_ERROR_LENGTH or not (term.isascii() and term.isalpha()):
        return 0
    return 1 if len(term) < TWO_ERRORS_LENGTH else 2


def find_nearest(term: str, words: Sequence[str]) -> str | None:
    """Return the word most like a term, within one or two errors by its length; None where there is none."""
    errors = allowed_errors(term)
    if not errors:
        return None
    found = process.extractOne(term, words, scorer=OSA.distance, score_cutoff=errors)
    return found[0] if found else None


def correct_terms(terms: Iterable[str], words: Sequence[str]) -> list[str] | None:
    """Return the terms with each that begins no word replaced by the word most like it; None where one has none."""
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
