"""Add-ons of tickets, their quotas and their order lines.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "add_on",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("sale_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sale_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_per_attendee", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_add_on_price")),
        sa.CheckConstraint("max_per_attendee BETWEEN 1 AND 20", name=op.f("ck_add_on_max_per_attendee")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_add_on_edition_id_edition")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_add_on")),
        sa.UniqueConstraint("edition_id", "code", name=op.f("uq_add_on_edition_id_code")),
    )
    op.create_table(
        "add_on_ticket_type",
        sa.Column("add_on_id", sa.Integer(), nullable=False),
        sa.Column("ticket_type_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["add_on_id"], ["add_on.id"], name=op.f("fk_add_on_ticket_type_add_on_id_add_on")),
        sa.ForeignKeyConstraint(
            ["ticket_type_id"], ["ticket_type.id"], name=op.f("fk_add_on_ticket_type_ticket_type_id_ticket_type")
        ),
        sa.PrimaryKeyConstraint("add_on_id", "ticket_type_id", name=op.f("pk_add_on_ticket_type")),
    )
    op.create_index(op.f("ix_add_on_ticket_type_ticket_type_id"), "add_on_ticket_type", ["ticket_type_id"])
    op.create_table(
        "quota_add_on",
        sa.Column("quota_id", sa.Integer(), nullable=False),
        sa.Column("add_on_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["add_on_id"], ["add_on.id"], name=op.f("fk_quota_add_on_add_on_id_add_on")),
        sa.ForeignKeyConstraint(["quota_id"], ["quota.id"], name=op.f("fk_quota_add_on_quota_id_quota")),
        sa.PrimaryKeyConstraint("quota_id", "add_on_id", name=op.f("pk_quota_add_on")),
    )
    op.create_index(op.f("ix_quota_add_on_add_on_id"), "quota_add_on", ["add_on_id"])
    op.drop_index("uq_order_line_attendee_id", "order_line")
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("add_on_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("quantity", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_order_line_add_on_id_add_on"), "add_on", ["add_on_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_order_line_add_on_id"), ["add_on_id"], unique=False)
        batch_op.create_check_constraint(batch_op.f("ck_order_line_quantity"), "quantity >= 1")
    _create_unique_index("uq_order_line_attendee_id", ["attendee_id"], "cancelled_at IS NULL AND add_on_id IS NULL")
    _create_unique_index(
        "uq_order_line_attendee_id_add_on_id",
        ["attendee_id", "add_on_id"],
        "cancelled_at IS NULL AND add_on_id IS NOT NULL",
    )


def downgrade() -> None:
    """Remove add-ons. Orders cost what their tickets cost; what was paid stays as it is."""
    op.drop_index("uq_order_line_attendee_id_add_on_id", "order_line")
    op.drop_index("uq_order_line_attendee_id", "order_line")
    op.execute("DELETE FROM order_line WHERE add_on_id IS NOT NULL")
    op.execute(
        """
        UPDATE "order" SET total_cents = (
            SELECT coalesce(sum(order_line.total_cents), 0) FROM order_line
            WHERE order_line.order_id = "order".id AND order_line.cancelled_at IS NULL
        )
        """
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_order_line_quantity"), type_="check")
        batch_op.drop_index(batch_op.f("ix_order_line_add_on_id"))
        batch_op.drop_constraint(batch_op.f("fk_order_line_add_on_id_add_on"), type_="foreignkey")
        batch_op.drop_column("quantity")
        batch_op.drop_column("add_on_id")
    _create_unique_index("uq_order_line_attendee_id", ["attendee_id"], "cancelled_at IS NULL")
    op.drop_index(op.f("ix_quota_add_on_add_on_id"), "quota_add_on")
    op.drop_table("quota_add_on")
    op.drop_index(op.f("ix_add_on_ticket_type_ticket_type_id"), "add_on_ticket_type")
    op.drop_table("add_on_ticket_type")
    op.drop_table("add_on")


def _create_unique_index(name: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, "order_line", columns, unique=True, postgresql_where=sa.text(where), sqlite_where=sa.text(where)
    )
