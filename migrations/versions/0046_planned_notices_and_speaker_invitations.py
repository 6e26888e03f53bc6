"""How a planned version of the timetable is published, and when speakers were invited to their pages.

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

import expo.infra.db

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("speaker", schema=None) as batch_op:
        batch_op.add_column(sa.Column("invited_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_speaker_email"), ["email"], unique=False)
    with op.batch_alter_table("timetable", schema=None) as batch_op:
        batch_op.add_column(sa.Column("publish_label", sa.String(length=100), server_default="", nullable=False))
        batch_op.add_column(sa.Column("publish_notify", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("timetable", schema=None) as batch_op:
        batch_op.drop_column("publish_notify")
        batch_op.drop_column("publish_label")
    with op.batch_alter_table("speaker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_speaker_email"))
        batch_op.drop_column("invited_at")
