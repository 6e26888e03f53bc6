"""The table of what holds the time of people and tables."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class MeetingHold(Base):
    """Five minutes of a person or table taken by a meeting: the primary key lets nobody be booked twice."""

    __tablename__ = "meeting_hold"
    __table_args__ = (Index("ix_meeting_hold_kind_slot_at", "kind", "slot_at", "resource_id"),)

    # See rules.HoldKind.
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    resource_id: Mapped[int] = mapped_column(primary_key=True)
    slot_at: Mapped[datetime] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
