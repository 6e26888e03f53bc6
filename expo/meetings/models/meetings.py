"""Tables of meetings, their participants, and the times proposed for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Meeting(Base):
    """A meeting of guests with hosts: an exhibitor's team, or another attendee."""

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        UniqueConstraint("edition_id", "request_key"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="times"),
        Index("ix_meeting_edition_id_state", "edition_id", "state", "starts_at"),
        Index("ix_meeting_exhibitor_id_state", "exhibitor_id", "state"),
        Index("ix_meeting_state_expires_at", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # Part of its address, hard to guess.
    code: Mapped[str] = mapped_column(String(12))
    # The company that is the host; None for a meeting of attendees, or if the company was deleted.
    exhibitor_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor.id", ondelete="SET NULL"))
    # Its name, kept if it is deleted.
    company_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    # See rules.MeetingState and rules.Side.
    state: Mapped[str] = mapped_column(String(16))
    initiator: Mapped[str] = mapped_column(String(8))
    # The side that has to answer; empty if none has.
    awaited: Mapped[str] = mapped_column(String(8), default="", server_default="")
    message: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Why it was declined or cancelled, as the other side reads it.
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    # See rules.PlaceKind.
    place: Mapped[str] = mapped_column(String(8), default="", server_default="")
    table_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_table.id"), index=True)
    # For virtual meetings.
    link: Mapped[str] = mapped_column(String(500), default="", server_default="")
    is_virtual: Mapped[bool] = mapped_column(default=False, server_default=false())
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    # From the form, so that sending it again finds this meeting.
    request_key: Mapped[str] = mapped_column(String(96))
    # Incremented by every change of the meeting, and by every change of its time or place.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class MeetingParticipant(Base):
    """Somebody who takes part in a meeting: an attendee, or a member of the company's team."""

    __tablename__ = "meeting_participant"
    __table_args__ = (
        UniqueConstraint("meeting_id", "attendee_id"),
        UniqueConstraint("meeting_id", "member_id"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    # See rules.Side and rules.ParticipantState.
    side: Mapped[str] = mapped_column(String(8))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor_member.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    # Whether they sent the request; limits count these.
    is_initiator: Mapped[bool] = mapped_column(default=False, server_default=false())
    checked_in_at: Mapped[datetime | None]
    rating: Mapped[int | None]
    # The time for which a reminder was written.
    reminded_of: Mapped[datetime | None]


class MeetingProposal(Base):
    """A time that the side that does not have to answer proposes."""

    __tablename__ = "meeting_proposal"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
