"""The table of notes."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class LeadNote(Base):
    """A note about a lead; one that was written while scanning belongs to its scan."""

    __tablename__ = "lead_note"
    __table_args__ = (UniqueConstraint("lead_id", "scan_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    scan_id: Mapped[str | None] = mapped_column(String(36))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor_member.id"), index=True)
    # The name as it was then: members come and go.
    author: Mapped[str] = mapped_column(String(200), default="")
    # Empty if the note of a scan was cleared later.
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime]
