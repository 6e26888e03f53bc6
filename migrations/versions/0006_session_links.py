"""Add links, attachments, recording opt-out and sequence to sessions."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('links', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('attachments', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('is_recording_refused', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('sequence', sa.Integer(), server_default='0', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_column('sequence')
        batch_op.drop_column('is_recording_refused')
        batch_op.drop_column('attachments')
        batch_op.drop_column('links')
