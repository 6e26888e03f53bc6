"""The table of an edition's meeting settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, true
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class MeetingSettings(Base):
    """When meetings can be requested and held in an edition, how long they are, and the limits on requests."""

    __tablename__ = "meeting_settings"
    __table_args__ = (
        CheckConstraint("slot_minutes BETWEEN 5 AND 240", name="slot_minutes"),
        CheckConstraint("opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at", name="request_phase"),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    # Whether anybody may request meetings at all, and from when until when.
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    slot_minutes: Mapped[int] = mapped_column(default=25, server_default="25")
    buffer_minutes: Mapped[int] = mapped_column(default=5, server_default="5")
    walking_minutes: Mapped[int] = mapped_column(default=10, server_default="10")
    # By day (ISO 8601): [first minute of the day, last minute], or [] for a day without meetings.
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    # Unanswered requests of one person at a time, requests per day, and open meetings with one exhibitor or person.
    max_open: Mapped[int] = mapped_column(default=10, server_default="10")
    max_per_day: Mapped[int] = mapped_column(default=20, server_default="20")
    max_with_one: Mapped[int] = mapped_column(default=2, server_default="2")
    # An unanswered request expires after this many hours.
    expire_hours: Mapped[int] = mapped_column(default=48, server_default="48")
    # A meeting to which nobody came is released after this many minutes; 0: never.
    no_show_minutes: Mapped[int] = mapped_column(default=15, server_default="15")
