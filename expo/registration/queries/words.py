"""Find attendees by words: as typed, joined or split, and with typos.

Each process keeps an index of the words of an edition, which a search first brings up to date with the attendees
changed since (`infra/change_numbers.py`). The index says who may match; the database decides, because an attendee's
former words still lead to them.
"""

import json
import threading
from dataclasses import dataclass, field

from sqlalchemy import ARRAY, ColumnElement, Integer, and_, any_, case, false, func, literal, or_, select

from expo.infra.cache import get_recent
from expo.infra.change_numbers import changed_since, read_mark
from expo.infra.db import db
from expo.pure.names import search_ways
from expo.pure.word_index import WordIndex
from expo.registration.models import Attendee

MAX_SIMILAR = 20
# How long an index is updated before it is built again without the words that attendees had formerly.
INDEX_SECONDS = 3600.0
SIMILAR_SECONDS = 5.0
WHOLE_WORD = 10_000

_refreshing = threading.Lock()


@dataclass
class _EditionWords:
    """The words of an edition's attendees. `mark`: how far changes are in the index; None before they are first read.

    `version` rises with every word added, so that results found before are not used any longer.
    """

    index: WordIndex = field(default_factory=WordIndex)
    mark: int | None = None
    version: int = 0


def matches(edition_id: int, q: str) -> ColumnElement[bool]:
    """Return the condition that the attendee's words start with the words typed, in any way of reading them."""
    ways = search_ways(q)
    if not ways:
        return false()
    # The first word begins every way, joined or not, so that most rows are ruled out by looking for it alone.
    condition = and_(
        _position_of(ways[0][0]) > 0, or_(*(and_(*(_position_of(term) > 0 for term in way)) for way in ways))
    )
    found = _words_of(edition_id).index.find(ways)
    if found is None:
        return condition
    return and_(_is_one_of(found), condition) if found else false()


def _is_one_of(attendee_ids: set[int]) -> ColumnElement[bool]:
    """Return the condition that the attendee is one of these, possibly thousands."""
    if db.engine.dialect.name == "postgresql":
        return Attendee.id == any_(literal(sorted(attendee_ids), ARRAY(Integer)))
    ids = func.json_each(json.dumps(sorted(attendee_ids))).table_valued("value")
    return Attendee.id.in_(select(ids.c.value))


def match_score(q: str) -> ColumnElement[int]:
    """Return a score for an attendee: whole words before prefixes, names before companies and addresses."""
    ways = search_ways(q)
    if not ways:
        return literal(0)
    whole = [case((_position_of(f"{term} ") > 0, WHOLE_WORD), else_=0) for term in ways[0]]
    position = _position_of(ways[0][0])
    # 0 if not found. Each use of the position would compute it again.
    greatest = func.greatest if db.engine.dialect.name == "postgresql" else func.max
    proximity: ColumnElement[int] = greatest(WHOLE_WORD - func.coalesce(func.nullif(position, 0), WHOLE_WORD), 0)
    return sum(whole, start=proximity)


def _position_of(term: str) -> ColumnElement[int]:
    """Return the position in the search text of a word starting with `term`; 0 if not found."""
    # Finding a substring costs half as much as LIKE.
    find = func.strpos if db.engine.dialect.name == "postgresql" else func.instr
    words = Attendee.search_text + " " if term.endswith(" ") else Attendee.search_text
    found: ColumnElement[int] = find(words, f" {term}")
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
        best = known.index.find_similar(ways)
        found = sorted(best, key=lambda each: (best[each], -each))[:MAX_SIMILAR]
        get_recent().set(key, found, SIMILAR_SECONDS)
    return found


def _words_of(edition_id: int) -> _EditionWords:
    """Return the words of an edition, updated with attendees added or changed since."""
    key = ("registration.words", edition_id)
    with _refreshing:
        known: _EditionWords | None = get_recent().get(key)
        if known is None:
            known = _EditionWords()
            get_recent().set(key, known, INDEX_SECONDS)
        _update(known, edition_id)
    return known


def _update(known: _EditionWords, edition_id: int) -> None:
    # Read first: what becomes visible from here on has a higher number, or one that is read again next time.
    mark = read_mark(Attendee.changed_in)
    changed = select(Attendee.id, Attendee.search_text).where(Attendee.edition_id == edition_id)
    if known.mark is not None:
        changed = changed.where(changed_since(Attendee.changed_in, known.mark))
    if known.index.add((row.id, row.search_text) for row in db.session.execute(changed)):
        known.version += 1
    known.mark = mark
