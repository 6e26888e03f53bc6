"""The demo's programme: our own, or another conference's shifted to the days of the demo."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from expo.accounts.rules import SYSTEM
from expo.demo.schedule import draw_schedule
from expo.editions.queries import EditionFacts
from expo.flows.program_import import import_program, read_schedule_file
from expo.formats.schedule import Schedule, ScheduleEvent


def load_program(edition: EditionFacts, data: bytes | None, now: datetime, rng: Random, seed: int) -> int:
    """Import our programme, or that of a file, onto the edition's days; return the number of sessions.

    Raises BadFile.
    """
    if data is None:
        schedule = draw_schedule(edition.title["en"], edition.slug, edition.days, edition.zone, rng, seed)
    else:
        schedule = move_onto_days(read_schedule_file(edition, data), edition)
    import_program(SYSTEM, edition.id, schedule, now)
    return len(schedule.events)


def move_onto_days(schedule: Schedule, edition: EditionFacts) -> Schedule:
    """Return the schedule on the edition's days at the same times of day, without days beyond the last."""
    new_days = dict(zip(schedule.days, edition.days, strict=False))
    events = tuple(
        _moved(event, schedule, new_days, edition)
        for event in schedule.events
        if event.day is None or event.day in new_days
    )
    return replace(
        schedule,
        format="own",
        document=None,
        zone=edition.zone,
        title=edition.title["en"],
        acronym=edition.slug,
        days=tuple(new_days[day] for day in schedule.days if day in new_days),
        events=events,
    )


def _moved(
    event: ScheduleEvent, schedule: Schedule, new_days: dict[date, date], edition: EditionFacts
) -> ScheduleEvent:
    if event.day is None or event.start is None:
        return replace(event, raw=None, url="")
    local = event.start.astimezone(schedule.zone)
    days_later = (local.date() - event.day).days
    day = new_days[event.day]
    start = datetime.combine(day + timedelta(days=days_later), local.time(), edition.zone)
    return replace(event, day=day, start=start, raw=None, url="")
