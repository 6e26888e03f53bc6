"""Periods of time, such as those in which a room or a speaker is not available."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from expo.errors import Invalid

MAX_PERIODS = 100


@dataclass(frozen=True)
class Period:
    """The time from `start` up to `end`."""

    start: datetime
    end: datetime


def check_periods(periods: Iterable[Period], field: str) -> tuple[Period, ...]:
    """Return periods in order of time. Raises Invalid `period_reversed` or `too_many_periods` with the field."""
    found = tuple(sorted(set(periods), key=lambda each: (each.start, each.end)))
    if any(each.end <= each.start for each in found):
        raise Invalid("period_reversed", field=field)
    if len(found) > MAX_PERIODS:
        raise Invalid("too_many_periods", field=field, maximum=MAX_PERIODS)
    return found


def write_periods(periods: Iterable[Period]) -> list[dict[str, str]]:
    """Return periods as they are stored: each {"from": RFC 3339, "to": RFC 3339}."""
    return [{"from": each.start.isoformat(), "to": each.end.isoformat()} for each in periods]


def read_periods(stored: Iterable[Mapping[str, str]]) -> tuple[Period, ...]:
    """Return stored periods."""
    return tuple(Period(datetime.fromisoformat(each["from"]), datetime.fromisoformat(each["to"])) for each in stored)
