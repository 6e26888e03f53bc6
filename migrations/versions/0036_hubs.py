"""The hubs of halls, and scans that revoked devices still had.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

from expo.infra.db import UtcDateTime

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_FROM_HUBS = sa.text("hub_id IS NOT NULL")
_AFTER_REVOCATION = sa.text("is_after_revocation")
_UNSENT = sa.text("sent_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "hub",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("centre_url", sa.String(length=500), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("encrypted_token", sa.LargeBinary(length=255), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("cursor", sa.String(length=64), nullable=True),
        sa.Column("copied_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("tried_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("skew_ms", sa.Integer(), nullable=False),
        sa.Column("is_revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_hub_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub")),
    )
    op.create_index(op.f("ix_hub_edition_id"), "hub", ["edition_id"])
    op.create_table(
        "held_scan",
        sa.Column("scan_id", sa.String(length=36), nullable=False),
        sa.Column("token", sa.String(length=1000), nullable=False),
        sa.Column("checkpoint", sa.String(length=100), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("undo_sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("scan_id", name=op.f("pk_held_scan")),
    )
    op.create_index("ix_held_scan_unsent", "held_scan", ["scan_id"], sqlite_where=_UNSENT, postgresql_where=_UNSENT)
    with op.batch_alter_table("scan") as batch_op:
        batch_op.add_column(sa.Column("hub_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("is_after_revocation", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_foreign_key(batch_op.f("fk_scan_hub_id_device"), "device", ["hub_id"], ["id"])
    op.create_index("ix_scan_hub_id", "scan", ["hub_id"], sqlite_where=_FROM_HUBS, postgresql_where=_FROM_HUBS)
    op.create_index(
        "ix_scan_is_after_revocation",
        "scan",
        ["edition_id", "received_at"],
        sqlite_where=_AFTER_REVOCATION,
        postgresql_where=_AFTER_REVOCATION,
    )


def downgrade() -> None:
    op.drop_index("ix_scan_is_after_revocation", table_name="scan")
    op.drop_index("ix_scan_hub_id", table_name="scan")
    with op.batch_alter_table("scan") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_scan_hub_id_device"), type_="foreignkey")
        batch_op.drop_column("is_after_revocation")
        batch_op.drop_column("hub_id")
    op.drop_table("held_scan")
    op.drop_table("hub")
