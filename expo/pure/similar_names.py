"""Whether a name typed by its owner is a name on a list: in another order or script, or with a typing error."""

from rapidfuzz.distance import OSA

from expo.pure.names import joined_words, search_text, search_ways
from expo.pure.similar import allowed_errors


def is_similar_name(typed: str, name: str, latin_name: str = "") -> bool:
    """Return whether each word typed is a word of the name, or differs from one by no more than a typing error."""
    words = (search_text(name, latin_name) + joined_words(name, latin_name, "")).split()
    return any(all(_is_among(term, words) for term in way) for way in search_ways(typed))


def _is_among(term: str, words: list[str]) -> bool:
    errors = allowed_errors(term)
    return any(word == term or (errors and OSA.distance(word, term) <= errors) for word in words)
