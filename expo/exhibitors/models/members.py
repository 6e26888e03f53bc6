"""The table of an exhibitor's team."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Member(Base):
    """A member of an exhibitor's team, or somebody invited to it."""

    __tablename__ = "exhibitor_member"
    __table_args__ = (UniqueConstraint("exhibitor_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"))
    email: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(200), default="")
    # See rules.MemberRole and rules.MemberState.
    role: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="invited")
    # Of the e-mail that invites somebody who has no account.
    language: Mapped[str] = mapped_column(String(8), default="en", server_default="en")
    # Set once the invitation is accepted.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # The registration that the member got from the company's passes. Former members whose badge stays valid keep it.
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id"), index=True)
    # The code of the ticket that the registration had before; empty if it was made for the pass.
    former_ticket: Mapped[str] = mapped_column(String(32), default="", server_default="")
    # When the member got a licence to scan badges, and when it was taken back.
    licensed_at: Mapped[datetime | None]
    unlicensed_at: Mapped[datetime | None]
    invited_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
