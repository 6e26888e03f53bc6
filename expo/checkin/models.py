"""Tables of check-in: checkpoints, who is inside, and every scan."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Checkpoint(Base):
    """A door at which badges are scanned."""

    __tablename__ = "checkpoint"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        CheckConstraint("capacity IS NULL OR inside <= capacity", name="capacity"),
        CheckConstraint("inside >= 0", name="inside"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[dict[str, str]]
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("hall.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"), index=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    # Where not set, every ticket type passes; else those in checkpoint_ticket_type.
    is_restricted: Mapped[bool] = mapped_column(default=False)
    # How many may be inside at once; `inside` is counted only where there is such a limit.
    capacity: Mapped[int | None]
    inside: Mapped[int] = mapped_column(default=0)
    # Admits only between these moments; None is without limit.
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)


class CheckpointTicketType(Base):
    """A ticket type that passes a restricted checkpoint."""

    __tablename__ = "checkpoint_ticket_type"

    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), primary_key=True)
    ticket_type_id: Mapped[int] = mapped_column(ForeignKey("ticket_type.id"), primary_key=True, index=True)


class Presence(Base):
    """Where an attendee has been admitted, and whether they are inside now: the row that admits once.

    It is what the scans come to by the time they were made, and can be recomputed from them. Someone who was only
    scanned out has a row without entries: the scan of their entry may still be on its way.
    """

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_attendee_id", "attendee_id"),)

    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoint.id"), primary_key=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    is_inside: Mapped[bool]
    entries: Mapped[int]
    first_scan_id: Mapped[str | None] = mapped_column(String(36))
    # The admission that stands now: what a refusal shows as time and place of the first.
    entered_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    # No scan that let them in or out was made later than this; one made earlier is fitted in by the log.
    as_of: Mapped[datetime]


class Scan(Base):
    """One scan, whatever its verdict."""

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("edition_id", "scan_id"),
        Index("ix_scan_checkpoint_id_scanned_at", "checkpoint_id", "scanned_at"),
        Index("ix_scan_attendee_id", "attendee_id"),
        Index("ix_scan_edition_id_received_at", "edition_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # Made by the device: the same scan sent again is the same row.
    scan_id: Mapped[str] = mapped_column(String(36))
    checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoint.id"))
    attendee_id: Mapped[int | None] = mapped_column(ForeignKey("attendee.id"))
    badge_id: Mapped[int | None] = mapped_column(ForeignKey("badge.id"))
    direction: Mapped[str] = mapped_column(String(8))
    verdict: Mapped[str] = mapped_column(String(16))
    # Why it was refused; of a forced admission, what was passed over.
    reason: Mapped[str | None] = mapped_column(String(24))
    forced: Mapped[bool] = mapped_column(default=False)
    # Why it was forced, where the device asked: a choice, and what was written besides.
    force_reason: Mapped[str | None] = mapped_column(String(24))
    force_note: Mapped[str | None] = mapped_column(String(200))
    # What the answer said besides, so that the same scan gets the same answer again.
    attendee_state: Mapped[str | None] = mapped_column(String(20))
    first_entered_at: Mapped[datetime | None]
    # By the clock of the device, and when it reached us.
    scanned_at: Mapped[datetime]
    received_at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None]
