"""Record who was notified of a version of the timetable.

Revision ID: 0020
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "version_notice",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_version_notice_person_id_person")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["program_version.id"], name=op.f("fk_version_notice_version_id_program_version")
        ),
        sa.PrimaryKeyConstraint("version_id", "person_id", name=op.f("pk_version_notice")),
    )
    with op.batch_alter_table("version_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_version_notice_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("version_notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_version_notice_person_id"))

    op.drop_table("version_notice")
