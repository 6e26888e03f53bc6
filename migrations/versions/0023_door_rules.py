"""Kinds, rules and questions of checkpoints; notes for the door and group tickets.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("checkpoint", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), nullable=False, server_default="gate"))
        batch_op.add_column(sa.Column("session_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rule", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("questions", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.create_foreign_key(
            batch_op.f("fk_checkpoint_session_id_session"), "session", ["session_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_checkpoint_session_id"), ["session_id"], unique=False)
    with op.batch_alter_table("ticket_type", schema=None) as batch_op:
        batch_op.add_column(sa.Column("door_note", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("party", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_check_constraint(batch_op.f("ck_ticket_type_party"), "party BETWEEN 1 AND 1000")
    op.add_column("attendee", sa.Column("door_note", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("scan", sa.Column("answers", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("scan", "answers")
    op.drop_column("attendee", "door_note")
    with op.batch_alter_table("ticket_type", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_ticket_type_party"), type_="check")
        batch_op.drop_column("party")
        batch_op.drop_column("door_note")
    with op.batch_alter_table("checkpoint", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_checkpoint_session_id"))
        batch_op.drop_constraint(batch_op.f("fk_checkpoint_session_id_session"), type_="foreignkey")
        batch_op.drop_column("questions")
        batch_op.drop_column("rule")
        batch_op.drop_column("session_id")
        batch_op.drop_column("kind")
