"""Tables for signing keys, badges, print jobs and the settings of desk and kiosk."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class SigningKey(Base):
    """An Ed25519 key pair of one edition; the private key is encrypted with the installation's secret key."""

    __tablename__ = "signing_key"
    __table_args__ = (
        UniqueConstraint("edition_id", "key_id"),
        CheckConstraint("key_id BETWEEN 0 AND 255", name="key_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # Used as one byte of every badge token.
    key_id: Mapped[int]
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    encrypted_private_key: Mapped[bytes] = mapped_column(LargeBinary(128))
    created_at: Mapped[datetime]
    # A retired key signs nothing new; its earlier signatures stay valid until it is distrusted.
    retired_at: Mapped[datetime | None]
    distrusted_at: Mapped[datetime | None]


class Badge(Base):
    """The badge of one attendee."""

    __tablename__ = "badge"
    __table_args__ = (
        UniqueConstraint("edition_id", "serial"),
        UniqueConstraint("attendee_id"),
        CheckConstraint("issue BETWEEN 1 AND 255", name="issue"),
        CheckConstraint("valid_days BETWEEN 1 AND 255", name="valid_days"),
        Index("ix_badge_edition_id_issued_at", "edition_id", "issued_at"),
        Index(
            "ix_badge_revoked_at",
            "edition_id",
            "revoked_at",
            sqlite_where=text("revoked_at IS NOT NULL"),
            postgresql_where=text("revoked_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"))
    # Four bytes of the token, random so that it does not reveal how many badges there are.
    serial: Mapped[int] = mapped_column(BigInteger)
    issue: Mapped[int] = mapped_column(default=1)
    token: Mapped[str] = mapped_column(String(128))
    # The days that checkpoints use. They move with the expo, unlike the days in the printed token.
    valid_from: Mapped[date]
    valid_days: Mapped[int]
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class FormerBadge(Base):
    """The token of an earlier issue of a badge, so that a door without a network can say whose it was."""

    __tablename__ = "former_badge"

    badge_id: Mapped[int] = mapped_column(ForeignKey("badge.id"), primary_key=True)
    issue: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(128))


class PrintJob(Base):
    """A badge to be printed at a print station."""

    __tablename__ = "print_job"
    __table_args__ = (
        Index("ix_print_job_edition_id_state_id", "edition_id", "state", "id"),
        Index("ix_print_job_attendee_id", "attendee_id"),
        # Pressing a button twice queues one badge.
        Index(
            "uq_print_job_waiting",
            "attendee_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        # At the kiosk everyone can print their badge once; the desk prints it again.
        Index(
            "uq_print_job_kiosk",
            "attendee_id",
            unique=True,
            sqlite_where=text("origin = 'kiosk'"),
            postgresql_where=text("origin = 'kiosk'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"))
    # The station that prints it; empty for the first one that is free.
    station: Mapped[str] = mapped_column(String(40), default="")
    # See rules.PrintState and rules.PrintOrigin.
    state: Mapped[str] = mapped_column(String(12))
    origin: Mapped[str] = mapped_column(String(8))
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class DeskSettings(Base):
    """The kiosk's PIN and the print stations of an edition."""

    __tablename__ = "desk_settings"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    # Without a PIN there is no kiosk.
    pin_hash: Mapped[str | None] = mapped_column(String(128))
    # A kiosk unlocked with an earlier PIN locks itself.
    pin_changed_at: Mapped[datetime | None]
    stations: Mapped[list[str]] = mapped_column(default=list)
