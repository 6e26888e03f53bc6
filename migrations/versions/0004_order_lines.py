"""Add order lines, registration digests, identity keys, and search texts with joined names."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from expo.pure.names import identity_key, joined_words

revision = "0004"
down_revision = '0003'
branch_labels = None
depends_on = None

CHUNK = 1000
HOLDING = ("unconfirmed", "awaiting_approval", "confirmed")


def upgrade() -> None:
    """Add the new tables and columns, and fill them for existing rows."""
    op.create_table(
        "order_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("ticket_type_id", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.Integer(), nullable=False),
        sa.Column("discount_cents", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tax_rate", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tax_cents", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total_cents", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "price_cents >= 0 AND discount_cents BETWEEN 0 AND price_cents", name=op.f("ck_order_line_price")
        ),
        sa.CheckConstraint("total_cents = price_cents - discount_cents", name=op.f("ck_order_line_total")),
        sa.CheckConstraint("tax_cents BETWEEN 0 AND total_cents", name=op.f("ck_order_line_tax")),
        sa.CheckConstraint("tax_rate BETWEEN 0 AND 10000", name=op.f("ck_order_line_tax_rate")),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_order_line_attendee_id_attendee")),
        sa.ForeignKeyConstraint(["order_id"], ["order.id"], name=op.f("fk_order_line_order_id_order")),
        sa.ForeignKeyConstraint(
            ["ticket_type_id"], ["ticket_type.id"], name=op.f("fk_order_line_ticket_type_id_ticket_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
    )
    op.create_index(op.f("ix_order_line_order_id"), "order_line", ["order_id"])
    op.create_index(op.f("ix_order_line_ticket_type_id"), "order_line", ["ticket_type_id"])
    op.create_index(
        "uq_order_line_attendee_id",
        "order_line",
        ["attendee_id"],
        unique=True,
        postgresql_where=sa.text("cancelled_at IS NULL"),
        sqlite_where=sa.text("cancelled_at IS NULL"),
    )
    with op.batch_alter_table("order") as batch:
        batch.add_column(sa.Column("paid_cents", sa.Integer(), server_default="0", nullable=False))
        batch.add_column(sa.Column("request_digest", sa.String(64), server_default="", nullable=False))
        batch.drop_constraint("uq_order_edition_id_client_key", type_="unique")
        batch.create_unique_constraint(
            "uq_order_edition_id_client_key", ["edition_id", "client_key", "request_digest"]
        )
    with op.batch_alter_table("attendee") as batch:
        batch.add_column(sa.Column("identity_key", sa.String(32), server_default="", nullable=False))
        batch.create_index("ix_attendee_edition_id_email", ["edition_id", "email"])
        batch.create_index("ix_attendee_edition_id_identity_key", ["edition_id", "identity_key"])
    _fill_lines()
    _fill_names()


def downgrade() -> None:
    """Remove them. The search texts retain their additional words, which do no harm."""
    with op.batch_alter_table("attendee") as batch:
        batch.drop_index("ix_attendee_edition_id_identity_key")
        batch.drop_index("ix_attendee_edition_id_email")
        batch.drop_column("identity_key")
    # One form may have placed several orders by now, but previously a key was unique.
    op.execute(
        """
        UPDATE "order" SET client_key = NULL
        WHERE id NOT IN (SELECT MIN(id) FROM "order" GROUP BY edition_id, client_key)
        """
    )
    with op.batch_alter_table("order") as batch:
        batch.drop_constraint("uq_order_edition_id_client_key", type_="unique")
        batch.create_unique_constraint("uq_order_edition_id_client_key", ["edition_id", "client_key"])
        batch.drop_column("request_digest")
        batch.drop_column("paid_cents")
    op.drop_table("order_line")


def _fill_lines() -> None:
    """Distribute each order's total among its attendees by ticket price, then cancel the lines of ended registrations."""
    connection = op.get_bind()
    connection.execute(sa.text('UPDATE "order" SET paid_cents = total_cents WHERE paid_at IS NOT NULL'))
    rows = connection.execute(
        sa.text(
            """
            SELECT o.id AS order_id, o.total_cents, a.id AS attendee_id, a.ticket_type_id, a.state, a.updated_at,
                t.price_cents
            FROM "order" o JOIN attendee a ON a.order_id = o.id JOIN ticket_type t ON t.id = a.ticket_type_id
            ORDER BY o.id, a.position, a.id
            """
        ).columns(updated_at=sa.DateTime(timezone=True))
    ).all()
    by_order: dict[int, list[Any]] = {}
    for row in rows:
        by_order.setdefault(row.order_id, []).append(row)
    lines, totals = [], []
    for order_id, of_order in by_order.items():
        prices = _share(of_order[0].total_cents, [row.price_cents for row in of_order])
        for row, price in zip(of_order, prices, strict=True):
            lines.append(
                {
                    "order_id": order_id,
                    "attendee_id": row.attendee_id,
                    "ticket_type_id": row.ticket_type_id,
                    "price_cents": price,
                    "total_cents": price,
                    "cancelled_at": None if row.state in HOLDING else row.updated_at,
                }
            )
        total = sum(price for row, price in zip(of_order, prices, strict=True) if row.state in HOLDING)
        if total != of_order[0].total_cents:
            totals.append({"order_id": order_id, "total": total})
    table = sa.table(
        "order_line",
        *(
            sa.column(name, sa.Integer())
            for name in ("order_id", "attendee_id", "ticket_type_id", "price_cents", "total_cents")
        ),
        sa.column("cancelled_at", sa.DateTime(timezone=True)),
    )
    for start in range(0, len(lines), CHUNK):
        connection.execute(sa.insert(table), lines[start : start + CHUNK])
    if totals:
        connection.execute(sa.text('UPDATE "order" SET total_cents = :total WHERE id = :order_id'), totals)


def _share(total: int, prices: list[int]) -> list[int]:
    """Return the prices if they add up to the total; otherwise distribute the total in proportion, to the cent."""
    if sum(prices) == total:
        return prices
    weights = prices if sum(prices) else [1] * len(prices)
    shares = [total * weight // sum(weights) for weight in weights]
    shares[0] += total - sum(shares)
    return shares


def _fill_names() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, name, latin_name, company, search_text FROM attendee")).all()
    values = [
        {
            "id": row.id,
            "key": identity_key(row.name, row.company),
            "found": row.search_text + joined_words(row.name, row.latin_name, row.company),
        }
        for row in rows
    ]
    for start in range(0, len(values), CHUNK):
        connection.execute(
            sa.text("UPDATE attendee SET identity_key = :key, search_text = :found WHERE id = :id"),
            values[start : start + CHUNK],
        )
