"""The table of attendees' favourite exhibitors."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class ExhibitorFavourite(Base):
    """A company that an attendee marked as a favourite."""

    __tablename__ = "exhibitor_favourite"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"), primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(
        ForeignKey("exhibitor.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_at: Mapped[datetime]
