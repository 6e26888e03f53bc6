"""What the control room shows: people in the zones, entrances, devices, arrivals, refusals and alarms, as of now."""

from dataclasses import dataclass
from datetime import date, datetime

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.alarms import AlarmRow, evaluate_zone, list_alarms, list_open_alarms
from expo.checkin.queries.arrivals import QUARTER_SECONDS
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.queries.control_room import ControlFacts, estimate_occupancy, read_control_facts
from expo.checkin.queries.figures import count_refusals
from expo.checkin.queries.occupancy import assess_scanners
from expo.checkin.queries.zones import ZoneRow
from expo.checkin.rules import Reason
from expo.checkin.rules.alarms import AlarmKind
from expo.editions.queries import EditionFacts
from expo.infra.cache import get_recent
from expo.pure.occupancy import IN_CONTACT, Bounds, unsent_scans
from expo.pure.thresholds import fullness
from expo.reports.arrivals import ArrivalsReport, get_arrivals

# Several people may watch; what one of them sees is less than a second old.
BOARD_SECONDS = 0.8
ARRIVALS_SECONDS = 15.0
QUARTERS_SHOWN = 8
LEVELS = {AlarmKind.ZONE_FILLING: 1, AlarmKind.ZONE_FULL: 2}


@dataclass(frozen=True)
class Tile:
    """A zone: how many people are inside at least and at most, and the level of its alarm (0 to 2)."""

    code: str
    name: dict[str, str]
    capacity: int | None
    bounds: Bounds
    percent: int | None
    level: int


@dataclass(frozen=True)
class GateTile:
    """A checkpoint: scans per minute in the last five minutes, entries of the day, and recent quarters."""

    code: str
    name: dict[str, str]
    is_open: bool
    per_minute: float
    entries: int
    refused: int
    last_at: datetime | None
    recent: tuple[int, ...]


@dataclass(frozen=True)
class SilentScanner:
    """A device out of contact or with a queue, and how many scans it may hold."""

    name: str
    checkpoint_code: str | None
    seen_at: datetime
    queued: int
    unsent: int
    is_out_of_contact: bool


@dataclass(frozen=True)
class Board:
    """All that the control room shows."""

    at: datetime
    day: date
    site: Bounds
    tiles: list[Tile]
    gates: list[GateTile]
    scanners: int
    silent_scanners: list[SilentScanner]
    refusals: list[tuple[Reason, int]]
    alarms: list[AlarmRow]
    arrivals: ArrivalsReport


def get_board(actor: Actor, edition: EditionFacts, now: datetime) -> Board:
    """Return what the control room shows, cached for less than a second."""
    require(actor, Permission.REPORTS_READ, edition.id)
    recent, key = get_recent(), ("control_room", edition.id)
    board: Board | None = recent.get(key)
    if board is None:
        board = _read_board(actor, edition, now)
        recent.set(key, board, BOARD_SECONDS)
    return board


def _read_board(actor: Actor, edition: EditionFacts, now: datetime) -> Board:
    facts = read_control_facts(edition, now)
    site, bounds = estimate_occupancy(edition, facts)
    opened = list_open_alarms(edition.id)
    return Board(
        at=facts.at,
        day=facts.day,
        site=site,
        tiles=[_tile(zone, bounds[zone.code], opened) for zone in facts.zones],
        gates=_list_gates(edition, facts),
        scanners=len(facts.scanners),
        silent_scanners=_list_silent(facts),
        refusals=list(count_refusals(edition.id, edition.door_calendar.begins_at(facts.day)).items()),
        alarms=list_alarms(edition.id, now),
        arrivals=_read_arrivals(actor, edition, facts),
    )


def _read_arrivals(actor: Actor, edition: EditionFacts, facts: ControlFacts) -> ArrivalsReport:
    recent, key = get_recent(), ("arrivals", edition.id, facts.day)
    report: ArrivalsReport | None = recent.get(key)
    if report is None:
        report = get_arrivals(actor, edition, facts.day, facts.at)
        recent.set(key, report, ARRIVALS_SECONDS)
    return report


def _tile(zone: ZoneRow, bounds: Bounds, opened: dict[tuple[AlarmKind, int], datetime]) -> Tile:
    kind = evaluate_zone(zone, bounds.counted, opened)
    return Tile(
        code=zone.code,
        name=zone.name,
        capacity=zone.capacity,
        bounds=bounds,
        percent=int(fullness(bounds.counted, zone.capacity)) if zone.capacity else None,
        level=LEVELS[kind] if kind else 0,
    )


def _list_gates(edition: EditionFacts, facts: ControlFacts) -> list[GateTile]:
    current = int(facts.at.timestamp()) // QUARTER_SECONDS
    tiles = []
    for door in list_checkpoints(edition.id):
        own = [each for each in facts.counts if each.checkpoint_id == door.id]
        by_quarter = dict.fromkeys(range(current - QUARTERS_SHOWN + 1, current + 1), 0)
        for each in own:
            place = int(each.quarter.timestamp()) // QUARTER_SECONDS
            if place in by_quarter:
                by_quarter[place] += each.scans
        tiles.append(
            GateTile(
                code=door.code,
                name=door.name,
                is_open=door.is_open,
                per_minute=_rate(by_quarter, current, facts.at),
                entries=sum(each.people for each in own),
                refused=sum(each.refused for each in own),
                last_at=max((each.last_at for each in own), default=None),
                recent=tuple(by_quarter.values()),
            )
        )
    return tiles


def _rate(by_quarter: dict[int, int], current: int, at: datetime) -> float:
    """Return scans per minute in the current quarter of an hour and the one before."""
    minutes = QUARTER_SECONDS / 60 + (at.timestamp() - current * QUARTER_SECONDS) / 60
    return (by_quarter[current] + by_quarter[current - 1]) / minutes


def _list_silent(facts: ControlFacts) -> list[SilentScanner]:
    devices = assess_scanners(facts.scanners, facts.counts, 1)
    return [
        SilentScanner(
            row.name,
            row.checkpoint_code,
            row.seen_at,
            row.queued,
            unsent_scans(device, facts.at),
            facts.at - row.seen_at > IN_CONTACT,
        )
        for row, device in zip(facts.scanners, devices, strict=True)
        if row.queued or facts.at - row.seen_at > IN_CONTACT
    ]
