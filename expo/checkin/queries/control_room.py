"""What the control room and its alarms are judged by: zones, people inside, scans of the day, devices."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from expo.checkin.queries.alarms import (
    AlarmState,
    evaluate_gates,
    evaluate_queues,
    evaluate_zones,
    get_control_room,
    list_open_alarms,
)
from expo.checkin.queries.arrivals import QuarterCount, find_last_scan
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.queries.day_counts import list_day_counts
from expo.checkin.queries.occupancy import (
    ScannerRow,
    assess_scanners,
    count_inside_site,
    find_largest_party,
    list_scanners,
)
from expo.checkin.queries.zones import ZoneRow, count_inside, list_zones
from expo.checkin.rules.alarms import AlarmKind
from expo.editions.queries import EditionFacts
from expo.infra.cache import get_recent
from expo.pure.occupancy import Bounds, bound_site, bound_zones

# The demo shows its last moment, until somebody scans there.
DEMO_WAITS = timedelta(hours=1)
LARGEST_PARTY_SECONDS = 60.0


@dataclass(frozen=True)
class ControlFacts:
    """The facts of one moment `at`, on the day `day` at the doors."""

    at: datetime
    day: date
    zones: list[ZoneRow]
    inside: dict[str, int]
    counts: list[QuarterCount]
    scanners: list[ScannerRow]


def find_shown_moment(edition: EditionFacts, now: datetime) -> datetime:
    """Return the moment that is shown: now, or the last moment of the demo, whose day never ends."""
    if not edition.is_demo:
        return now
    last = find_last_scan(edition.id)
    return last if last is not None and now - last > DEMO_WAITS else now


def read_control_facts(edition: EditionFacts, now: datetime) -> ControlFacts:
    """Return the facts of an edition now."""
    at, calendar = find_shown_moment(edition, now), edition.door_calendar
    day = calendar.day_of(at)
    begins_at = calendar.begins_at(day)
    return ControlFacts(
        at=at,
        day=day,
        zones=list_zones(edition.id),
        inside=count_inside(edition.id),
        counts=list_day_counts(edition.id, begins_at, calendar.ends_at(day), at),
        scanners=list_scanners(edition.id, begins_at),
    )


def estimate_occupancy(edition: EditionFacts, facts: ControlFacts) -> tuple[Bounds, dict[str, Bounds]]:
    """Return how many people are on the site and in each zone, by code, at least and at most."""
    devices = assess_scanners(facts.scanners, facts.counts, _largest_party(edition.id))
    groups = {each.code: each.exclusive_group for each in facts.zones}
    site = bound_site(count_inside_site(edition.id), devices, facts.at)
    return site, bound_zones(facts.inside, devices, groups, facts.at)


def _largest_party(edition_id: int) -> int:
    recent, key = get_recent(), ("largest_party", edition_id)
    people: int | None = recent.get(key)
    if people is None:
        people = find_largest_party(edition_id)
        recent.set(key, people, LARGEST_PARTY_SECONDS)
    return people


def list_due_alarms(edition: EditionFacts, now: datetime) -> dict[tuple[AlarmKind, int], AlarmState]:
    """Return the alarms that should be open now."""
    facts, assumptions = read_control_facts(edition, now), get_control_room(edition.id)
    silence, limit = timedelta(minutes=assumptions.silent_minutes), timedelta(minutes=assumptions.queue_minutes)
    return {
        **evaluate_zones(facts.zones, facts.inside, list_open_alarms(edition.id)),
        **evaluate_gates(list_checkpoints(edition.id), facts.counts, facts.at, silence),
        **evaluate_queues(facts.scanners, facts.at, limit),
    }
