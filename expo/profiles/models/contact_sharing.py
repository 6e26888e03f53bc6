"""The table of what attendees share with exhibitors who scan their badges."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class ContactSharing(Base):
    """An attendee's choice of contact details; without a row the defaults of the rules apply."""

    __tablename__ = "contact_sharing"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    # See rules.SharedField.
    fields: Mapped[list[str]] = mapped_column(default=list)
    # In E.164 form. Registration does not ask for a number; attendees who want to share one enter it here.
    phone: Mapped[str] = mapped_column(String(20), default="")
    changed_at: Mapped[datetime]
