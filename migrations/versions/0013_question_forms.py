"""Forms, their fields, and sheets of answers.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('question_form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=16), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_question_form_edition_id_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_form'))
    )
    with op.batch_alter_table('question_form', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_question_form_edition_id'), ['edition_id'], unique=False)

    op.create_table('answer_sheet',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['form_id'], ['question_form.id'], name=op.f('fk_answer_sheet_form_id_question_form')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_sheet'))
    )
    with op.batch_alter_table('answer_sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_sheet_form_id'), ['form_id'], unique=False)

    op.create_table('question_field',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('label', sa.JSON(), nullable=False),
    sa.Column('help_text', sa.JSON(), nullable=False),
    sa.Column('is_required', sa.Boolean(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('limits', sa.JSON(), nullable=False),
    sa.Column('conditions', sa.JSON(), nullable=False),
    sa.Column('needs_all', sa.Boolean(), nullable=False),
    sa.Column('is_identifying', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['form_id'], ['question_form.id'], name=op.f('fk_question_field_form_id_question_form')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_field'))
    )
    with op.batch_alter_table('question_field', schema=None) as batch_op:
        batch_op.create_index('uq_question_field_form_id_key', ['form_id', 'key'], unique=True, sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))


def downgrade() -> None:
    with op.batch_alter_table('question_field', schema=None) as batch_op:
        batch_op.drop_index('uq_question_field_form_id_key', sqlite_where=sa.text('removed_at IS NULL'), postgresql_where=sa.text('removed_at IS NULL'))

    op.drop_table('question_field')
    with op.batch_alter_table('answer_sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_sheet_form_id'))

    op.drop_table('answer_sheet')
    with op.batch_alter_table('question_form', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_question_form_edition_id'))

    op.drop_table('question_form')
