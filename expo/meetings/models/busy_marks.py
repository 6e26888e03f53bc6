"""The table of times that people keep free of meetings."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class BusyMark(Base):
    """A time at which an attendee does not want to meet anybody."""

    __tablename__ = "busy_mark"
    __table_args__ = (
        UniqueConstraint("attendee_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="times"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
