"""Find attendees by words: as typed, joined or split, and with typos.

The database matches words by prefix. Misspelt words are compared with all words of the edition, which each process
caches for a while: a word that is one or two letters away leads to its attendees.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, and_, case, false, func, literal, or_, select

from expo.infra.cache import get_recent
from expo.infra.db import db
from expo.pure.names import search_ways
from expo.pure.similar import allowed_errors
from expo.registration.models import Attendee

MOST_SIMILAR = 20
WORDS_SECONDS = 300.0
SIMILAR_SECONDS = 5.0
WHOLE_WORD = 10_000
# No transaction takes longer than this.
COMMIT_TIME = timedelta(minutes=1)

_refreshing = threading.Lock()


@dataclass
class _Words:
    """The words of an edition's attendees. A word that changed still leads to its attendee until the next full read."""

    words: list[str]
    attendees: dict[str, set[int]]
    # The time of the latest change, and how many attendees changed shortly before it.
    version: tuple[datetime, int] | None = None

    def add(self, attendee_id: int, text: str) -> None:
        """Add the words of an attendee."""
        for word in text.split():
            if word not in self.attendees:
                self.attendees[word] = set()
                self.words.append(word)
            self.attendees[word].add(attendee_id)


def matches(q: str) -> ColumnElement[bool]:
    """Return the condition that the attendee's words start with the words typed, in any way of reading them."""
    ways = search_ways(q)
    if not ways:
        return false()
    every_way = or_(*(and_(*(_position_of(term) > 0 for term in way)) for way in ways))
    # The first word begins every way, joined or not, so that most rows are ruled out by looking for it alone.
    return and_(_position_of(ways[0][0]) > 0, every_way) if len(ways) > 1 else every_way


def match_score(q: str) -> ColumnElement[int]:
    """Return a score for an attendee: whole words before prefixes, names before companies and addresses."""
    ways = search_ways(q)
    if not ways:
        return literal(0)
    whole = [case((_position_of(f"{term} ") > 0, WHOLE_WORD), else_=0) for term in ways[0]]
    position = _position_of(ways[0][0])
    proximity = case((position == 0, 0), (position < WHOLE_WORD, WHOLE_WORD - position), else_=0)
    return sum(whole, start=proximity)


def _position_of(term: str) -> ColumnElement[int]:
    """Return the position in the search text of a word starting with `term`; 0 if not found."""
    # Finding a substring costs half as much as LIKE.
    find = func.strpos if db.engine.dialect.name == "postgresql" else func.instr
    text = Attendee.search_text + " " if term.endswith(" ") else Attendee.search_text
    found: ColumnElement[int] = find(text, f" {term}")
    return found


def find_similar(edition_id: int, q: str) -> list[int]:
    """Return the ids of attendees with similar words, most similar first; at most 20."""
    ways = search_ways(q)
    if not ways:
        return []
    known = _words_of(edition_id)
    # A page requests both the list and its length.
    key = ("registration.similar", edition_id, q, known.version)
    found: list[int] | None = get_recent().get(key)
    if found is None:
        best: dict[int, int] = {}
        words = {term: _similar_words(known, term) for way in ways for term in way}
        for way in ways:
            for attendee_id, distance in _rank_attendees(known, [words[term] for term in way]).items():
                best[attendee_id] = min(distance, best.get(attendee_id, distance))
        found = sorted(best, key=lambda each: (best[each], -each))[:MOST_SIMILAR]
        get_recent().set(key, found, SIMILAR_SECONDS)
    return found


def _rank_attendees(known: _Words, terms: list[list[tuple[str, int]]]) -> dict[int, int]:
    """Return, for attendees with a word similar to every term, the total number of differing letters."""
    found: dict[int, int] | None = None
    for similar in terms:
        nearest: dict[int, int] = {}
        for word, distance in similar:
            for attendee_id in known.attendees[word]:
                nearest[attendee_id] = min(distance, nearest.get(attendee_id, distance))
        found = nearest if found is None else {each: found[each] + nearest[each] for each in found.keys() & nearest}
        if not found:
            return {}
    return found or {}


def _similar_words(known: _Words, term: str) -> list[tuple[str, int]]:
    prefixed = [(word, 0) for word in known.words if word.startswith(term)]
    errors = allowed_errors(term)
    if not errors:
        return prefixed
    misspelt = process.extract(term, known.words, scorer=OSA.distance, score_cutoff=errors, limit=None)
    return prefixed + [(word, int(distance)) for word, distance, _position in misspelt]


def _words_of(edition_id: int) -> _Words:
    """Return the cached words of an edition, updated with attendees added or changed since."""
    key = ("registration.words", edition_id)
    with _refreshing:
        known: _Words | None = get_recent().get(key)
        if known is None:
            known = _Words([], {})
            get_recent().set(key, known, WORDS_SECONDS)
        version = _read_version(edition_id)
        if version != known.version:
            changed = select(Attendee.id, Attendee.search_text).where(Attendee.edition_id == edition_id)
            if known.version is not None:
                # A change is dated before it is committed, so it may become visible after a later one.
                changed = changed.where(Attendee.updated_at >= known.version[0] - COMMIT_TIME)
            for attendee_id, text in db.session.execute(changed):
                known.add(attendee_id, text)
            known.version = version
    return known


def _read_version(edition_id: int) -> tuple[datetime, int] | None:
    """Return a value that differs after an attendee was added or changed; None without attendees."""
    latest = db.session.scalar(select(func.max(Attendee.updated_at)).where(Attendee.edition_id == edition_id))
    if latest is None:
        return None
    recent = (
        select(func.count())
        .select_from(Attendee)
        .where(Attendee.edition_id == edition_id, Attendee.updated_at >= latest - COMMIT_TIME)
    )
    return latest, db.session.scalar(recent) or 0
