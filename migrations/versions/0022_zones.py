"""Zones with one or more checkpoints, presence by zone, and what devices report with a scan.

Revision ID: 0022
Revises: 0021
"""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BATCH = 5000
TURN_OVER_HOURS = 4
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_zones()
    _create_presence("zone")
    op.execute(
        "INSERT INTO presence (zone_id, attendee_id, is_inside, entries, first_scan_id, entries_today, entered_at, "
        "checkpoint_id, left_at, as_of) SELECT checkpoint.zone_id, old.attendee_id, old.is_inside, old.entries, "
        "old.first_scan_id, 0, old.entered_at, CASE WHEN old.entered_at IS NULL THEN NULL ELSE old.checkpoint_id END, "
        "old.left_at, old.as_of FROM old_presence AS old JOIN checkpoint ON checkpoint.id = old.checkpoint_id"
    )
    op.drop_table("old_presence")
    op.create_index(op.f("ix_presence_attendee_id"), "presence", ["attendee_id"])
    op.create_index(op.f("ix_presence_checkpoint_id"), "presence", ["checkpoint_id"])
    _count_entries_of_the_day()

    with op.batch_alter_table("scan") as batch:
        batch.add_column(sa.Column("decided", sa.String(8), nullable=False, server_default="server"))
        batch.add_column(sa.Column("disagrees", sa.String(24), nullable=True))
        batch.add_column(sa.Column("party", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("first_checkpoint_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("device_time", MOMENT, nullable=True))
        batch.add_column(sa.Column("skew_ms", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("undone_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("device_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("scan") as batch:
        batch.alter_column("decided", existing_type=sa.String(8), server_default=None)
        batch.alter_column("party", existing_type=sa.Integer(), server_default=None)
    op.create_index(op.f("ix_scan_device_id"), "scan", ["device_id"])
    op.execute("UPDATE scan SET first_checkpoint_id = checkpoint_id WHERE first_entered_at IS NOT NULL")


def downgrade() -> None:
    op.drop_index(op.f("ix_scan_device_id"), "scan")
    with op.batch_alter_table("scan") as batch:
        for name in ("device_id", "undone_at", "skew_ms", "device_time", "first_checkpoint_id", "party", "disagrees", "decided"):
            batch.drop_column(name)

    op.drop_index(op.f("ix_presence_checkpoint_id"), "presence")
    # A zone with several checkpoints: the first one gets its presences.
    _create_presence("checkpoint")
    op.execute(
        "INSERT INTO presence (checkpoint_id, attendee_id, is_inside, entries, first_scan_id, entered_at, left_at, "
        "as_of) SELECT door.id, old.attendee_id, old.is_inside, old.entries, old.first_scan_id, old.entered_at, "
        "old.left_at, old.as_of FROM old_presence AS old "
        "JOIN (SELECT MIN(id) AS id, zone_id FROM checkpoint GROUP BY zone_id) AS door ON door.zone_id = old.zone_id"
    )
    op.drop_table("old_presence")
    op.create_index(op.f("ix_presence_attendee_id"), "presence", ["attendee_id"])

    with op.batch_alter_table("checkpoint") as batch:
        batch.add_column(sa.Column("capacity", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("inside", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE checkpoint SET capacity = (SELECT capacity FROM zone WHERE zone.id = checkpoint.zone_id), "
        "inside = (SELECT CASE WHEN inside > capacity THEN capacity ELSE inside END FROM zone "
        "WHERE zone.id = checkpoint.zone_id)"
    )
    op.drop_index(op.f("ix_checkpoint_zone_id"), "checkpoint")
    with op.batch_alter_table("checkpoint") as batch:
        batch.alter_column("inside", existing_type=sa.Integer(), server_default=None)
        batch.create_check_constraint("capacity", "capacity IS NULL OR inside <= capacity")
        batch.create_check_constraint("inside", "inside >= 0")
        batch.drop_constraint(op.f("fk_checkpoint_zone_id_zone"), type_="foreignkey")
        batch.drop_column("zone_id")
    op.drop_table("zone")


def _create_zones() -> None:
    """Give every checkpoint its own zone, with the checkpoint's code and name."""
    op.create_table(
        "zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("inside", sa.Integer(), nullable=False),
        sa.Column("exclusive_group", sa.String(32), nullable=True),
        sa.Column("anti_passback", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name=op.f("ck_zone_capacity")),
        sa.CheckConstraint("inside >= 0", name=op.f("ck_zone_inside")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_zone_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_zone_edition_id_code")),
    )
    op.execute(
        "INSERT INTO zone (edition_id, code, name, capacity, inside, anti_passback, position) "
        "SELECT edition_id, code, name, capacity, inside, TRUE, position FROM checkpoint ORDER BY id"
    )
    with op.batch_alter_table("checkpoint") as batch:
        batch.add_column(sa.Column("zone_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE checkpoint SET zone_id = (SELECT id FROM zone "
        "WHERE zone.edition_id = checkpoint.edition_id AND zone.code = checkpoint.code)"
    )
    with op.batch_alter_table("checkpoint") as batch:
        batch.alter_column("zone_id", existing_type=sa.Integer(), nullable=False)
        batch.create_foreign_key(op.f("fk_checkpoint_zone_id_zone"), "zone", ["zone_id"], ["id"])
        batch.drop_constraint(op.f("ck_checkpoint_capacity"), type_="check")
        batch.drop_constraint(op.f("ck_checkpoint_inside"), type_="check")
        batch.drop_column("capacity")
        batch.drop_column("inside")
    op.create_index(op.f("ix_checkpoint_zone_id"), "checkpoint", ["zone_id"])


def _create_presence(place: str) -> None:
    """Rename the table of presences, and create it again, keyed by a zone or by a checkpoint."""
    other = {"zone": "checkpoint", "checkpoint": "zone"}[place]
    op.drop_index(op.f("ix_presence_attendee_id"), "presence")
    op.rename_table("presence", "old_presence")
    if op.get_bind().dialect.name == "postgresql":
        names = ["pk_presence", f"fk_presence_{other}_id_{other}", "fk_presence_attendee_id_attendee"]
        if place == "checkpoint":
            names.append("fk_presence_checkpoint_id_checkpoint")
        for name in names:
            op.execute(f"ALTER TABLE old_presence RENAME CONSTRAINT {name} TO old_{name}")
    columns = [
        sa.Column(f"{place}_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("is_inside", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("first_scan_id", sa.String(36), nullable=True),
        sa.Column("entered_at", MOMENT, nullable=True),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.ForeignKeyConstraint([f"{place}_id"], [f"{place}.id"], name=op.f(f"fk_presence_{place}_id_{place}")),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_presence_attendee_id_attendee")),
        sa.PrimaryKeyConstraint(f"{place}_id", "attendee_id", name=op.f("pk_presence")),
    ]
    if place == "zone":
        columns += [
            sa.Column("day", sa.Date(), nullable=True),
            sa.Column("entries_today", sa.Integer(), nullable=False),
            sa.Column("checkpoint_id", sa.Integer(), nullable=True),
            sa.ForeignKeyConstraint(
                ["checkpoint_id"], ["checkpoint.id"], name=op.f("fk_presence_checkpoint_id_checkpoint")
            ),
        ]
    op.create_table("presence", *columns)


def _count_entries_of_the_day() -> None:
    """Store the day of the latest entry, and how many admissions the log has on it."""
    connection = op.get_bind()
    edition = sa.table(
        "edition", sa.column("id"), sa.column("starts_on", sa.Date), sa.column("ends_on", sa.Date), sa.column("time_zone")
    )
    presence = sa.table(
        "presence",
        *(sa.column(name) for name in ("zone_id", "attendee_id", "entries")),
        sa.column("entered_at", MOMENT),
        sa.column("day", sa.Date),
        sa.column("entries_today"),
    )
    scan = sa.table(
        "scan",
        *(sa.column(name) for name in ("checkpoint_id", "attendee_id", "direction", "verdict")),
        sa.column("scanned_at", MOMENT),
    )
    checkpoint = sa.table("checkpoint", *(sa.column(name) for name in ("id", "zone_id", "edition_id")))
    editions = {row.id: row for row in connection.execute(sa.select(edition))}
    zones = connection.execute(sa.select(checkpoint.c.zone_id, checkpoint.c.id, checkpoint.c.edition_id)).all()
    write = (
        sa.update(presence)
        .where(presence.c.zone_id == sa.bindparam("its_zone"), presence.c.attendee_id == sa.bindparam("its_attendee"))
        .values(day=sa.bindparam("its_day"), entries_today=sa.bindparam("its_entries"))
    )
    for zone_id, checkpoint_id, edition_id in zones:
        counted: Counter[tuple[int, date]] = Counter()
        entries = sa.select(scan.c.attendee_id, scan.c.scanned_at).where(
            scan.c.checkpoint_id == checkpoint_id, scan.c.direction == "entry", scan.c.verdict == "admitted"
        )
        for row in connection.execute(entries, execution_options={"yield_per": BATCH}):
            counted[row.attendee_id, _day_of(editions[edition_id], row.scanned_at)] += 1
        entered = connection.execute(
            sa.select(presence.c.attendee_id, presence.c.entered_at, presence.c.entries).where(
                presence.c.zone_id == zone_id, presence.c.entered_at.is_not(None)
            )
        ).all()
        for first in range(0, len(entered), BATCH):
            values = []
            for row in entered[first : first + BATCH]:
                day = _day_of(editions[edition_id], row.entered_at)
                number = max(1, min(row.entries, counted[row.attendee_id, day]))
                values.append(
                    {"its_zone": zone_id, "its_attendee": row.attendee_id, "its_day": day, "its_entries": number}
                )
            connection.execute(write, values)


def _day_of(edition: sa.Row, moment: datetime) -> date:
    """Return the day at the door: until four in the morning it is the day before, if that is a day of the expo."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo("UTC"))
    here = moment.astimezone(ZoneInfo(edition.time_zone))
    before = here.date() - timedelta(days=1)
    if here.hour < TURN_OVER_HOURS and edition.starts_on <= before <= edition.ends_on:
        return before
    return here.date()
