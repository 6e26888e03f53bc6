"""Existing rows: badges keep the days that their text says, and count from the first day as it was."""

from datetime import UTC, date, datetime

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn

from expo.infra.db import db
from expo.pure.tokens import BadgeToken, sign_token
from tests.migrations.test_migrations import bare_app

__all__ = ["bare_app"]

BEFORE, HERE = "0002", "0003"
MOMENT = datetime(2027, 5, 1, 2, 0, tzinfo=UTC)
ROWS = {
    "edition": {
        "id": 1,
        "number": 1,
        "slug": "expo",
        "title": "{}",
        "tagline": "{}",
        "venue": "{}",
        "city": "{}",
        "starts_on": date(2027, 5, 1),
        "ends_on": date(2027, 5, 3),
        "time_zone": "Asia/Shanghai",
        "languages": "[]",
        "currency": "CNY",
        "contact_email": "",
        "is_current": True,
        "is_demo": False,
        "content_version": 1,
        "content_changed_at": MOMENT,
        "created_at": MOMENT,
    },
    "person": {"id": 1, "email": "a@example.org"},
    "ticket_type": {"id": 1, "edition_id": 1, "code": "visitor", "number": 1, "valid_from": date(2027, 5, 1)},
    "order": {"id": 1, "edition_id": 1, "code": "O", "person_id": 1, "created_at": MOMENT},
    "attendee": {"id": 1, "edition_id": 1, "order_id": 1, "code": "A", "ticket_type_id": 1, "person_id": 1},
    "checkpoint": {"id": 1, "edition_id": 1, "code": "main", "inside": 0},
}
FILLERS = {"INTEGER": 1, "BIGINT": 1, "BOOLEAN": False, "DATE": date(2027, 5, 1), "JSON": "{}"}


def _insert(table: str, **values: object) -> None:
    """Insert a row; columns that must hold something and are not named hold anything."""
    with db.engine.begin() as connection:
        for column in _columns(table):
            if not column["nullable"] and column["name"] not in values and column.get("default") is None:
                kind = str(column["type"]).split("(")[0]
                values[column["name"]] = MOMENT if kind in {"DATETIME", "TIMESTAMP"} else FILLERS.get(kind, "")
        names = ", ".join(values)
        places = ", ".join(f":{name}" for name in values)
        connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({places})'), values)  # noqa: S608


def _columns(table: str) -> list[ReflectedColumn]:
    return inspect(db.engine).get_columns(table)


def test_upgrade_when_badges_are_out_then_they_keep_their_days_and_go_back(bare_app: Flask) -> None:
    upgrade(revision=BEFORE)
    for table, values in ROWS.items():
        _insert(table, **values)
    token = sign_token(BadgeToken(0, 1, 7, 1, 1, 2, 4), b"k" * 32)
    _insert("badge", id=1, edition_id=1, attendee_id=1, serial=7, issue=1, token=token, issued_at=MOMENT)
    presence = {"checkpoint_id": 1, "attendee_id": 1, "is_inside": False, "entries": 1, "first_scan_id": "a"}
    _insert("presence", **presence, entered_at=MOMENT, left_at=MOMENT.replace(hour=5))

    upgrade(revision=HERE)

    with db.engine.connect() as connection:
        found = [
            str(value)
            for value in connection.execute(
                text("SELECT edition.day_zero, badge.valid_from, badge.valid_days FROM edition, badge")
            ).one()
        ]
        as_of = str(connection.execute(text("SELECT as_of FROM presence")).scalar_one())
    assert found == ["2027-05-01", "2027-05-03", "4"]
    assert as_of.startswith("2027-05-01 05:00:00")

    downgrade(revision=BEFORE)
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT token FROM badge")).scalar_one() == token
        assert connection.execute(text("SELECT entries FROM presence")).scalar_one() == 1
    upgrade(revision=HERE)
