"""Alarms and assumptions of the control room, thresholds of zones, and indexes of refusals and disagreements.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("cleared_at IS NULL")
REFUSED = sa.text("verdict = 'refused'")
DISAGREES = sa.text("disagrees IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("zone") as batch:
        batch.add_column(sa.Column("warning_percent", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("alarm_percent", sa.Integer(), nullable=True))
    op.execute("UPDATE zone SET warning_percent = 80, alarm_percent = 95")

    op.create_table(
        "control_room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("silent_minutes", sa.Integer(), nullable=False),
        sa.Column("queue_minutes", sa.Integer(), nullable=False),
        sa.Column("sends_emails", sa.Boolean(), nullable=False),
        sa.Column("show_percent", sa.Integer(), nullable=False),
        sa.Column("scan_seconds", sa.Integer(), nullable=False),
        sa.Column("wait_minutes", sa.Integer(), nullable=False),
        sa.Column("wait_percent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_control_room_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_control_room")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_control_room_edition_id")),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("cleared_at", MOMENT, nullable=True),
        sa.Column("acknowledged_at", MOMENT, nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["person.id"], name=op.f("fk_alarm_acknowledged_by_person")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_alarm_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_index(
        "uq_alarm_open",
        "alarm",
        ["edition_id", "kind", "subject_id"],
        unique=True,
        postgresql_where=OPEN,
        sqlite_where=OPEN,
    )
    op.create_index("ix_alarm_edition_id_raised_at", "alarm", ["edition_id", "raised_at"])
    op.create_index(op.f("ix_alarm_acknowledged_by"), "alarm", ["acknowledged_by"])
    op.create_index(
        "ix_scan_refused", "scan", ["edition_id", "received_at"], postgresql_where=REFUSED, sqlite_where=REFUSED
    )
    op.create_index(
        "ix_scan_disagrees", "scan", ["edition_id", "scanned_at"], postgresql_where=DISAGREES, sqlite_where=DISAGREES
    )


def downgrade() -> None:
    op.drop_index("ix_scan_disagrees", "scan")
    op.drop_index("ix_scan_refused", "scan")
    op.drop_table("alarm")
    op.drop_table("control_room")
    with op.batch_alter_table("zone") as batch:
        batch.drop_column("alarm_percent")
        batch.drop_column("warning_percent")
