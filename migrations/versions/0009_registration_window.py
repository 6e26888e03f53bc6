"""Add the registration switch and its opening and closing times.

In existing editions registration was open whenever a ticket was on sale, so it stays open.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("edition") as batch:
        batch.add_column(
            sa.Column("registration_is_open", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch.add_column(sa.Column("registration_opens_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("registration_closes_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("edition") as batch:
        batch.alter_column("registration_is_open", server_default=None)
        batch.create_check_constraint(
            "registration_times",
            "registration_opens_at IS NULL OR registration_closes_at IS NULL "
            "OR registration_opens_at < registration_closes_at",
        )


def downgrade() -> None:
    with op.batch_alter_table("edition") as batch:
        batch.drop_constraint(batch.f("ck_edition_registration_times"), type_="check")
        batch.drop_column("registration_closes_at")
        batch.drop_column("registration_opens_at")
        batch.drop_column("registration_is_open")
