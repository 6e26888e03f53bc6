"""Find attendees by words: as typed, joined or split, and with typos.

Each process keeps an index of the words of an edition, which a search first brings up to date. The index says who may
match; the database decides, because an attendee's former words still lead to them.
"""

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Float,
    Integer,
    and_,
    any_,
    case,
    cast,
    extract,
    false,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute

from expo.infra.cache import get_recent
from expo.infra.db import db
from expo.pure.names import search_ways
from expo.pure.word_index import WordIndex
from expo.registration.models import Attendee

MOST_SIMILAR = 20
# How long an index is updated before it is built again without the words that attendees had formerly.
INDEX_SECONDS = 3600.0
SIMILAR_SECONDS = 5.0
WHOLE_WORD = 10_000
# By how much a transaction begins after its date, and clocks differ, at most.
COMMIT_TIME = timedelta(minutes=1)

_refreshing = threading.Lock()


@dataclass(frozen=True)
class _Mark:
    """What differs after an attendee was added or changed, however late the change was committed.

    Changes are dated when their request begins. `recent` counts those dated after the moment before which none can
    become visible any more, and adds up their dates.
    """

    changed_at: datetime
    newest_id: int
    recent: int
    dates: float


@dataclass
class _EditionWords:
    """The words of an edition's attendees, as of a mark; None before they are first read."""

    index: WordIndex = field(default_factory=WordIndex)
    mark: _Mark | None = None
    # Everything dated before this moment is in the index.
    complete_until: datetime | None = None


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
    key = ("registration.similar", edition_id, q, known.mark)
    found: list[int] | None = get_recent().get(key)
    if found is None:
        best = known.index.find_similar(ways)
        found = sorted(best, key=lambda each: (best[each], -each))[:MOST_SIMILAR]
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
        if _read_mark(edition_id, known.complete_until) != known.mark:
            _update(known, edition_id)
    return known


def _update(known: _EditionWords, edition_id: int) -> None:
    # Read first: what is committed from here on is dated later, or read again next time.
    complete_until = _read_complete_until(edition_id)
    mark = _read_mark(edition_id, complete_until)
    changed = select(Attendee.id, Attendee.search_text).where(Attendee.edition_id == edition_id)
    if known.mark is not None and known.complete_until is not None:
        changed = changed.where((Attendee.updated_at >= known.complete_until) | (Attendee.id > known.mark.newest_id))
    known.index.add((row.id, row.search_text) for row in db.session.execute(changed))
    known.mark, known.complete_until = mark, complete_until


def _read_mark(edition_id: int, complete_until: datetime | None) -> _Mark | None:
    """Return the mark of what is visible now; None without attendees."""
    of_edition = Attendee.edition_id == edition_id
    recent = select(func.count(), func.sum(_number_of(Attendee.updated_at))).where(of_edition)
    if complete_until is not None:
        recent = recent.where(Attendee.updated_at >= complete_until)
    latest, newest_id = db.session.execute(
        select(
            select(func.max(Attendee.updated_at)).where(of_edition).scalar_subquery(),
            select(func.max(Attendee.id)).where(of_edition).scalar_subquery(),
        )
    ).one()
    if latest is None:
        return None
    count, dates = db.session.execute(recent).one()
    return _Mark(latest, newest_id, count, float(dates or 0))


def _number_of(moment: ColumnElement[datetime] | InstrumentedAttribute[datetime]) -> ColumnElement[float]:
    """Return a moment as a number."""
    if db.engine.dialect.name == "postgresql":
        return cast(extract("epoch", moment), Float)
    found: ColumnElement[float] = func.julianday(moment)
    return found


def _read_complete_until(edition_id: int) -> datetime | None:
    """Return the moment before which no change can become visible any more: see `checkin/queries/snapshots.py`."""
    latest = db.session.scalar(select(func.max(Attendee.updated_at)).where(Attendee.edition_id == edition_id))
    if latest is None:
        return None
    if db.engine.dialect.name == "postgresql":
        oldest = db.session.scalar(
            text(
                "SELECT min(xact_start) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
            )
        )
        latest = min(latest, oldest.astimezone(UTC)) if oldest else latest
    return latest - COMMIT_TIME
