"""The table of people and companies who do not want to hear from each other."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class MeetingBlock(Base):
    """An attendee, or the company, that blocked another attendee or company. One of each pair is set."""

    __tablename__ = "meeting_block"
    __table_args__ = (
        CheckConstraint("(attendee_id IS NULL) <> (exhibitor_id IS NULL)", name="blocker"),
        CheckConstraint("(blocked_attendee_id IS NULL) <> (blocked_exhibitor_id IS NULL)", name="blocked"),
        Index("ix_meeting_block_attendee_id", "attendee_id"),
        Index("ix_meeting_block_exhibitor_id", "exhibitor_id"),
        Index("ix_meeting_block_blocked_attendee_id", "blocked_attendee_id"),
        Index("ix_meeting_block_blocked_exhibitor_id", "blocked_exhibitor_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id"))
    exhibitor_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor.id", ondelete="CASCADE"))
    blocked_attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id"))
    blocked_exhibitor_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
