"""Files of proposals, and deadlines for accepted speakers.

Revision ID: 0016
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('proposal_file',
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_proposal_file_file_id_stored_file')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_file_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['person.id'], name=op.f('fk_proposal_file_uploaded_by_person')),
    sa.PrimaryKeyConstraint('file_id', name=op.f('pk_proposal_file'))
    )
    with op.batch_alter_table('proposal_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_file_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposal_file_uploaded_by'), ['uploaded_by'], unique=False)

    with op.batch_alter_table('call_for_proposals', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confirm_by', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('photo_by', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('slides_by', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('proposal_speaker', schema=None) as batch_op:
        batch_op.add_column(sa.Column('search_text', sa.Text(), server_default='', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('proposal_speaker', schema=None) as batch_op:
        batch_op.drop_column('search_text')

    with op.batch_alter_table('call_for_proposals', schema=None) as batch_op:
        batch_op.drop_column('slides_by')
        batch_op.drop_column('photo_by')
        batch_op.drop_column('confirm_by')

    op.drop_table('proposal_file')
