"""People inside with a badge, numbers of changes to attendees, and the curve of arrivals.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

# Groups that are inside count with all their members from now on.
_PEOPLE_INSIDE = """
UPDATE presence SET people = (
    SELECT ticket_type.party FROM attendee JOIN ticket_type ON ticket_type.id = attendee.ticket_type_id
    WHERE attendee.id = presence.attendee_id
) WHERE EXISTS (
    SELECT 1 FROM attendee JOIN ticket_type ON ticket_type.id = attendee.ticket_type_id
    WHERE attendee.id = presence.attendee_id AND ticket_type.party > 1
)
"""
_BADGES_INSIDE = """
UPDATE zone SET inside = (SELECT count(*) FROM presence WHERE presence.zone_id = zone.id AND presence.is_inside)
WHERE zone.capacity IS NOT NULL
"""
_COUNTERS = _BADGES_INSIDE.replace("count(*)", "coalesce(sum(presence.people), 0)")


def upgrade() -> None:
    op.add_column("presence", sa.Column("people", sa.Integer(), server_default="1", nullable=False))
    op.execute(_PEOPLE_INSIDE)
    op.execute(_COUNTERS)
    op.add_column("attendee", sa.Column("changed_in", sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_attendee_changed_in", "attendee", ["changed_in"])
    op.add_column("control_room", sa.Column("curve", sa.String(20), server_default="automatic", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("control_room") as batch:
        batch.drop_column("curve")
    op.drop_index("ix_attendee_changed_in", table_name="attendee")
    with op.batch_alter_table("attendee") as batch:
        batch.drop_column("changed_in")
    op.execute(_BADGES_INSIDE)
    with op.batch_alter_table("presence") as batch:
        batch.drop_column("people")
