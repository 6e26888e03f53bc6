"""Minutes that the checks of the timetable use; repeats and undo of its changes.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('timetable', schema=None) as batch_op:
        batch_op.add_column(sa.Column('walking_minutes', sa.Integer(), server_default='10', nullable=False))
        batch_op.add_column(sa.Column('buffer_minutes', sa.Integer(), server_default='0', nullable=False))

    with op.batch_alter_table('timetable_change', schema=None) as batch_op:
        batch_op.add_column(sa.Column('request_id', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('undoes', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f('uq_timetable_change_edition_id_request_id'), ['edition_id', 'request_id']
        )


def downgrade() -> None:
    with op.batch_alter_table('timetable_change', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_timetable_change_edition_id_request_id'), type_='unique')
        batch_op.drop_column('undoes')
        batch_op.drop_column('request_id')

    with op.batch_alter_table('timetable', schema=None) as batch_op:
        batch_op.drop_column('buffer_minutes')
        batch_op.drop_column('walking_minutes')
