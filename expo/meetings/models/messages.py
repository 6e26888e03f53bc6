"""The table of messages about meetings."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class MeetingMessage(Base):
    """A message from one side of a meeting to the other."""

    __tablename__ = "meeting_message"
    __table_args__ = (UniqueConstraint("meeting_id", "request_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    # See rules.Side.
    side: Mapped[str] = mapped_column(String(8))
    author_name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    request_key: Mapped[str] = mapped_column(String(96))
