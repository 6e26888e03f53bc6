"""The table of visits."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class LeadScan(Base):
    """One visit: a badge scanned by a member of the team."""

    __tablename__ = "lead_scan"
    __table_args__ = (UniqueConstraint("exhibitor_id", "scan_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    # Made by the device, so that repeating a scan changes nothing.
    scan_id: Mapped[str] = mapped_column(String(36))
    # None for an organizer who helps out.
    member_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor_member.id"), index=True)
    # By the device's clock, corrected by its error; and by the server's.
    scanned_at: Mapped[datetime]
    received_at: Mapped[datetime]
