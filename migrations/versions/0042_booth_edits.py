"""The log of changes of booths, which the editors of a floor plan follow; how popular candidates are.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

import expo.infra.db

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booth_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("booth_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["hall_id"], ["hall.id"], name=op.f("fk_booth_edit_hall_id_hall"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booth_edit")),
    )
    with op.batch_alter_table("booth_edit", schema=None) as batch_op:
        batch_op.create_index("ix_booth_edit_hall_id", ["hall_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booth_edit_booth_id"), ["booth_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booth_edit_request_id"), ["request_id"], unique=False)
    with op.batch_alter_table("exposure_price", schema=None) as batch_op:
        batch_op.add_column(sa.Column("popularity", sa.Double(), server_default="0.5", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("exposure_price", schema=None) as batch_op:
        batch_op.drop_column("popularity")
    op.drop_table("booth_edit")
