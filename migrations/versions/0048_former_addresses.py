"""The addresses of companies that were merged into others.

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exhibitor_former_slug",
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["edition.id"], name=op.f("fk_exhibitor_former_slug_edition_id_edition")
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_former_slug_exhibitor_id_exhibitor")
        ),
        sa.PrimaryKeyConstraint("edition_id", "slug", name=op.f("pk_exhibitor_former_slug")),
    )
    with op.batch_alter_table("exhibitor_former_slug", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_former_slug_exhibitor_id"), ["exhibitor_id"], unique=False)


def downgrade() -> None:
    op.drop_table("exhibitor_former_slug")
