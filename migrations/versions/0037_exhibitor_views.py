"""Count the views of exhibitors' pages."""

import sqlalchemy as sa
from alembic import op

revision = '0037'
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exhibitor_view',
    sa.Column('exhibitor_id', sa.Integer(), nullable=False),
    sa.Column('hour_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.CheckConstraint('count > 0', name=op.f('ck_exhibitor_view_count')),
    sa.ForeignKeyConstraint(['exhibitor_id'], ['exhibitor.id'], name=op.f('fk_exhibitor_view_exhibitor_id_exhibitor'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('exhibitor_id', 'hour_at', name=op.f('pk_exhibitor_view'))
    )


def downgrade() -> None:
    op.drop_table('exhibitor_view')
