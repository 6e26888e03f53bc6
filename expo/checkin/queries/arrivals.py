"""When people enter: per quarter of an hour, per checkpoint and device, and for the first time on a day."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BigInteger, ColumnElement, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from expo.checkin.models import Checkpoint, Scan
from expo.checkin.rules import Direction, Verdict
from expo.infra.db import db

# In every time zone, days and hours start on a quarter of an hour of UTC.
QUARTER_SECONDS = 900


@dataclass(frozen=True)
class QuarterCount:
    """The scans at one checkpoint by one device in a quarter of an hour. `last_at`: the latest of them.

    `people` is how many people entered; a group enters with one scan.
    """

    checkpoint_id: int
    device_id: int | None
    quarter: datetime
    entries: int
    exits: int
    refused: int
    last_at: datetime
    people: int = 0

    @property
    def scans(self) -> int:
        """All scans, whatever their verdict."""
        return self.entries + self.exits + self.refused


def is_admitted(direction: Direction) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of scans that admitted (or checked out) somebody and were not undone."""
    return (
        Scan.verdict == Verdict.ADMITTED.value,
        Scan.direction == direction.value,
        Scan.undone_at.is_(None),
    )


def quarter_of(column: InstrumentedAttribute[datetime] | ColumnElement[datetime]) -> ColumnElement[int]:
    """Return SQL for the start of a moment's quarter of an hour, in seconds."""
    seconds = cast(extract("epoch", column), BigInteger)
    return seconds - seconds % QUARTER_SECONDS


def scanned_between(edition_id: int, starts_at: datetime, ends_at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of an edition's scans in a period, as the index by checkpoint and time finds them."""
    own = select(Checkpoint.id).where(Checkpoint.edition_id == edition_id).scalar_subquery()
    return Scan.checkpoint_id.in_(own), Scan.scanned_at >= starts_at, Scan.scanned_at < ends_at


def list_quarter_counts(edition_id: int, starts_at: datetime, ends_at: datetime) -> list[QuarterCount]:
    """Return the scans of a period by quarter, checkpoint and device."""
    quarter = quarter_of(Scan.scanned_at).label("quarter")
    entries, exits = (_count(*is_admitted(direction)) for direction in (Direction.ENTRY, Direction.EXIT))
    refused = _count(Scan.verdict == Verdict.REFUSED.value)
    people = func.coalesce(func.sum(Scan.party).filter(*is_admitted(Direction.ENTRY)), 0)
    rows = db.session.execute(
        select(Scan.checkpoint_id, Scan.device_id, quarter, entries, exits, refused, func.max(Scan.scanned_at), people)
        .where(*scanned_between(edition_id, starts_at, ends_at))
        .group_by(Scan.checkpoint_id, Scan.device_id, quarter)
        .order_by(quarter, Scan.checkpoint_id, Scan.device_id)
    )
    return [QuarterCount(row[0] or 0, row[1], _moment(row[2]), *row[3:]) for row in rows]


def find_last_scan(edition_id: int) -> datetime | None:
    """Return the time of the latest scan at a checkpoint of the edition."""
    last = (
        select(func.max(Scan.scanned_at).label("at"))
        .where(Scan.checkpoint_id == Checkpoint.id)
        .correlate(Checkpoint)
        .scalar_subquery()
    )
    found: datetime | None = db.session.scalar(select(func.max(last)).where(Checkpoint.edition_id == edition_id))
    return found


@dataclass(frozen=True, slots=True)
class FirstArrival:
    """Where and in which quarter of an hour a badge was first admitted in a period, and how many people with it."""

    checkpoint_id: int
    quarter: datetime
    people: int


def list_first_arrivals(
    edition_id: int, starts_at: datetime, ends_at: datetime, attendee_ids: Collection[int] | None = None
) -> dict[int, FirstArrival]:
    """Return when these attendees, or all, were first admitted in a period. A group arrives with all its members."""
    number = func.row_number().over(partition_by=Scan.attendee_id, order_by=(Scan.scanned_at, Scan.id))
    query = select(
        Scan.attendee_id,
        Scan.checkpoint_id,
        quarter_of(Scan.scanned_at).label("quarter"),
        Scan.party,
        number.label("n"),
    )
    query = query.where(
        *scanned_between(edition_id, starts_at, ends_at),
        *is_admitted(Direction.ENTRY),
        Scan.attendee_id.is_not(None),
    )
    if attendee_ids is not None:
        query = query.where(Scan.attendee_id.in_(attendee_ids))
    passages = query.subquery()
    rows = db.session.execute(
        select(passages.c.attendee_id, passages.c.checkpoint_id, passages.c.quarter, passages.c.party).where(
            passages.c.n == 1
        )
    )
    return {attendee_id: FirstArrival(place, _moment(seconds), people) for attendee_id, place, seconds, people in rows}


def count_arrivals(arrivals: Iterable[FirstArrival]) -> Counter[tuple[int, datetime]]:
    """Return how many people arrived, by checkpoint and quarter."""
    counted: Counter[tuple[int, datetime]] = Counter()
    for each in arrivals:
        counted[each.checkpoint_id, each.quarter] += each.people
    return counted


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(*conditions)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
