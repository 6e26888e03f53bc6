"""Add lead licences of team members."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('exhibitor_member', schema=None) as batch_op:
        batch_op.add_column(sa.Column('licensed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('unlicensed_at', sa.DateTime(timezone=True), nullable=True))
    # Until now, the first members to scan used up the licences: they keep theirs.
    op.execute(
        """UPDATE exhibitor_member SET licensed_at = (
            SELECT min(received_at) FROM lead_scan WHERE lead_scan.member_id = exhibitor_member.id
        ) WHERE EXISTS (SELECT 1 FROM lead_scan WHERE lead_scan.member_id = exhibitor_member.id)"""
    )


def downgrade() -> None:
    with op.batch_alter_table('exhibitor_member', schema=None) as batch_op:
        batch_op.drop_column('unlicensed_at')
        batch_op.drop_column('licensed_at')
