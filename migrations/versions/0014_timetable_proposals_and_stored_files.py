"""Draft timetable and its versions, session types, calls for proposals, and stored files.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('program_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=100), nullable=False),
    sa.Column('placements', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_program_version_edition_id_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_program_version')),
    sa.UniqueConstraint('edition_id', 'number', name=op.f('uq_program_version_edition_id_number'))
    )
    op.create_table('session_type',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=100), nullable=False),
    sa.Column('name', sa.JSON(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('is_break', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_session_type_edition_id_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_type')),
    sa.UniqueConstraint('edition_id', 'code', name=op.f('uq_session_type_edition_id_code'))
    )
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_stored_file_edition_id_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('key', name=op.f('uq_stored_file_key'))
    )
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stored_file_edition_id'), ['edition_id'], unique=False)

    op.create_table('timetable',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('preview_key', sa.String(length=64), nullable=True),
    sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('publish_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_timetable_edition_id_edition')),
    sa.PrimaryKeyConstraint('edition_id', name=op.f('pk_timetable'))
    )
    op.create_table('call_for_proposals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('introduction', sa.JSON(), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('kinds', sa.JSON(), nullable=False),
    sa.Column('tracks', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('max_per_person', sa.Integer(), nullable=True),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at', name=op.f('ck_call_for_proposals_times')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_call_for_proposals_edition_id_edition')),
    sa.ForeignKeyConstraint(['form_id'], ['question_form.id'], name=op.f('fk_call_for_proposals_form_id_question_form')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_for_proposals')),
    sa.UniqueConstraint('edition_id', 'slug', name=op.f('uq_call_for_proposals_edition_id_slug'))
    )
    with op.batch_alter_table('call_for_proposals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_for_proposals_form_id'), ['form_id'], unique=False)

    op.create_table('speaker_profile',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('biography', sa.JSON(), nullable=False),
    sa.Column('photo_id', sa.Integer(), nullable=True),
    sa.Column('links', sa.JSON(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('company', sa.String(length=200), nullable=False),
    sa.Column('unavailable', sa.JSON(), nullable=False),
    sa.Column('accessibility_needs', sa.Text(), nullable=False),
    sa.Column('travel_needs', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_speaker_profile_person_id_person')),
    sa.ForeignKeyConstraint(['photo_id'], ['stored_file.id'], name=op.f('fk_speaker_profile_photo_id_stored_file')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_speaker_profile'))
    )
    with op.batch_alter_table('speaker_profile', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_speaker_profile_photo_id'), ['photo_id'], unique=False)

    op.create_table('proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON(), nullable=False),
    sa.Column('abstract', sa.JSON(), nullable=False),
    sa.Column('description', sa.JSON(), nullable=False),
    sa.Column('kind', sa.String(length=100), nullable=False),
    sa.Column('track', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=64), nullable=False),
    sa.Column('level', sa.String(length=64), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=True),
    sa.Column('editable_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call_for_proposals.id'], name=op.f('fk_proposal_call_id_call_for_proposals')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_proposal_edition_id_edition')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_proposal_person_id_person')),
    sa.ForeignKeyConstraint(['sheet_id'], ['answer_sheet.id'], name=op.f('fk_proposal_sheet_id_answer_sheet')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal')),
    sa.UniqueConstraint('code', name=op.f('uq_proposal_code'))
    )
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_call_id'), ['call_id'], unique=False)
        batch_op.create_index('ix_proposal_edition_id_state', ['edition_id', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposal_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposal_sheet_id'), ['sheet_id'], unique=False)

    op.create_table('proposal_speaker',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_proposal_speaker_person_id_person')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_speaker_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_speaker')),
    sa.UniqueConstraint('proposal_id', 'email', name=op.f('uq_proposal_speaker_proposal_id_email'))
    )
    with op.batch_alter_table('proposal_speaker', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_speaker_person_id'), ['person_id'], unique=False)

    op.create_table('placement',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('room_id', sa.Integer(), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('ends_at >= starts_at', name=op.f('ck_placement_times')),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_placement_edition_id_edition')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_placement_room_id_room')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_placement_session_id_session')),
    sa.PrimaryKeyConstraint('session_id', name=op.f('pk_placement'))
    )
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.create_index('ix_placement_edition_id_starts_at', ['edition_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_room_id'), ['room_id'], unique=False)

    op.create_table('timetable_change',
    sa.Column('edition_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.Column('changed_by', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['edition.id'], name=op.f('fk_timetable_change_edition_id_edition')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_timetable_change_session_id_session')),
    sa.PrimaryKeyConstraint('edition_id', 'revision', name=op.f('pk_timetable_change'))
    )
    with op.batch_alter_table('timetable_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_timetable_change_session_id'), ['session_id'], unique=False)

    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.add_column(sa.Column('equipment', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('unavailable', sa.JSON(), server_default='[]', nullable=False))

    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('state', sa.String(length=16), server_default='published', nullable=False))
        batch_op.add_column(sa.Column('proposal_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('interpretation', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('tags', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('seat_limit', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('expected_audience', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('needs', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('takes_all_rooms', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('stream_url', sa.String(length=500), server_default='', nullable=False))
        batch_op.add_column(sa.Column('recording_url', sa.String(length=500), server_default='', nullable=False))
        batch_op.add_column(sa.Column('notes', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('moved_from', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_session_proposal_id'), ['proposal_id'])
        batch_op.create_foreign_key(batch_op.f('fk_session_proposal_id_proposal'), 'proposal', ['proposal_id'], ['id'])

    with op.batch_alter_table('session_speaker', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sa.String(length=16), server_default='speaker', nullable=False))

    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.add_column(sa.Column('person_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('photo_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('links', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('unavailable', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('is_public', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.create_index(batch_op.f('ix_speaker_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_speaker_photo_id'), ['photo_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_speaker_photo_id_stored_file'), 'stored_file', ['photo_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_speaker_person_id_person'), 'person', ['person_id'], ['id'])

    # What is published so far is also the draft.
    op.execute(
        "INSERT INTO placement (session_id, edition_id, room_id, starts_at, ends_at) "
        "SELECT id, edition_id, room_id, starts_at, ends_at FROM session "
        "WHERE starts_at IS NOT NULL AND ends_at IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table('speaker', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_speaker_person_id_person'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_speaker_photo_id_stored_file'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_speaker_photo_id'))
        batch_op.drop_index(batch_op.f('ix_speaker_person_id'))
        batch_op.drop_column('is_public')
        batch_op.drop_column('unavailable')
        batch_op.drop_column('links')
        batch_op.drop_column('photo_id')
        batch_op.drop_column('person_id')

    with op.batch_alter_table('session_speaker', schema=None) as batch_op:
        batch_op.drop_column('role')

    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_session_proposal_id_proposal'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_session_proposal_id'), type_='unique')
        batch_op.drop_column('changed_at')
        batch_op.drop_column('moved_from')
        batch_op.drop_column('version')
        batch_op.drop_column('notes')
        batch_op.drop_column('recording_url')
        batch_op.drop_column('stream_url')
        batch_op.drop_column('takes_all_rooms')
        batch_op.drop_column('needs')
        batch_op.drop_column('expected_audience')
        batch_op.drop_column('seat_limit')
        batch_op.drop_column('tags')
        batch_op.drop_column('interpretation')
        batch_op.drop_column('proposal_id')
        batch_op.drop_column('state')

    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_column('unavailable')
        batch_op.drop_column('equipment')

    with op.batch_alter_table('timetable_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_timetable_change_session_id'))

    op.drop_table('timetable_change')
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_room_id'))
        batch_op.drop_index('ix_placement_edition_id_starts_at')

    op.drop_table('placement')
    with op.batch_alter_table('proposal_speaker', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_speaker_person_id'))

    op.drop_table('proposal_speaker')
    with op.batch_alter_table('proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_sheet_id'))
        batch_op.drop_index(batch_op.f('ix_proposal_person_id'))
        batch_op.drop_index('ix_proposal_edition_id_state')
        batch_op.drop_index(batch_op.f('ix_proposal_call_id'))

    op.drop_table('proposal')
    with op.batch_alter_table('speaker_profile', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_speaker_profile_photo_id'))

    op.drop_table('speaker_profile')
    with op.batch_alter_table('call_for_proposals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_for_proposals_form_id'))

    op.drop_table('call_for_proposals')
    op.drop_table('timetable')
    with op.batch_alter_table('stored_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stored_file_edition_id'))

    op.drop_table('stored_file')
    op.drop_table('session_type')
    op.drop_table('program_version')
