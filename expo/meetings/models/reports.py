"""The table of complaints about meetings."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class MeetingReport(Base):
    """A complaint of a guest about the host, or of the host about a guest, for organizers."""

    __tablename__ = "meeting_report"
    __table_args__ = (UniqueConstraint("meeting_id", "side", "guest_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    # See rules.Side.
    side: Mapped[str] = mapped_column(String(8))
    # The guest who complains, or whom the host complains about; None if it was not noted which of several.
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_participant.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
