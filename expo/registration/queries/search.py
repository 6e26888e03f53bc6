"""Search and count attendees, with pagination."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from expo.infra.db import db
from expo.registration.models import Attendee
from expo.registration.queries.attendees import AttendeeRow, attendee_query, attendee_row, list_attendees
from expo.registration.queries.filters import AttendeeFilter, conditions_of
from expo.registration.queries.sorting import AttendeeOrder, order_by
from expo.registration.queries.words import find_similar, match_score, matches

# With fewer results than this, attendees with similar names are added.
FEW = 10
DEFAULT_LIMIT = 50
MAX_LIMIT = 500


@dataclass(frozen=True)
class AttendeePage:
    """A page of results in order; `next_cursor` requests the next page and is None on the last one."""

    rows: tuple[AttendeeRow, ...]
    next_cursor: int | None


def search_attendees(
    edition_id: int,
    filters: AttendeeFilter,
    *,
    cursor: int | None = None,
    limit: int = DEFAULT_LIMIT,
    order: AttendeeOrder | None = None,
) -> AttendeePage:
    """Return a page of the attendees in an edition who match the whole filter.

    Without `order`, the newest come first, or the best matches if there are search words. If there are few matches,
    attendees whose names differ only by a typo follow.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    conditions = conditions_of(edition_id, filters)
    if not filters.q.strip():
        return _page_of_all(conditions, order, cursor, limit)
    # Without an order or a cursor, the best matches also show whether there are few, so one scan does for both.
    best = (
        _list_best_ids(edition_id, conditions, filters.q, max(limit + 1, FEW))
        if order is None and cursor is None
        else None
    )
    few = _find_few(edition_id, filters, conditions) if best is None else None
    if best is not None and len(best) < FEW:
        few = _add_similar(edition_id, filters, conditions, best)
    if few is not None:
        ids = _slice_of_few(few, order, cursor)
    elif order is not None:
        return _page_of_all([*conditions, matches(edition_id, filters.q)], order, cursor, limit)
    else:
        ids = best if best is not None else _list_best_ids(edition_id, conditions, filters.q, limit + 1, cursor)
    page = ids[:limit]
    return AttendeePage(tuple(list_attendees(edition_id, page)), page[-1] if len(ids) > limit else None)


def _page_of_all(
    conditions: Sequence[ColumnElement[bool]], order: AttendeeOrder | None, cursor: int | None, limit: int
) -> AttendeePage:
    """Return a page of everyone who meets the conditions, in an order or newest first."""
    query = attendee_query().where(*conditions).limit(limit + 1)
    if order is not None:
        query = order_by(query, order.key(), is_descending=order.is_descending, cursor=cursor)
    else:
        query = query.order_by(Attendee.id.desc())
        if cursor is not None:
            query = query.where(Attendee.id < cursor)
    rows = [attendee_row(row) for row in db.session.execute(query)]
    return AttendeePage(tuple(rows[:limit]), rows[limit - 1].id if len(rows) > limit else None)


def _list_best_ids(
    edition_id: int, conditions: Sequence[ColumnElement[bool]], q: str, limit: int, cursor: int | None = None
) -> list[int]:
    """Return the ids of the best matches. Joining orders and tickets only for a page of them halves the cost."""
    query = select(Attendee.id).where(*conditions, matches(edition_id, q)).limit(limit)
    return list(db.session.scalars(order_by(query, match_score(q), is_descending=True, cursor=cursor)))


def _slice_of_few(few: list[int], order: AttendeeOrder | None, cursor: int | None) -> list[int]:
    """Return the few matches after the cursor, in the order wanted."""
    if order is not None:
        ordered = order_by(
            select(Attendee.id).where(Attendee.id.in_(few)), order.key(), is_descending=order.is_descending
        )
        few = list(db.session.scalars(ordered))
    if cursor is None:
        return few
    return few[few.index(cursor) + 1 :] if cursor in few else []


def count_attendees(edition_id: int, filters: AttendeeFilter) -> int:
    """Return how many attendees of an edition match the filter."""
    conditions = conditions_of(edition_id, filters)
    few = _find_few(edition_id, filters, conditions)
    if few is not None:
        return len(few)
    query = select(func.count()).select_from(Attendee).where(*conditions, *_words_match(edition_id, filters))
    return db.session.scalar(query) or 0


def _words_match(edition_id: int, filters: AttendeeFilter) -> list[ColumnElement[bool]]:
    return [matches(edition_id, filters.q)] if filters.q.strip() else []


def _find_few(edition_id: int, filters: AttendeeFilter, conditions: Sequence[ColumnElement[bool]]) -> list[int] | None:
    """Return the ids of all matches if there are few, followed by similar names; None if there are many."""
    if not filters.q.strip():
        return None
    # Not ordered yet, so the database stops at the tenth match and frequent words cost almost nothing.
    found = db.session.execute(
        select(Attendee.id, match_score(filters.q)).where(*conditions, matches(edition_id, filters.q)).limit(FEW)
    ).all()
    if len(found) == FEW:
        return None
    exact = [attendee_id for attendee_id, _score in sorted(found, key=lambda row: (-row[1], -row[0]))]
    return _add_similar(edition_id, filters, conditions, exact)


def _add_similar(
    edition_id: int, filters: AttendeeFilter, conditions: Sequence[ColumnElement[bool]], exact: list[int]
) -> list[int]:
    """Return the exact matches, followed by attendees with similar names."""
    similar = find_similar(edition_id, filters.q)
    matching = (
        set(db.session.scalars(select(Attendee.id).where(*conditions, Attendee.id.in_(similar)))) if similar else set()
    )
    return exact + [each for each in similar if each in matching and each not in exact]
