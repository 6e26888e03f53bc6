"""The registration of a speaker, and the ticket that the confirmed speakers of a call get.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("speaker", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attendee_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_speaker_attendee_id"), ["attendee_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_speaker_attendee_id_attendee"), "attendee", ["attendee_id"], ["id"])
    with op.batch_alter_table("call_for_proposals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("speaker_ticket", sa.String(length=32), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("call_for_proposals", schema=None) as batch_op:
        batch_op.drop_column("speaker_ticket")
    with op.batch_alter_table("speaker", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_speaker_attendee_id_attendee"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_speaker_attendee_id"))
        batch_op.drop_column("attendee_id")
