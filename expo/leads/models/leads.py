"""The table of leads."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Lead(Base):
    """A visitor at a company, once however often they come. Its contact details are read from the registration."""

    __tablename__ = "lead"
    __table_args__ = (
        UniqueConstraint("exhibitor_id", "attendee_id"),
        UniqueConstraint("exhibitor_id", "code"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        # The job that empties withdrawn leads looks only for these.
        Index(
            "ix_lead_withdrawn_at",
            "withdrawn_at",
            sqlite_where=text("withdrawn_at IS NOT NULL AND emptied_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NOT NULL AND emptied_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), index=True)
    # In addresses and webhooks, hard to guess.
    code: Mapped[str] = mapped_column(String(12))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    # Each value has the time at which somebody chose it: the latest choice wins, in whatever order choices arrive.
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None]
    # See rules.FollowUp.
    status: Mapped[str] = mapped_column(String(16), default="new")
    # By the key of the question.
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answer_times: Mapped[dict[str, str]] = mapped_column(default=dict)
    # Set while the visitor does not share their details with this company; see rules.WithdrawalReason.
    withdrawn_at: Mapped[datetime | None]
    withdrawal_reason: Mapped[str] = mapped_column(String(16), default="")
    # When a withdrawn lead lost its notes, rating and answers.
    emptied_at: Mapped[datetime | None]
    # A deleted lead keeps its scans, so that a queue which repeats them does not bring it back.
    deleted_at: Mapped[datetime | None]
    # Raised with every change, for forms that were opened before.
    version: Mapped[int] = mapped_column(default=1)
