"""Add reasons for forced scans.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scan") as batch:
        batch.add_column(sa.Column("force_reason", sa.String(length=24), nullable=True))
        batch.add_column(sa.Column("force_note", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("scan") as batch:
        batch.drop_column("force_note")
        batch.drop_column("force_reason")
