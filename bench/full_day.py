"""A day of 1,000 sessions in 30 rooms, for the public day page, and how long the page takes without any cache."""

import statistics
import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from http import HTTPStatus
from itertools import count
from random import Random

from flask import Flask

from bench.table import Row
from bench.world import World
from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.demo.schedule import draw_schedule
from expo.editions.queries import EditionFacts, get_current_edition
from expo.editions.services import increment_content_version
from expo.flows.program_import import import_program
from expo.formats.schedule import Schedule, ScheduleRoom
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from expo.program.queries import SessionFilter, list_sessions
from expo.program.rules import ImportDecisions, ImportMode
from expo.web.kit.page_cache import VERSION_SECONDS

SESSIONS, ROOMS = 1_000, 30
MINUTES, OPENS = 20, 8
# Enough drawn days for 1,000 different sessions.
DRAWN_DAYS = 6
ASKED, WARM_UP = 12, 2


def add_full_day(world: World) -> date:
    """Import published sessions into the demo's second day until it has 1,000, and return that day."""
    app = create_app(Settings.from_env(world.environment))
    with app.app_context():
        edition = get_current_edition()
        decisions = ImportDecisions(ImportMode.UPDATE)
        missing = SESSIONS - len(list_sessions(edition.id, SessionFilter(day=edition.days[1])))
        import_program(SYSTEM, edition.id, _draw_full_day(edition, missing), utcnow(), decisions)
        db.session.remove()
        db.engine.dispose()
    return edition.days[1]


def measure_uncached(world: World, path: str) -> Row:
    """Measure a page after each change of the programme, which empties every cache; whole requests in this process."""
    app = create_app(Settings.from_env(world.environment))
    took = [_ask_after_a_change(app, path) for _number in range(ASKED)]
    with app.app_context():
        db.engine.dispose()
    return Row(
        f"{path[:30]} uncached, median",
        statistics.median(took[WARM_UP:]),
        "ms",
        "< 150",
        f"slowest {max(took[WARM_UP:]):.0f} ms",
    )


def _draw_full_day(edition: EditionFacts, sessions: int) -> Schedule:
    day = edition.days[1]
    drawn = draw_schedule(
        "Bench", "bench", [day + timedelta(days=n) for n in range(DRAWN_DAYS)], edition.zone, Random(2), 2
    )
    added = (f"Bench room {number}" for number in count(1))
    names = {each.key: each for each in drawn.rooms}
    rooms = list(names.values())[:ROOMS]
    rooms += [ScheduleRoom(name, {"en": name}) for name, _room in zip(added, range(ROOMS - len(rooms)), strict=False)]
    opens = datetime(day.year, day.month, day.day, OPENS, tzinfo=edition.zone)
    events = [
        replace(
            event,
            key=f"full-{event.key}",
            day=day,
            start=opens + timedelta(minutes=MINUTES * (number // ROOMS)),
            minutes=MINUTES,
            room=rooms[number % ROOMS].key,
        )
        for number, event in enumerate(drawn.events[:sessions])
    ]
    if len(events) < sessions:
        raise AssertionError(f"only {len(events)} sessions were drawn")
    return replace(drawn, days=(day,), events=tuple(events), rooms=tuple(rooms))


def _ask_after_a_change(app: Flask, path: str) -> float:
    with app.app_context(), atomic():
        increment_content_version(get_current_edition().id, utcnow())
    # The page cache notices a change after that time at the latest.
    time.sleep(VERSION_SECONDS)
    browser = app.test_client()
    began = time.perf_counter()
    answer = browser.get(path, headers={"Accept-Encoding": "gzip"})
    took = 1000 * (time.perf_counter() - began)
    if answer.status_code != HTTPStatus.OK:
        raise AssertionError(answer.status)
    return took
