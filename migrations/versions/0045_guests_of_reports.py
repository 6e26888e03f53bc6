"""Record which guest of a meeting a complaint concerns.

Complaints about meetings of one guest are given that guest; where there were several, it is not known.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_ONLY_GUEST = """
UPDATE meeting_report SET guest_id = (
    SELECT CASE WHEN count(*) = 1 THEN min(p.id) END FROM meeting_participant p
    WHERE p.meeting_id = meeting_report.meeting_id AND p.side = 'guest'
)
"""
_SECOND_REPORTS = """
DELETE FROM meeting_report WHERE id NOT IN (SELECT max(id) FROM meeting_report GROUP BY meeting_id, side)
"""


def upgrade() -> None:
    with op.batch_alter_table("meeting_report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("guest_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_meeting_report_guest_id"), ["guest_id"], unique=False)
        batch_op.drop_constraint(batch_op.f("uq_meeting_report_meeting_id_side"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_meeting_report_meeting_id_side_guest_id"), ["meeting_id", "side", "guest_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_meeting_report_guest_id_meeting_participant"), "meeting_participant", ["guest_id"], ["id"]
        )
    op.execute(_ONLY_GUEST)


def downgrade() -> None:
    op.execute(_SECOND_REPORTS)
    with op.batch_alter_table("meeting_report", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_meeting_report_guest_id_meeting_participant"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_meeting_report_meeting_id_side_guest_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_meeting_report_meeting_id_side"), ["meeting_id", "side"])
        batch_op.drop_index(batch_op.f("ix_meeting_report_guest_id"))
        batch_op.drop_column("guest_id")
