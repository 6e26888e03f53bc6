"""Reviews of proposals: rounds, reviewers, assignments.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_blind", sa.Boolean(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("min_reviews", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name=op.f("ck_review_round_times")
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_review_round_edition_id_edition")),
        sa.ForeignKeyConstraint(
            ["call_id"], ["call_for_proposals.id"], name=op.f("fk_review_round_call_id_call_for_proposals")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_round")),
        sa.UniqueConstraint("edition_id", "slug", name=op.f("uq_review_round_edition_id_slug")),
    )
    op.create_index(op.f("ix_review_round_call_id"), "review_round", ["call_id"])
    op.create_table(
        "round_reviewer",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("tracks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["review_round.id"], name=op.f("fk_round_reviewer_round_id_review_round")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_round_reviewer_person_id_person")),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_round_reviewer")),
    )
    op.create_index(op.f("ix_round_reviewer_person_id"), "round_reviewer", ["person_id"])
    _create_table_of_reviewers("review_assignment")
    _create_table_of_reviewers(
        "review",
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("is_abstention", sa.Boolean(), nullable=False),
        sa.Column("has_conflict", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("review")
    op.drop_table("review_assignment")
    op.drop_table("round_reviewer")
    op.drop_table("review_round")


def _create_table_of_reviewers(name: str, *columns: "sa.Column[object]") -> None:
    op.create_table(
        name,
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["round_id"], ["review_round.id"], name=op.f(f"fk_{name}_round_id_review_round")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f(f"fk_{name}_proposal_id_proposal")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{name}_person_id_person")),
        sa.PrimaryKeyConstraint("round_id", "proposal_id", "person_id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_proposal_id"), name, ["proposal_id"])
    op.create_index(op.f(f"ix_{name}_person_id"), name, ["person_id"])
