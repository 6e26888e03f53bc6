"""Queries on zones."""

from dataclasses import dataclass

from sqlalchemy import func, select

from expo.checkin.errors import ZoneMissing
from expo.checkin.models import Checkpoint, Presence, Zone
from expo.infra.db import db
from expo.pure.versions import version_of


@dataclass(frozen=True)
class ZoneRow:
    """A zone as listed. `inside` is counted only with a capacity; see `count_inside`."""

    id: int
    code: str
    name: dict[str, str]
    capacity: int | None
    inside: int
    exclusive_group: str | None
    anti_passback: bool
    position: int
    checkpoint_codes: tuple[str, ...]
    # How full it is, in percent, when the control room warns and raises an alarm.
    warning_percent: int | None
    alarm_percent: int | None

    @property
    def version(self) -> str:
        """Identifies the values, for detecting concurrent changes."""
        return version_of(
            self.name,
            self.capacity,
            self.exclusive_group,
            self.anti_passback,
            self.warning_percent,
            self.alarm_percent,
        )


def list_zones(edition_id: int) -> list[ZoneRow]:
    """Return the zones of an edition in order."""
    zones = db.session.scalars(select(Zone).where(Zone.edition_id == edition_id).order_by(Zone.position, Zone.id)).all()
    codes: dict[int, list[str]] = {}
    for zone_id, code in db.session.execute(
        select(Checkpoint.zone_id, Checkpoint.code)
        .where(Checkpoint.edition_id == edition_id)
        .order_by(Checkpoint.position, Checkpoint.id)
    ):
        codes.setdefault(zone_id, []).append(code)
    return [_row(each, tuple(codes.get(each.id, ()))) for each in zones]


def get_zone(edition_id: int, code: str) -> ZoneRow:
    """Return one zone of an edition. Raises ZoneMissing."""
    found = next((each for each in list_zones(edition_id) if each.code == code), None)
    if found is None:
        raise ZoneMissing
    return found


def count_inside(edition_id: int) -> dict[str, int]:
    """Return how many people are inside, by zone code, including zeros."""
    rows = db.session.execute(
        select(Zone.code, func.coalesce(func.sum(Presence.people), 0))
        .outerjoin(Presence, (Presence.zone_id == Zone.id) & Presence.is_inside)
        .where(Zone.edition_id == edition_id)
        .group_by(Zone.id, Zone.code, Zone.position)
        .order_by(Zone.position, Zone.id)
    )
    return {row.code: row[1] for row in rows}


def list_wrong_counters(edition_id: int) -> dict[str, tuple[int, int]]:
    """Return the zones whose counter of people inside is wrong: code to (counted, actual)."""
    inside = count_inside(edition_id)
    rows = db.session.execute(
        select(Zone.code, Zone.inside).where(Zone.edition_id == edition_id, Zone.capacity.is_not(None))
    )
    return {code: (counted, inside[code]) for code, counted in rows if counted != inside[code]}


def _row(each: Zone, checkpoint_codes: tuple[str, ...]) -> ZoneRow:
    return ZoneRow(
        id=each.id,
        code=each.code,
        name=each.name,
        capacity=each.capacity,
        inside=each.inside,
        exclusive_group=each.exclusive_group,
        anti_passback=each.anti_passback,
        position=each.position,
        checkpoint_codes=checkpoint_codes,
        warning_percent=each.warning_percent,
        alarm_percent=each.alarm_percent,
    )
