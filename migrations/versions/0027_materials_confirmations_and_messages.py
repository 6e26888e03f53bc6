"""Files of sessions, confirmations of each speaker, and messages among reviewers.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_material",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], name=op.f("fk_session_material_session_id_session")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_session_material_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_material")),
        sa.UniqueConstraint("file_id", name=op.f("uq_session_material_file_id")),
    )
    op.create_index(op.f("ix_session_material_session_id"), "session_material", ["session_id"])
    op.add_column("proposal_speaker", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))
    # Until now, only authors could confirm.
    op.execute(
        "UPDATE proposal_speaker SET confirmed_at = (SELECT proposal.confirmed_at FROM proposal"
        " WHERE proposal.id = proposal_speaker.proposal_id AND proposal.person_id = proposal_speaker.person_id"
        " AND proposal.state = 'confirmed')"
    )
    op.create_table(
        "review_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["review_round.id"], name=op.f("fk_review_message_round_id_review_round")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_review_message_proposal_id_proposal")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_review_message_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_message")),
    )
    op.create_index(op.f("ix_review_message_round_id"), "review_message", ["round_id"])
    op.create_index(op.f("ix_review_message_proposal_id"), "review_message", ["proposal_id"])
    op.create_index(op.f("ix_review_message_person_id"), "review_message", ["person_id"])


def downgrade() -> None:
    op.drop_table("review_message")
    op.drop_column("proposal_speaker", "confirmed_at")
    op.drop_table("session_material")
