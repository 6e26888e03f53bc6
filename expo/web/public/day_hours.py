"""The list of a day by hours: on a day with many sessions, one hour is open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from expo.program.queries import SessionRow
from expo.program.rules import hour_of
from expo.program.rules.timetable import DAY_BEGINS

# With more sessions than this, a list shows those of one hour, and leads to those of the others.
LARGE_DAY = 300
# With more than this, only one hour is open.
ALL_OPEN = 60


@dataclass(frozen=True)
class Hour:
    """An hour of the list: its sessions by their start, or the address that shows them."""

    begins: datetime | None
    count: int
    times: list[tuple[datetime | None, list[SessionRow]]]
    url: str = ""
    is_open: bool = True


def list_hours(
    sessions: Sequence[SessionRow], zone: ZoneInfo, opened: str, url_of: Callable[[str], str], *, is_whole: bool
) -> list[Hour]:
    """Group sessions by the hour in which they start; of many, one hour is open, and of very many only it is there."""
    hours = [
        Hour(begins, len(rows), [(start, list(same)) for start, same in groupby(rows, key=lambda row: row.starts_at)])
        for begins, group in groupby(sessions, key=lambda row: row.starts_at and hour_of(row.starts_at, zone))
        for rows in (list(group),)
    ]
    if len(sessions) <= min(ALL_OPEN, LARGE_DAY) or is_whole:
        return hours
    names = [each.begins.astimezone(zone).strftime("%H") if each.begins else "" for each in hours]
    shown = _find_hour(names, opened)
    for at, name in enumerate(names):
        if name and at != shown:
            url = f"{url_of(name)}#h-{name}" if len(sessions) > LARGE_DAY else ""
            hours[at] = replace(hours[at], times=[] if url else hours[at].times, url=url, is_open=False)
    return hours


def _find_hour(names: Sequence[str], opened: str) -> int:
    """Return which hour of the list is open: the one asked for or the current one, or the last before it."""
    begun = [at for at, name in enumerate(names) if name and opened and since_begin(name) <= since_begin(opened)]
    return begun[-1] if begun else 0


def since_begin(hour: str) -> int:
    """Return how many hours after the begin of the day an hour is: the day continues after midnight."""
    return (int(hour) - DAY_BEGINS.hour) % 24
