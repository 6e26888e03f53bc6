"""Add files of exhibitors' applications."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('exhibitor_application_file',
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('exhibitor_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['exhibitor_id'], ['exhibitor.id'], name=op.f('fk_exhibitor_application_file_exhibitor_id_exhibitor')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_exhibitor_application_file_file_id_stored_file')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_exhibitor_application_file_person_id_person')),
    sa.PrimaryKeyConstraint('file_id', name=op.f('pk_exhibitor_application_file'))
    )
    with op.batch_alter_table('exhibitor_application_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exhibitor_application_file_exhibitor_id'), ['exhibitor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_exhibitor_application_file_person_id'), ['person_id'], unique=False)


def downgrade() -> None:
    op.drop_table('exhibitor_application_file')
