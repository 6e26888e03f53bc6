"""Counts of the scans of one day, remembered in this process and brought up to date by what was received since.

The control room asks every second, and a day has hundreds of thousands of scans: only quarters of an hour with new
scans are counted again, and only people with new scans are looked at again.
"""

import threading
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select

from expo.checkin.models import Scan
from expo.checkin.queries.arrivals import (
    QUARTER_SECONDS,
    FirstArrival,
    QuarterCount,
    count_arrivals,
    list_first_arrivals,
    list_quarter_counts,
    quarter_of,
)
from expo.checkin.queries.snapshots import complete_until
from expo.infra.cache import get_recent
from expo.infra.db import db

# Everything is counted again this often, as if nothing were remembered.
REMEMBERED_SECONDS = 600.0
# With more quarters or people it is cheaper to count everything.
MAX_QUARTERS, MAX_PEOPLE = 12, 2000
_QUARTER = timedelta(seconds=QUARTER_SECONDS)

# Requests bring the same counts up to date.
_counting = threading.Lock()


@dataclass(slots=True)
class _Quarters:
    """The counts of a day by the start of their quarter, with all scans received before `until`."""

    until: datetime
    found: dict[datetime, list[QuarterCount]] = field(default_factory=dict)


@dataclass(slots=True)
class _Firsts:
    """Where and in which quarter each badge came first on a day, by all scans received before `until`."""

    until: datetime
    found: dict[int, FirstArrival] = field(default_factory=dict)


def list_day_counts(edition_id: int, begins_at: datetime, ends_at: datetime, now: datetime) -> list[QuarterCount]:
    """Return the scans of a day as `list_quarter_counts` does."""
    key = ("quarters", edition_id, begins_at)
    with _counting:
        known: _Quarters | None = get_recent().get(key)
        until = complete_until(now)
        changed = _list_changed_quarters(edition_id, begins_at, ends_at, known.until) if known else None
        if known is None or changed is None or len(changed) > MAX_QUARTERS:
            known = _Quarters(until)
            _add(known, list_quarter_counts(edition_id, begins_at, ends_at))
            get_recent().set(key, known, REMEMBERED_SECONDS)
        else:
            for quarter in changed:
                known.found.pop(quarter, None)
                _add(known, list_quarter_counts(edition_id, quarter, quarter + _QUARTER))
            known.until = until
        return [each for quarter in sorted(known.found) for each in known.found[quarter]]


def count_day_arrivals(
    edition_id: int, begins_at: datetime, ends_at: datetime, now: datetime
) -> Counter[tuple[int, datetime]]:
    """Return how many people were admitted for the first time on a day, by checkpoint and quarter.

    A group arrives with all its members.
    """
    key = ("firsts", edition_id, begins_at)
    with _counting:
        known: _Firsts | None = get_recent().get(key)
        until = complete_until(now)
        people = _list_changed_people(edition_id, known.until) if known else None
        if known is None or people is None or len(people) > MAX_PEOPLE:
            known = _Firsts(until, list_first_arrivals(edition_id, begins_at, ends_at))
            get_recent().set(key, known, REMEMBERED_SECONDS)
        elif people:
            for each in people:
                known.found.pop(each, None)
            known.found |= list_first_arrivals(edition_id, begins_at, ends_at, people)
        known.until = until
        return count_arrivals(known.found.values())


def _add(known: _Quarters, counts: Collection[QuarterCount]) -> None:
    for each in counts:
        known.found.setdefault(each.quarter, []).append(each)


def _list_changed_quarters(edition_id: int, begins_at: datetime, ends_at: datetime, since: datetime) -> list[datetime]:
    """Return the quarters of a day with scans that were received or undone since a moment."""
    quarter = quarter_of(Scan.scanned_at)
    rows = db.session.scalars(
        select(quarter)
        .where(
            Scan.edition_id == edition_id,
            or_(Scan.received_at >= since, Scan.undone_at >= since),
            Scan.scanned_at >= begins_at,
            Scan.scanned_at < ends_at,
        )
        .distinct()
    )
    return [datetime.fromtimestamp(int(seconds), UTC) for seconds in rows]


def _list_changed_people(edition_id: int, since: datetime) -> set[int]:
    """Return who was scanned, or whose scan was undone, since a moment."""
    rows = db.session.scalars(
        select(Scan.attendee_id)
        .where(
            Scan.edition_id == edition_id,
            Scan.attendee_id.is_not(None),
            or_(Scan.received_at >= since, Scan.undone_at >= since),
        )
        .distinct()
        .limit(MAX_PEOPLE + 1)
    )
    return {each for each in rows if each is not None}
