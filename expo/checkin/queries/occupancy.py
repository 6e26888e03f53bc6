"""How many people are in the zones now, by the scans received, and what scanners out of contact may change."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from expo.checkin.models import Checkpoint, Device, DeviceCheckpoint, Presence, Scan, Zone
from expo.checkin.queries.arrivals import QUARTER_SECONDS, QuarterCount, is_admitted
from expo.checkin.rules import Direction
from expo.infra.db import db
from expo.pure.occupancy import DeviceState

MINUTES_PER_QUARTER = QUARTER_SECONDS // 60


@dataclass(frozen=True)
class ScannerRow:
    """A device that scans, as it last reported itself; `zones` are the codes of those it may be at."""

    id: int
    name: str
    seen_at: datetime
    queued: int
    oldest_queued_at: datetime | None
    checkpoint_code: str | None
    zones: frozenset[str]


def count_inside_site(edition_id: int) -> int:
    """Return how many people are inside any zone, each counted once.

    Anyone who entered a zone during a stay in another and has since left that one, such as the site by its gate, has
    left both: few zones within a site scan exits.
    """
    badges = (
        select(func.max(Presence.people).label("people"))
        .join(Zone, Zone.id == Presence.zone_id)
        .where(Zone.edition_id == edition_id, Presence.is_inside, ~is_within_past_stay(Presence))
        .group_by(Presence.attendee_id)
        .subquery()
    )
    return db.session.scalar(select(func.sum(badges.c.people))) or 0


def is_within_past_stay(inner: Any) -> ColumnElement[bool]:
    """Return SQL for whether a presence lies within a stay in another zone that is over."""
    around = aliased(Presence)
    return (
        select(around.zone_id)
        .where(
            around.attendee_id == inner.attendee_id,
            around.is_inside.is_(False),
            around.entered_at <= inner.entered_at,
            around.left_at > inner.entered_at,
        )
        .correlate(inner)
        .exists()
    )


def list_scanners(edition_id: int, since: datetime) -> list[ScannerRow]:
    """Return the devices that have been in contact since a moment and have not been revoked, by name."""
    checkpoints = {
        row.id: (row.code, row[2])
        for row in db.session.execute(
            select(Checkpoint.id, Checkpoint.code, Zone.code)
            .join(Zone, Zone.id == Checkpoint.zone_id)
            .where(Checkpoint.edition_id == edition_id)
        )
    }
    rows = db.session.execute(
        select(
            Device.id,
            Device.name,
            Device.last_seen_at,
            Device.queue_length,
            Device.oldest_queued_at,
            Device.checkpoint_id,
        )
        .where(Device.edition_id == edition_id, Device.last_seen_at >= since, Device.revoked_at.is_(None))
        .order_by(Device.name, Device.id)
    ).all()
    allowed = defaultdict(set)
    for device_id, checkpoint_id in db.session.execute(
        select(DeviceCheckpoint.device_id, DeviceCheckpoint.checkpoint_id).where(
            DeviceCheckpoint.device_id.in_([row.id for row in rows])
        )
    ):
        allowed[device_id].add(checkpoint_id)
    return [
        ScannerRow(
            id=row.id,
            name=row.name,
            seen_at=row.last_seen_at,
            queued=row.queue_length,
            oldest_queued_at=row.oldest_queued_at,
            checkpoint_code=checkpoints[row.checkpoint_id][0] if row.checkpoint_id in checkpoints else None,
            zones=frozenset(
                checkpoints[each][1]
                for each in ({row.checkpoint_id} if row.checkpoint_id else allowed[row.id] or checkpoints)
                if each in checkpoints
            ),
        )
        for row in rows
    ]


def find_largest_party(edition_id: int) -> int:
    """Return the most people that one scan of the edition has admitted."""
    query = select(func.max(Scan.party)).where(Scan.edition_id == edition_id, *is_admitted(Direction.ENTRY))
    return db.session.scalar(query) or 1


def assess_scanners(
    scanners: Sequence[ScannerRow], counts: Sequence[QuarterCount], largest_party: int
) -> list[DeviceState]:
    """Return what is known of each scanner for the bounds, with its busiest quarter of an hour."""
    scans: dict[tuple[int, datetime], int] = defaultdict(int)
    for each in counts:
        if each.device_id is not None:
            scans[each.device_id, each.quarter] += each.scans
    busiest: dict[int, int] = defaultdict(int)
    for (device_id, _quarter), number in scans.items():
        busiest[device_id] = max(busiest[device_id], number)
    return [
        DeviceState(
            zones=each.zones,
            seen_at=each.seen_at,
            queued=each.queued,
            busiest_rate=busiest[each.id] / MINUTES_PER_QUARTER,
            most_people=largest_party,
        )
        for each in scanners
    ]
