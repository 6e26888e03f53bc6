"""When people order and when they arrive: believable curves over the preceding months and over the first day."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from types import MappingProxyType
from typing import Literal

from expo.demo.drawing import Weighted

_WEEKDAYS = (1.10, 1.15, 1.10, 1.05, 0.95, 0.45, 0.40)
_HOURS = (
    *(0.25, 0.12, 0.06, 0.04, 0.05, 0.12, 0.35, 0.8, 1.8, 3.6, 4.4, 3.9),
    *(2.4, 2.6, 3.7, 4.0, 3.6, 2.9, 1.9, 1.7, 1.9, 1.8, 1.2, 0.6),
)
_EARLY_BIRD_AT = 0.6  # fraction of the way from opening to closing, if the caller gives no deadline
_HOUR_DRAWS = 200

_DOORS = timedelta(hours=8, minutes=30)
_LAST_ENTRY = timedelta(hours=18)
_QUEUE, _MORNING, _AFTERNOON = 0.09, 0.69, 0.84  # cumulative; the rest arrive later
_AGAIN_SHARE, _REFUSED_SHARE, _SETTLED_SHARE = 0.025, 0.012, 0.9
_CHECKPOINTS: Mapping[str, float] = MappingProxyType({"north": 5.0, "south": 3.0, "east": 2.0, "vip": 0.5})
_REASONS: Mapping[str, float] = MappingProxyType(
    {"not_yet_valid": 4.0, "wrong_checkpoint": 3.0, "unpaid": 2.0, "unknown_token": 1.0}
)
# The desk can settle a payment or point to the right checkpoint, but cannot resolve these.
_FINAL_REASONS = frozenset({"not_yet_valid", "expired", "revoked", "cancelled"})


@dataclass(frozen=True, slots=True)
class DemoArrival:
    """A scan at a checkpoint on the first day.

    `person` counts from 0. "admitted" is a person's first and only admission; "again" is a later scan of the same
    badge, refused as already admitted; "refused" precedes any admission, for `reason`.
    """

    at: datetime
    person: int
    checkpoint: str
    kind: Literal["admitted", "again", "refused"]
    reason: str | None = None


def draw_order_times(
    count: int, opens: datetime, closes: datetime, rng: Random, *, early_bird_ends: datetime | None = None
) -> list[datetime]:
    """Return `count` moments in [opens, closes), in order.

    A slow start, a peak before the early-bird deadline and a surge in the last week, concentrated on working days and
    hours in the zone of `opens`. Raises ValueError for naive bounds or an empty window.
    """
    if opens.tzinfo is None or closes.tzinfo is None or closes <= opens:
        raise ValueError("orders need an opening and a later closing moment, both with a zone")
    zone = opens.tzinfo
    deadline = early_bird_ends or opens + (closes - opens) * _EARLY_BIRD_AT
    first, last = opens.date(), closes.astimezone(zone).date()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    deadline_day = (deadline.astimezone(zone).date() - first).days
    weights = [_day_weight(n, len(days), deadline_day) * _WEEKDAYS[day.weekday()] for n, day in enumerate(days)]
    day_choice, hour_choice = Weighted(days, weights), Weighted(range(24), _HOURS)
    moments = []
    for _ in range(count):
        day = day_choice.draw(rng)
        for _ in range(_HOUR_DRAWS):
            moment = datetime.combine(
                day, time(hour_choice.draw(rng), rng.randrange(60), rng.randrange(60)), tzinfo=zone
            )
            if opens <= moment < closes:
                break
            day = day_choice.draw(rng)
        else:  # a window outside working hours: spread evenly
            moment = opens + (closes - opens) * rng.random()
        moments.append(moment)
    return sorted(moments)


def draw_arrivals(
    count: int,
    day_start: datetime,
    rng: Random,
    *,
    checkpoints: Mapping[str, float] = _CHECKPOINTS,
    refusals: Mapping[str, float] = _REASONS,
) -> list[DemoArrival]:
    """Return the first day's scans of `count` people in order of time.

    Doors open at 8:30 after `day_start` (midnight in the edition's zone). Most people come between 9:10 and 9:50, a
    second wave around 13:30, the last by 18:00. A few show their badge again. A few are refused first; most of
    those whom the desk can help are admitted later. `checkpoints` and `refusals` map codes to weights.
    """
    gates = Weighted(list(checkpoints), checkpoints.values())
    reasons = Weighted(list(refusals), refusals.values())
    closing = day_start + _LAST_ENTRY
    scans = []
    for person in range(count):
        at, gate = day_start + _arrival_offset(rng), gates.draw(rng)
        if rng.random() < _REFUSED_SHARE:
            reason = reasons.draw(rng)
            scans.append(DemoArrival(at, person, gate, "refused", reason))
            at += timedelta(seconds=rng.randrange(180, 1500))
            if reason in _FINAL_REASONS or rng.random() >= _SETTLED_SHARE or at >= closing:
                continue
            gate = gates.draw(rng)
        scans.append(DemoArrival(at, person, gate, "admitted"))
        if rng.random() < _AGAIN_SHARE:
            later = at + timedelta(seconds=20 + int(rng.expovariate(1 / 2400)))
            if later < closing:
                scans.append(DemoArrival(later, person, gates.draw(rng), "again"))
    return sorted(scans, key=lambda scan: (scan.at, scan.person))


def _day_weight(day: int, days: int, deadline: int) -> float:
    progress = day / max(days - 1, 1)
    weight = 0.2 + 0.9 * math.pow(progress, 1.5)
    before_deadline = deadline - day
    if before_deadline >= 0:
        weight += 2.4 * math.exp(-before_deadline / 2.2)
    else:  # those who planned to order soon have just done so
        weight *= 1 - 0.5 * math.exp(before_deadline / 6)
    return weight + 2.8 * math.exp(-(days - 1 - day) / 3.0)


def _arrival_offset(rng: Random) -> timedelta:
    """Return the time since midnight at which one person reaches a checkpoint, in whole seconds."""
    while True:
        part = rng.random()
        if part < _QUEUE:
            minutes = 510 + rng.expovariate(1 / 9)
        elif part < _MORNING:
            minutes = rng.gauss(570, 19)
        elif part < _AFTERNOON:
            minutes = rng.gauss(810, 17)
        else:
            minutes = 585 + rng.expovariate(1 / 120)
        offset = timedelta(seconds=int(minutes * 60))
        if _DOORS <= offset < _LAST_ENTRY:
            return offset
