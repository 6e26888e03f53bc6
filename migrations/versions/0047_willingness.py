"""How readily those who are recommended accept requests.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("exposure_price", schema=None) as batch_op:
        batch_op.add_column(sa.Column("willingness", sa.Double(), server_default="0.5", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("exposure_price", schema=None) as batch_op:
        batch_op.drop_column("willingness")
