"""The desk and the kiosk: print jobs, settings, and a check of identity documents.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "print_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("station", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=8), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_print_job_edition_id_edition")),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_print_job_attendee_id_attendee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
    )
    op.create_index("ix_print_job_edition_id_state_id", "print_job", ["edition_id", "state", "id"])
    op.create_index("ix_print_job_attendee_id", "print_job", ["attendee_id"])
    for name, condition in (("waiting", "state = 'waiting'"), ("kiosk", "origin = 'kiosk'")):
        op.create_index(
            f"uq_print_job_{name}",
            "print_job",
            ["attendee_id"],
            unique=True,
            sqlite_where=sa.text(condition),
            postgresql_where=sa.text(condition),
        )
    op.create_table(
        "desk_settings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("pin_hash", sa.String(length=128), nullable=True),
        sa.Column("pin_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stations", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_desk_settings_edition_id_edition")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_desk_settings")),
    )
    op.add_column("attendee", sa.Column("id_check", sa.String(length=64), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("attendee", "id_check")
    op.drop_table("desk_settings")
    op.drop_table("print_job")
