"""The arrivals chart on the overview: one day, by hour and checkpoint."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import url_for
from flask_babel import gettext as _, ngettext

from expo.editions.queries import EditionFacts
from expo.reports.dashboard import HourCount
from expo.web.kit.formats import date_local, number, time_local

Series = list[tuple[str, list[int]]]


@dataclass(frozen=True)
class ArrivalsChart:
    """The chart's content. `days` are the days to switch to, each as (label, URL, whether it is selected)."""

    title: str
    hours: list[str]
    series: Series
    days: list[tuple[str, str, bool]]
    empty: str
    note: str


def draw_arrivals(
    edition: EditionFacts,
    counts: list[HourCount],
    shown: date,
    days: tuple[date, ...],
    names: Mapping[str, str],
    now: datetime,
    *,
    is_chosen: bool,
) -> ArrivalsChart:
    """Return the chart of one day; `days` are the days with arrivals, `names` the checkpoints' names by code."""
    today = edition.door_calendar.day_of(now)
    offered = sorted({*days, *(day for day in edition.days if day <= today), shown})
    waits = not is_chosen and today in edition.days and shown < today
    hours, series = _by_checkpoint(counts, names)
    return ArrivalsChart(
        title=_title(hours, series, date_local(shown)),
        hours=hours,
        series=series,
        days=[(date_local(day, "MMMEd"), _url_of(day), day == shown) for day in offered] if len(offered) > 1 else [],
        empty=_("No check-ins on %(day)s.", day=date_local(shown)) if is_chosen else _("No check-ins yet."),
        note=_("No check-ins today yet. Showing %(day)s.", day=date_local(shown, "MMMMEEEEd")) if waits else "",
    )


def _url_of(day: date) -> str:
    return url_for("organizer_overview.show_overview", day=day.isoformat(), _anchor="arrivals")


def _title(hours: list[str], series: Series, day: str) -> str:
    if not hours:
        return _("Check-ins by hour")
    sums = [sum(numbers[at] for _name, numbers in series) for at in range(len(hours))]
    at = max(range(len(hours)), key=lambda position: sums[position])
    return ngettext(
        "%(day)s: %(total)s check-in. Busiest hour: from %(hour)s with %(most)s",
        "%(day)s: %(total)s check-ins. Busiest hour: from %(hour)s with %(most)s",
        sum(sums),
        day=day,
        total=number(sum(sums)),
        most=number(sums[at]),
        hour=hours[at],
    )


def _by_checkpoint(counts: list[HourCount], names: Mapping[str, str]) -> tuple[list[str], Series]:
    """Return hour labels and one series of counts per checkpoint, including hours without arrivals."""
    if not counts:
        return [], []
    hours: list[datetime] = []
    hour, last = counts[0].hour, counts[-1].hour
    while hour <= last:
        hours.append(hour)
        hour += timedelta(hours=1)
    table = {(row.checkpoint_code, row.hour): row.count for row in counts}
    codes = sorted({row.checkpoint_code for row in counts})
    labels = [time_local(each) for each in hours]
    return labels, [(names.get(code, code), [table.get((code, each), 0) for each in hours]) for code in codes]
