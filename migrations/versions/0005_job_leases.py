"""Add job leases and partial indexes of open jobs."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

PARTIAL = {
    'ix_job_queued': (['run_after', 'id'], "state = 'queued'"),
    'ix_job_running': (['lease_until'], "state = 'running'"),
    'ix_job_done_kind': (['kind', 'done_at'], "state = 'done'"),
    'ix_job_failed': (['kind'], "state = 'failed'"),
}


def upgrade() -> None:
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lease_id', sa.String(length=32), nullable=True))
        batch_op.drop_index('ix_job_state_run_after')
    for name, (columns, condition) in PARTIAL.items():
        op.create_index(
            name, 'job', columns, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition)
        )


def downgrade() -> None:
    for name in PARTIAL:
        op.drop_index(name, table_name='job')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_state_run_after', ['state', 'run_after'], unique=False)
        batch_op.drop_column('lease_id')
