"""How many people may be in a zone while some scanners are out of contact: a lower and an upper bound. Pure.

Every scan that the server has received is in the count. What is missing is on devices that have not been in contact:
the queue that they last reported, and what they have scanned since. Each of these scans is assumed to have moved people
in the direction that makes the bound worse, unless the device scans in one direction only.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# A device that was in contact this recently has sent what it scanned.
IN_CONTACT = timedelta(seconds=90)
# Deviations from the mean of a Poisson distribution that are allowed for, and scans of a device that was idle before.
DEVIATIONS, SPARE_SCANS = 3.0, 3


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What is known of a scanner. `busiest_rate`: its most scans in a quarter of an hour of this day, per minute.

    `zones`: where it may be scanning. `most_people`: the largest group that one scan admits.
    """

    zones: frozenset[str]
    seen_at: datetime
    queued: int
    busiest_rate: float
    may_admit: bool = True
    may_check_out: bool = True
    most_people: int = 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """People inside by the scans received, at least, and at most."""

    counted: int
    lower: int
    upper: int

    @property
    def is_exact(self) -> bool:
        """Whether nothing is missing."""
        return self.lower == self.upper


def unsent_scans(device: DeviceState, now: datetime) -> int:
    """Return the most scans that a device may hold: its queue, and what it can have scanned since its last contact."""
    silence = now - device.seen_at
    if silence <= IN_CONTACT:
        return device.queued
    mean = device.busiest_rate * silence.total_seconds() / 60
    return device.queued + math.ceil(mean + DEVIATIONS * math.sqrt(mean)) + SPARE_SCANS


def bound_zones(
    counted: Mapping[str, int], devices: Iterable[DeviceState], groups: Mapping[str, str | None], now: datetime
) -> dict[str, Bounds]:
    """Return the bounds of every zone. Entering a zone of an exclusive group (`groups`) leaves the others of it."""
    entering = dict.fromkeys(counted, 0)
    leaving = dict.fromkeys(counted, 0)
    for device in devices:
        people = unsent_scans(device, now) * device.most_people
        for zone in device.zones & counted.keys():
            entering[zone] += people if device.may_admit else 0
            leaving[zone] += people if device.may_check_out else 0
        if device.may_admit:
            for zone in _left_by_entering(device.zones, groups) & counted.keys():
                leaving[zone] += people
    return {
        zone: Bounds(count, max(count - leaving[zone], 0), count + entering[zone]) for zone, count in counted.items()
    }


def bound_site(counted: int, devices: Iterable[DeviceState], now: datetime) -> Bounds:
    """Return the bounds of the people on the whole site; moving between zones does not change them."""
    entering = leaving = 0
    for device in devices:
        people = unsent_scans(device, now) * device.most_people
        entering += people if device.may_admit else 0
        leaving += people if device.may_check_out else 0
    return Bounds(counted, max(counted - leaving, 0), counted + entering)


def _left_by_entering(zones: frozenset[str], groups: Mapping[str, str | None]) -> set[str]:
    """Return the zones that entering one of `zones` leaves, other than those it may enter itself."""
    entered = {groups.get(zone) for zone in zones} - {None}
    left = {zone for zone, group in groups.items() if group in entered}
    # With several zones of one group, the device may check people out of any of them by admitting them to another.
    return left - zones if len(zones) == 1 else left
