"""Devices at the doors, earlier issues of badges, and indexes that find what has changed for a door.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ACTED = [sa.table(name, sa.column("actor_kind", sa.String)) for name in ("scan", "audit_entry", "import_run")]


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("profile", sa.String(length=16), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_wiped", sa.Boolean(), nullable=False),
        sa.Column("wipe_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("battery", sa.Integer(), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("queue_length", sa.Integer(), nullable=False),
        sa.Column("oldest_queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checkpoint_id", sa.Integer(), nullable=True),
        sa.Column("skew_ms", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_device_edition_id_edition")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_device_created_by_person")),
        sa.ForeignKeyConstraint(["checkpoint_id"], ["checkpoint.id"], name=op.f("fk_device_checkpoint_id_checkpoint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_device_token_digest")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_device_code_digest")),
        sa.UniqueConstraint("session_id", name=op.f("uq_device_session_id")),
    )
    op.create_index("ix_device_edition_id_name", "device", ["edition_id", "name"])
    op.create_index(op.f("ix_device_created_by"), "device", ["created_by"])
    op.create_index(op.f("ix_device_checkpoint_id"), "device", ["checkpoint_id"])
    op.create_table(
        "device_checkpoint",
        sa.Column("device_id", sa.Integer(), nullable=False),
        sa.Column("checkpoint_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_checkpoint_device_id_device")),
        sa.ForeignKeyConstraint(
            ["checkpoint_id"], ["checkpoint.id"], name=op.f("fk_device_checkpoint_checkpoint_id_checkpoint")
        ),
        sa.PrimaryKeyConstraint("device_id", "checkpoint_id", name=op.f("pk_device_checkpoint")),
    )
    op.create_index(op.f("ix_device_checkpoint_checkpoint_id"), "device_checkpoint", ["checkpoint_id"])
    op.create_table(
        "former_badge",
        sa.Column("badge_id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["badge_id"], ["badge.id"], name=op.f("fk_former_badge_badge_id_badge")),
        sa.PrimaryKeyConstraint("badge_id", "issue", name=op.f("pk_former_badge")),
    )
    op.create_index("ix_badge_edition_id_issued_at", "badge", ["edition_id", "issued_at"])
    op.create_index("ix_seat_hold_changed_at", "seat_hold", ["changed_at"])
    with op.batch_alter_table("scan") as batch:
        batch.create_foreign_key(op.f("fk_scan_device_id_device"), "device", ["device_id"], ["id"])
    op.create_index(
        "ix_scan_undone_at",
        "scan",
        ["edition_id", "undone_at"],
        sqlite_where=sa.text("undone_at IS NOT NULL"),
        postgresql_where=sa.text("undone_at IS NOT NULL"),
    )
    # API tokens acted as `device` before there were devices.
    for table in ACTED:
        op.execute(sa.update(table).where(table.c.actor_kind == "device").values(actor_kind="api_token"))


def downgrade() -> None:
    for table in ACTED:
        op.execute(sa.update(table).where(table.c.actor_kind == "api_token").values(actor_kind="device"))
    op.drop_index("ix_scan_undone_at", table_name="scan")
    with op.batch_alter_table("scan") as batch:
        batch.drop_constraint(op.f("fk_scan_device_id_device"), type_="foreignkey")
    op.drop_index("ix_seat_hold_changed_at", table_name="seat_hold")
    op.drop_index("ix_badge_edition_id_issued_at", table_name="badge")
    op.drop_table("former_badge")
    op.drop_table("device_checkpoint")
    op.drop_table("device")
