"""The teams of exhibitors, and whether visitors see a company.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

import expo.infra.db

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=16), server_default="approved", nullable=False))
        batch_op.add_column(sa.Column("is_hidden", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "exhibitor_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("attendee_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", expo.infra.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendee.id"], name=op.f("fk_exhibitor_member_attendee_id_attendee")
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"], ["exhibitor.id"], name=op.f("fk_exhibitor_member_exhibitor_id_exhibitor")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exhibitor_member_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exhibitor_member")),
        sa.UniqueConstraint("exhibitor_id", "email", name=op.f("uq_exhibitor_member_exhibitor_id_email")),
    )
    with op.batch_alter_table("exhibitor_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_member_attendee_id"), ["attendee_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exhibitor_member_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("exhibitor_member")
    with op.batch_alter_table("exhibitor", schema=None) as batch_op:
        batch_op.drop_column("is_hidden")
        batch_op.drop_column("state")
