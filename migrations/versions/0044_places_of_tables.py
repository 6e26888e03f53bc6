"""Where the tables for meetings stand on the plan of their hall.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting_table", schema=None) as batch_op:
        batch_op.add_column(sa.Column("x", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("y", sa.Double(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("meeting_table", schema=None) as batch_op:
        batch_op.drop_column("y")
        batch_op.drop_column("x")
