"""What a visitor whose search has no results meant: the same words without typing errors."""

from collections.abc import Callable

from expo.editions.queries import EditionFacts
from expo.program.queries import list_search_words, list_speaker_words
from expo.pure.names import search_terms
from expo.pure.similar import correct_terms
from expo.web.kit.caching import FRAGMENT_SECONDS, recent_value


def correct_query(edition: EditionFacts, q: str) -> str:
    """Return a spelling correction for a query without sessions and speakers, or an empty text."""
    return _correct(edition, q, "search_words", lambda: list_search_words(edition.id) + list_speaker_words(edition.id))


def correct_name(edition: EditionFacts, q: str) -> str:
    """Return a spelling correction for a query without speakers, or an empty text."""
    return _correct(edition, q, "speaker_words", lambda: list_speaker_words(edition.id))


def _correct(edition: EditionFacts, q: str, name: str, read: Callable[[], list[str]]) -> str:
    words = recent_value((name, edition.id, edition.content_version), FRAGMENT_SECONDS, read)
    return " ".join(correct_terms(search_terms(q), words) or ())
