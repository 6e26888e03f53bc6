"""Seats in sessions, feedback on sessions, and reminders.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seat_hold",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_seat_hold_attendee_id_attendee")),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_seat_hold_session_id_session")),
        sa.PrimaryKeyConstraint("attendee_id", "session_id", name=op.f("pk_seat_hold")),
    )
    with op.batch_alter_table("seat_hold", schema=None) as batch_op:
        batch_op.create_index("ix_seat_hold_session_id_state", ["session_id", "state", "number"], unique=False)
        batch_op.create_index("ix_seat_hold_state", ["state"], unique=False)

    op.create_table(
        "session_feedback",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendee.id"], name=op.f("fk_session_feedback_attendee_id_attendee")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_feedback_session_id_session")),
        sa.PrimaryKeyConstraint("session_id", "attendee_id", name=op.f("pk_session_feedback")),
    )
    with op.batch_alter_table("session_feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_feedback_attendee_id"), ["attendee_id"], unique=False)

    op.create_table(
        "reminders",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("calendar_key", sa.String(length=64), nullable=True),
        sa.Column("in_the_evening", sa.Boolean(), nullable=False),
        sa.Column("before_sessions", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_reminders_attendee_id_attendee")),
        sa.PrimaryKeyConstraint("attendee_id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("calendar_key", name=op.f("uq_reminders_calendar_key")),
    )
    op.create_table(
        "sent_reminder",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_sent_reminder_attendee_id_attendee")),
        sa.PrimaryKeyConstraint("attendee_id", "subject", name=op.f("pk_sent_reminder")),
    )


def downgrade() -> None:
    op.drop_table("sent_reminder")
    op.drop_table("reminders")
    op.drop_table("session_feedback")
    op.drop_table("seat_hold")
