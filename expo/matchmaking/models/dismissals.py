"""Tables of recommendations that somebody is not interested in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Dismissal(Base):
    """A company, person or session that an attendee is not interested in."""

    __tablename__ = "dismissal"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    # See rules.TargetKind.
    target_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    # No foreign key, because there are three kinds; a row about something deleted means nothing.
    target_id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class CompanyDismissal(Base):
    """A suggested visitor that a company is not interested in."""

    __tablename__ = "company_dismissal"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True, index=True)
    at: Mapped[datetime]
