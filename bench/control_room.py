"""Measures the control room with many scans."""

import time
import uuid
from datetime import timedelta

from sqlalchemy import func, insert, select

from bench.table import Row
from bench.world import World
from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.checkin.models import Checkpoint, Scan
from expo.checkin.queries.control_room import find_shown_moment
from expo.editions.queries import EditionFacts, get_current_edition
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from expo.registration.models import Attendee
from expo.reports.control_room import get_board

SCANS, AT_ONCE = 200_000, 5000


def measure_control_room(world: World) -> list[Row]:
    """Fill the log of scans, and draw up the board as the first and as a later reader."""
    app = create_app(Settings.from_env(world.environment))
    with app.app_context():
        edition = get_current_edition()
        count = fill_log(edition)
        db.session.rollback()
        seconds = []
        for _ in range(2):
            began = time.perf_counter()
            get_board(SYSTEM, edition, utcnow())
            seconds.append(time.perf_counter() - began)
        db.session.remove()
        db.engine.dispose()
    return [
        Row(f"control room with {count:,} scans, first", seconds[0] * 1000, "ms", "< 2,000"),
        Row("  then", seconds[1] * 1000, "ms", "", "figures of the process are at most 0.8 s old"),
    ]


def fill_log(edition: EditionFacts) -> int:
    """Spread refused and admitted scans over the hours before the moment shown, and return how many there are."""
    last = find_shown_moment(edition, utcnow())
    people = db.session.scalars(select(Attendee.id).where(Attendee.edition_id == edition.id)).all()
    doors = db.session.scalars(select(Checkpoint.id).where(Checkpoint.edition_id == edition.id)).all()
    there = db.session.scalar(select(func.count()).select_from(Scan)) or 0
    for start in range(there, SCANS, AT_ONCE):
        rows = [
            {
                "edition_id": edition.id,
                "scan_id": str(uuid.uuid4()),
                "checkpoint_id": doors[number % len(doors)],
                "attendee_id": people[number % len(people)],
                "direction": "exit" if number % 3 == 0 else "entry",
                "verdict": "refused" if number % 20 == 0 else "admitted",
                "reason": "already_admitted" if number % 20 == 0 else None,
                "scanned_at": last - timedelta(seconds=number % 18_000),
                "received_at": last - timedelta(seconds=number % 18_000),
                "actor_kind": "device",
            }
            for number in range(start, min(start + AT_ONCE, SCANS))
        ]
        with atomic():
            db.session.execute(insert(Scan), rows)
    return db.session.scalar(select(func.count()).select_from(Scan)) or 0
