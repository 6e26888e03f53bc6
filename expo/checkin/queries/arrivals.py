"""When people enter: per quarter of an hour, per checkpoint and device, and for the first time on a day."""

from collections import Counter
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


def count_first_arrivals(edition_id: int, starts_at: datetime, ends_at: datetime) -> Counter[tuple[int, datetime]]:
    """Return how many people were admitted for the first time in a period, by checkpoint and quarter.

    A group arrives with all its members.
    """
    number = func.row_number().over(partition_by=Scan.attendee_id, order_by=(Scan.scanned_at, Scan.id))
    firsts = (
        select(Scan.checkpoint_id, Scan.scanned_at, Scan.party, number.label("number"))
        .where(*scanned_between(edition_id, starts_at, ends_at), *is_admitted(Direction.ENTRY))
        .subquery()
    )
    quarter = quarter_of(firsts.c.scanned_at).label("quarter")
    rows = db.session.execute(
        select(firsts.c.checkpoint_id, quarter, func.sum(firsts.c.party))
        .where(firsts.c.number == 1)
        .group_by(firsts.c.checkpoint_id, quarter)
    )
    return Counter({(checkpoint_id, _moment(seconds)): people for checkpoint_id, seconds, people in rows})


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(*conditions)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
