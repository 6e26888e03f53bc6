"""Check-in statistics: arrivals, people inside, and refusals."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, cast, extract, func, select

from expo.checkin.models import Checkpoint, Presence, Scan, Zone
from expo.checkin.queries.checkpoints import door_facts
from expo.checkin.rules import Direction, Reason, Verdict
from expo.infra.db import db

# In every time zone, hours start on a quarter of an hour of UTC.
QUARTER = 900


@dataclass(frozen=True)
class Arrivals:
    """Entries at one checkpoint within the hour starting at `hour` (in the edition's zone)."""

    checkpoint_code: str
    hour: datetime
    entries: int


@dataclass(frozen=True)
class DoorCount:
    """The live counts of a checkpoint: people inside its zone, people admitted here, scans refused since `since`."""

    code: str
    name: dict[str, str]
    is_open: bool
    capacity: int | None
    inside: int
    arrived: int
    refused: int


def list_arrivals_per_hour(edition_id: int, starts_at: datetime, ends_at: datetime) -> list[Arrivals]:
    """Return the entries per hour and checkpoint, by the time of the scan; hours without entries are omitted."""
    facts = door_facts(edition_id)
    seconds = cast(extract("epoch", Scan.scanned_at), BigInteger)
    quarter = (seconds - seconds % QUARTER).label("quarter")
    rows = db.session.execute(
        select(Scan.checkpoint_id, quarter, func.sum(Scan.party))
        .where(
            Scan.edition_id == edition_id,
            Scan.checkpoint_id.in_(list(facts.places)),
            Scan.scanned_at >= starts_at,
            Scan.scanned_at < ends_at,
            Scan.verdict == Verdict.ADMITTED.value,
            Scan.direction == Direction.ENTRY.value,
            Scan.undone_at.is_(None),
        )
        .group_by(Scan.checkpoint_id, quarter)
    )
    counted: Counter[tuple[str, datetime]] = Counter()
    for checkpoint_id, quarter_starts, entries in rows:
        hour = datetime.fromtimestamp(quarter_starts, facts.calendar.zone).replace(minute=0, second=0)
        counted[facts.places[checkpoint_id or 0].code, hour] += entries
    return [Arrivals(code, hour, entries) for (code, hour), entries in sorted(counted.items())]


def count_arrived(edition_id: int) -> int:
    """Return how many people were admitted anywhere, counting each once."""
    badges = (
        select(func.max(Presence.people).label("people"))
        .join(Zone, Zone.id == Presence.zone_id)
        .where(Zone.edition_id == edition_id, Presence.entries > 0)
        .group_by(Presence.attendee_id)
        .subquery()
    )
    return db.session.scalar(select(func.sum(badges.c.people))) or 0


def count_refusals(edition_id: int, since: datetime | None = None) -> dict[Reason, int]:
    """Return how many scans were refused for each reason, most frequent first."""
    query = select(Scan.reason, func.count()).where(
        Scan.edition_id == edition_id, Scan.verdict == Verdict.REFUSED.value, Scan.reason.is_not(None)
    )
    if since is not None:
        query = query.where(Scan.received_at >= since)
    rows = db.session.execute(query.group_by(Scan.reason).order_by(func.count().desc(), Scan.reason))
    return {Reason(reason): count for reason, count in rows if reason}


def list_door_counts(edition_id: int, now: datetime, since: timedelta = timedelta(hours=1)) -> list[DoorCount]:
    """Return every checkpoint with its live counts; refusals are counted for the last hour, or since `since`."""
    inside = (
        select(Presence.zone_id, func.sum(Presence.people).label("people"))
        .where(Presence.is_inside)
        .group_by(Presence.zone_id)
        .subquery()
    )
    badges = (
        select(Scan.checkpoint_id, func.max(Scan.party).label("people"))
        .where(
            Scan.edition_id == edition_id,
            Scan.direction == Direction.ENTRY.value,
            Scan.verdict == Verdict.ADMITTED.value,
            Scan.undone_at.is_(None),
        )
        .group_by(Scan.checkpoint_id, Scan.attendee_id)
        .subquery()
    )
    arrived = (
        select(badges.c.checkpoint_id, func.sum(badges.c.people).label("people"))
        .group_by(badges.c.checkpoint_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Checkpoint.id,
            Checkpoint.code,
            Checkpoint.name,
            Checkpoint.is_open,
            Zone.capacity,
            func.coalesce(inside.c.people, 0),
            func.coalesce(arrived.c.people, 0),
        )
        .join(Zone, Zone.id == Checkpoint.zone_id)
        .outerjoin(inside, inside.c.zone_id == Zone.id)
        .outerjoin(arrived, arrived.c.checkpoint_id == Checkpoint.id)
        .where(Checkpoint.edition_id == edition_id)
        .order_by(Checkpoint.position, Checkpoint.id)
    ).all()
    refusals = db.session.execute(
        select(Scan.checkpoint_id, func.count())
        .where(Scan.edition_id == edition_id, Scan.received_at >= now - since, Scan.verdict == Verdict.REFUSED.value)
        .group_by(Scan.checkpoint_id)
    )
    refused = {row.checkpoint_id: row[1] for row in refusals}
    return [
        DoorCount(code, name, is_open, capacity, people, entered, refused.get(checkpoint_id, 0))
        for checkpoint_id, code, name, is_open, capacity, people, entered in rows
    ]
