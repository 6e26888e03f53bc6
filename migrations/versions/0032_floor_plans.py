"""Floor plans: where booths are and whether they are sold, and attendees' favourite exhibitors.

Booths at which somebody exhibits already are sold.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

import expo.infra.db

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "floor_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hall_id", sa.Integer(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("depth", sa.Double(), nullable=False),
        sa.Column("x", sa.Double(), nullable=False),
        sa.Column("y", sa.Double(), nullable=False),
        sa.Column("structures", sa.JSON(), nullable=False),
        sa.Column("background_file_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["background_file_id"], ["stored_file.id"], name=op.f("fk_floor_plan_background_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["hall_id"], ["hall.id"], name=op.f("fk_floor_plan_hall_id_hall"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_floor_plan")),
        sa.UniqueConstraint("hall_id", name=op.f("uq_floor_plan_hall_id")),
    )
    with op.batch_alter_table("floor_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_floor_plan_background_file_id"), ["background_file_id"], unique=False)
    op.create_table(
        "exhibitor_favourite",
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("exhibitor_id", sa.Integer(), nullable=False),
        sa.Column("added_at", expo.infra.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attendee_id"],
            ["attendee.id"],
            name=op.f("fk_exhibitor_favourite_attendee_id_attendee"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["exhibitor_id"],
            ["exhibitor.id"],
            name=op.f("fk_exhibitor_favourite_exhibitor_id_exhibitor"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("attendee_id", "exhibitor_id", name=op.f("pk_exhibitor_favourite")),
    )
    with op.batch_alter_table("exhibitor_favourite", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exhibitor_favourite_exhibitor_id"), ["exhibitor_id"], unique=False)
    with op.batch_alter_table("booth", schema=None) as batch_op:
        for name in ("x", "y", "width", "depth"):
            batch_op.add_column(sa.Column(name, sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("rotation", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("polygon", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("state", sa.String(length=8), server_default="free", nullable=False))
        batch_op.add_column(sa.Column("held_until", expo.infra.db.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("holder_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("price", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_check_constraint(op.f("ck_booth_state"), "state IN ('free', 'held', 'sold')")
        batch_op.create_foreign_key(
            op.f("fk_booth_holder_id_exhibitor"), "exhibitor", ["holder_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_booth_holder_id"), ["holder_id"], unique=False)
    op.execute(
        "UPDATE booth SET state = 'sold', holder_id = (SELECT exhibitor_id FROM exhibitor_booth "
        "WHERE exhibitor_booth.booth_id = booth.id ORDER BY exhibitor_id LIMIT 1) "
        "WHERE id IN (SELECT booth_id FROM exhibitor_booth)"
    )


def downgrade() -> None:
    with op.batch_alter_table("booth", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booth_holder_id"))
        batch_op.drop_constraint(op.f("fk_booth_holder_id_exhibitor"), type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_booth_state"), type_="check")
        for name in (
            "version", "price", "holder_id", "held_until", "state", "polygon", "rotation", "depth", "width", "y", "x",
        ):  # fmt: skip
            batch_op.drop_column(name)
    op.drop_table("exhibitor_favourite")
    op.drop_table("floor_plan")
