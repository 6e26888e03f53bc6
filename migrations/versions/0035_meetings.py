"""Meetings: settings, tables, requests with participants, what holds their time, messages, blocks and reports.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "meeting_settings",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slot_minutes", sa.Integer(), server_default="25", nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), server_default="5", nullable=False),
        sa.Column("walking_minutes", sa.Integer(), server_default="10", nullable=False),
        sa.Column("hours", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("max_open", sa.Integer(), server_default="10", nullable=False),
        sa.Column("max_per_day", sa.Integer(), server_default="20", nullable=False),
        sa.Column("max_with_one", sa.Integer(), server_default="2", nullable=False),
        sa.Column("expire_hours", sa.Integer(), server_default="48", nullable=False),
        sa.Column("no_show_minutes", sa.Integer(), server_default="15", nullable=False),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_meeting_settings_request_phase"),
        ),
        sa.CheckConstraint("slot_minutes BETWEEN 5 AND 240", name=op.f("ck_meeting_settings_slot_minutes")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_meeting_settings_edition_id_edition")),
        sa.PrimaryKeyConstraint("edition_id", name=op.f("pk_meeting_settings")),
    )
    op.create_table(
        "meeting_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("seats", sa.Integer(), server_default="4", nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_meeting_table_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitor.id"],
            name=op.f("fk_meeting_table_exhibitor_id_exhibitor"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_meeting_table_hall_id_hall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_table")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_meeting_table_edition_id_code")),
    )
    with op.batch_alter_table("meeting_table", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_table_exhibitor_id"), ["exhibitor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_table_hall_id"), ["hall_id"], unique=False)

    op.create_table(
        "busy_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_busy_mark_times")),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_busy_mark_attendee_id_attendee")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_mark")),
        sa.UniqueConstraint("attendee_id", "starts_at", name=op.f("uq_busy_mark_attendee_id_starts_at")),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=True),
        sa.Column("company_name", sa.String(length=200), server_default="", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("initiator", sa.String(length=8), nullable=False),
        sa.Column("awaited", sa.String(length=8), server_default="", nullable=False),
        sa.Column("message", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("place", sa.String(length=8), server_default="", nullable=False),
        sa.Column("table_id", sa.Integer(), nullable=True),
        sa.Column("link", sa.String(length=500), server_default="", nullable=False),
        sa.Column("is_virtual", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_key", sa.String(length=96), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_meeting_times")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_meeting_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_meeting_exhibitor_id_exhibitor"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["table_id"], ["meeting_table.id"], name=op.f("fk_meeting_table_id_meeting_table")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_meeting_edition_id_code")),
        sa.UniqueConstraint("edition_id", "request_key", name=op.f("uq_meeting_edition_id_request_key")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_created_at"), ["created_at"], unique=False)
        batch_op.create_index("ix_meeting_edition_id_state", ["edition_id", "state", "starts_at"], unique=False)
        batch_op.create_index("ix_meeting_exhibitor_id_state", ["exhibitor_id", "state"], unique=False)
        batch_op.create_index("ix_meeting_state_expires_at", ["state", "expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_table_id"), ["table_id"], unique=False)

    op.create_table(
        "meeting_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=True),
        sa.Column("exhibitor_id", sa.Integer(), nullable=True),
        sa.Column("blocked_attendee_id", sa.Integer(), nullable=True),
        sa.Column("blocked_exhibitor_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(attendee_id IS NULL) <> (exhibitor_id IS NULL)", name=op.f("ck_meeting_block_blocker")),
        sa.CheckConstraint(
            "(blocked_attendee_id IS NULL) <> (blocked_exhibitor_id IS NULL)", name=op.f("ck_meeting_block_blocked")
        ),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_meeting_block_attendee_id_attendee")),
        sa.ForeignKeyConstraint(
            ["blocked_attendee_id"], ["attendee.id"], name=op.f("fk_meeting_block_blocked_attendee_id_attendee")
        ),
        sa.ForeignKeyConstraint(
            ["blocked_exhibitor_id"],
            ["exhibitor.id"],
            name=op.f("fk_meeting_block_blocked_exhibitor_id_exhibitor"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_meeting_block_exhibitor_id_exhibitor"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_block")),
    )
    with op.batch_alter_table("meeting_block", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_block_attendee_id", ["attendee_id"], unique=False)
        batch_op.create_index("ix_meeting_block_blocked_attendee_id", ["blocked_attendee_id"], unique=False)
        batch_op.create_index("ix_meeting_block_blocked_exhibitor_id", ["blocked_exhibitor_id"], unique=False)
        batch_op.create_index("ix_meeting_block_exhibitor_id", ["exhibitor_id"], unique=False)

    op.create_table(
        "meeting_hold",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("resource_id", sa.Integer(), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_hold_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("kind", "resource_id", "slot_at", name=op.f("pk_meeting_hold")),
    )
    with op.batch_alter_table("meeting_hold", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_hold_kind_slot_at", ["kind", "slot_at", "resource_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_hold_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "meeting_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_key", sa.String(length=96), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_message_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_message")),
        sa.UniqueConstraint("meeting_id", "request_key", name=op.f("uq_meeting_message_meeting_id_request_key")),
    )
    op.create_table(
        "meeting_participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("is_initiator", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("reminded_of", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_meeting_participant_rating")),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendee.id"], name=op.f("fk_meeting_participant_attendee_id_attendee")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_participant_meeting_id_meeting")),
        sa.ForeignKeyConstraint(
            ["member_id"],
            ["exhibitor_member.id"],
            name=op.f("fk_meeting_participant_member_id_exhibitor_member"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_participant")),
        sa.UniqueConstraint("meeting_id", "attendee_id", name=op.f("uq_meeting_participant_meeting_id_attendee_id")),
        sa.UniqueConstraint("meeting_id", "member_id", name=op.f("uq_meeting_participant_meeting_id_member_id")),
    )
    with op.batch_alter_table("meeting_participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_participant_attendee_id"), ["attendee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_participant_member_id"), ["member_id"], unique=False)

    op.create_table(
        "meeting_proposal",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_proposal_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("meeting_id", "starts_at", name=op.f("pk_meeting_proposal")),
    )
    op.create_table(
        "meeting_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_report_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_report")),
        sa.UniqueConstraint("meeting_id", "side", name=op.f("uq_meeting_report_meeting_id_side")),
    )


def downgrade() -> None:

    op.drop_table("meeting_report")
    op.drop_table("meeting_proposal")
    with op.batch_alter_table("meeting_participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_participant_member_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_participant_attendee_id"))

    op.drop_table("meeting_participant")
    op.drop_table("meeting_message")
    with op.batch_alter_table("meeting_hold", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_hold_meeting_id"))
        batch_op.drop_index("ix_meeting_hold_kind_slot_at")

    op.drop_table("meeting_hold")
    with op.batch_alter_table("meeting_block", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_block_exhibitor_id")
        batch_op.drop_index("ix_meeting_block_blocked_exhibitor_id")
        batch_op.drop_index("ix_meeting_block_blocked_attendee_id")
        batch_op.drop_index("ix_meeting_block_attendee_id")

    op.drop_table("meeting_block")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_table_id"))
        batch_op.drop_index("ix_meeting_state_expires_at")
        batch_op.drop_index("ix_meeting_exhibitor_id_state")
        batch_op.drop_index("ix_meeting_edition_id_state")
        batch_op.drop_index(batch_op.f("ix_meeting_created_at"))

    op.drop_table("meeting")
    op.drop_table("busy_mark")
    with op.batch_alter_table("meeting_table", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_table_hall_id"))
        batch_op.drop_index(batch_op.f("ix_meeting_table_exhibitor_id"))

    op.drop_table("meeting_table")
    op.drop_table("meeting_settings")
