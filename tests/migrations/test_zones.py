"""Existing rows: each checkpoint gets its own zone, which keeps its capacity, its people and their entries."""

from datetime import UTC, datetime

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from expo.infra.db import db
from tests.migrations.test_doors import ROWS, _insert
from tests.migrations.test_migrations import bare_app

__all__ = ["bare_app"]

BEFORE, HERE = "0021", "0022"
# One in the morning at the site, which is still the day before at its doors.
NIGHT = datetime(2027, 5, 1, 17, 0, tzinfo=UTC)


def test_upgrade_when_people_are_inside_then_they_are_inside_the_zone_and_go_back(bare_app: Flask) -> None:
    upgrade(revision=BEFORE)
    for table, values in ROWS.items():
        _insert(table, **values)
    _insert("checkpoint", id=2, edition_id=1, code="lounge", capacity=5, inside=1)
    _insert(
        "presence", checkpoint_id=2, attendee_id=1, is_inside=True, entries=3, first_scan_id="a", entered_at=NIGHT,
        left_at=None, as_of=NIGHT,
    )  # fmt: skip
    for number in (1, 2):
        _insert(
            "scan", id=number, edition_id=1, scan_id=str(number), checkpoint_id=2, attendee_id=1, direction="entry",
            verdict="admitted", scanned_at=NIGHT.replace(hour=10 + number), badge_id=None,
        )  # fmt: skip

    upgrade(revision=HERE)

    with db.engine.connect() as connection:
        zones = connection.execute(
            text(
                "SELECT checkpoint.code, zone.code, zone.capacity, zone.inside FROM checkpoint "
                "JOIN zone ON zone.id = checkpoint.zone_id ORDER BY checkpoint.id"
            )
        ).all()
        presences = connection.execute(
            text(
                "SELECT zone.code, entries, entries_today, day, checkpoint_id FROM presence "
                "JOIN zone ON zone.id = zone_id"
            )
        ).all()
        decided = connection.execute(text("SELECT decided, party FROM scan")).all()
    assert [tuple(row) for row in zones] == [("main", "main", None, 0), ("lounge", "lounge", 5, 1)]
    assert [(*row[:3], str(row[3]), row[4]) for row in presences] == [("lounge", 3, 2, "2027-05-01", 2)]
    assert [tuple(row) for row in decided] == [("server", 1)] * 2

    downgrade(revision=BEFORE)
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT checkpoint_id, entries FROM presence")).one() == (2, 3)
        assert connection.execute(text("SELECT capacity, inside FROM checkpoint WHERE id = 2")).one() == (5, 1)
    upgrade(revision=HERE)
