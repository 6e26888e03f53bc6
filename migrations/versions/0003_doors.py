"""Add the day zero of badges, their valid days, and presence by scan time."""

import base64
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = '0002'
branch_labels = None
depends_on = None

BATCH = 2000
# The days are bytes 10 and 11 of a token, within its first 24 letters.
FIRST_LETTERS = 24


def upgrade() -> None:
    with op.batch_alter_table("edition") as batch:
        batch.add_column(sa.Column("day_zero", sa.Date(), nullable=True))
    op.execute("UPDATE edition SET day_zero = starts_on")
    with op.batch_alter_table("edition") as batch:
        batch.alter_column("day_zero", existing_type=sa.Date(), nullable=False)

    with op.batch_alter_table("badge") as batch:
        batch.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch.add_column(sa.Column("valid_days", sa.Integer(), nullable=True))
    _write_badge_days()
    with op.batch_alter_table("badge") as batch:
        batch.alter_column("valid_from", existing_type=sa.Date(), nullable=False)
        batch.alter_column("valid_days", existing_type=sa.Integer(), nullable=False)
        batch.create_check_constraint("valid_days", "valid_days BETWEEN 1 AND 255")

    with op.batch_alter_table("presence") as batch:
        batch.add_column(sa.Column("as_of", sa.DateTime(timezone=True), nullable=True))
        batch.alter_column("entered_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch.alter_column("first_scan_id", existing_type=sa.String(36), nullable=True)
    op.execute("UPDATE presence SET as_of = COALESCE(left_at, entered_at)")
    with op.batch_alter_table("presence") as batch:
        batch.alter_column("as_of", existing_type=sa.DateTime(timezone=True), nullable=False)


def downgrade() -> None:
    op.execute("DELETE FROM presence WHERE entered_at IS NULL")
    with op.batch_alter_table("presence") as batch:
        batch.alter_column("first_scan_id", existing_type=sa.String(36), nullable=False)
        batch.alter_column("entered_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.drop_column("as_of")
    with op.batch_alter_table("badge") as batch:
        batch.drop_constraint(op.f("ck_badge_valid_days"), type_="check")
        batch.drop_column("valid_days")
        batch.drop_column("valid_from")
    with op.batch_alter_table("edition") as batch:
        batch.drop_column("day_zero")


def _write_badge_days() -> None:
    """Store the days encoded in each badge's token, counted from the current first day."""
    connection = op.get_bind()
    badge = sa.table(
        "badge",
        sa.column("id", sa.Integer),
        sa.column("edition_id", sa.Integer),
        sa.column("token", sa.String),
        sa.column("valid_from", sa.Date),
        sa.column("valid_days", sa.Integer),
    )
    edition = sa.table("edition", sa.column("id", sa.Integer), sa.column("starts_on", sa.Date))
    starts: dict[int, date] = {row.id: row.starts_on for row in connection.execute(sa.select(edition))}
    write = (
        sa.update(badge)
        .where(badge.c.id == sa.bindparam("badge_id"))
        .values(valid_from=sa.bindparam("first"), valid_days=sa.bindparam("days"))
    )
    after = 0
    while rows := connection.execute(
        sa.select(badge.c.id, badge.c.edition_id, badge.c.token)
        .where(badge.c.id > after)
        .order_by(badge.c.id)
        .limit(BATCH)
    ).all():
        values = []
        for row in rows:
            first, days = base64.b32decode(row.token[:FIRST_LETTERS])[10:12]
            values.append({"badge_id": row.id, "first": starts[row.edition_id] + timedelta(days=first), "days": days})
        connection.execute(write, values)
        after = rows[-1].id
