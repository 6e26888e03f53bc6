"""Leads with their visits, notes and questions, what attendees share with exhibitors, and webhooks.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

import expo.infra.db

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "webhook_endpoint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(length=128), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_webhook_endpoint_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_webhook_endpoint_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoint")),
    )
    with op.batch_alter_table("webhook_endpoint", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_webhook_endpoint_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_webhook_endpoint_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "lead_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("removed_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_lead_question_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_question")),
    )
    with op.batch_alter_table("lead_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_question_exhibitor_id"), ["exhibitor_id"], unique=False)

    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endpoint_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("next_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoint.id"], name=op.f("fk_webhook_delivery_endpoint_id_webhook_endpoint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
    )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_webhook_delivery_endpoint_id_id", ["endpoint_id", "id"], unique=False)
        batch_op.create_index("ix_webhook_delivery_state_next_at", ["state", "next_at"], unique=False)

    op.create_table(
        "contact_sharing",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("changed_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_contact_sharing_attendee_id_attendee")),
        sa.PrimaryKeyConstraint("attendee_id", name=op.f("pk_contact_sharing")),
    )
    op.create_table(
        "lead",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("first_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rated_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("answer_times", sa.JSON(), nullable=False),
        sa.Column("withdrawn_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawal_reason", sa.String(length=16), nullable=False),
        sa.Column("emptied_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_lead_rating")),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_lead_attendee_id_attendee")),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_lead_exhibitor_id_exhibitor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sa.UniqueConstraint("exhibitor_id", "attendee_id", name=op.f("uq_lead_exhibitor_id_attendee_id")),
        sa.UniqueConstraint("exhibitor_id", "code", name=op.f("uq_lead_exhibitor_id_code")),
    )
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_attendee_id"), ["attendee_id"], unique=False)
        batch_op.create_index(
            "ix_lead_withdrawn_at",
            ["withdrawn_at"],
            unique=False,
            sqlite_where=sa.text("withdrawn_at IS NOT NULL AND emptied_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NOT NULL AND emptied_at IS NULL"),
        )

    op.create_table(
        "lead_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.String(length=36), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_note_lead_id_lead")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["exhibitor_member.id"], name=op.f("fk_lead_note_member_id_exhibitor_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_note")),
        sa.UniqueConstraint("lead_id", "scan_id", name=op.f("uq_lead_note_lead_id_scan_id")),
    )
    with op.batch_alter_table("lead_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_note_member_id"), ["member_id"], unique=False)

    op.create_table(
        "lead_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.String(length=36), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("scanned_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("received_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_lead_scan_exhibitor_id_exhibitor")),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_scan_lead_id_lead")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["exhibitor_member.id"], name=op.f("fk_lead_scan_member_id_exhibitor_member")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_scan")),
        sa.UniqueConstraint("exhibitor_id", "scan_id", name=op.f("uq_lead_scan_exhibitor_id_scan_id")),
    )
    with op.batch_alter_table("lead_scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_scan_lead_id"), ["lead_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lead_scan_member_id"), ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("lead_scan")
    op.drop_table("lead_note")
    op.drop_table("lead")
    op.drop_table("lead_question")
    op.drop_table("contact_sharing")
    op.drop_table("webhook_delivery")
    op.drop_table("webhook_endpoint")
