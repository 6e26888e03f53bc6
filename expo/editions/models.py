"""Tables for editions, halls and rooms."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Edition(Base):
    """One year's expo."""

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("number BETWEEN 1 AND 65535", name="number"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint(
            "registration_opens_at IS NULL OR registration_closes_at IS NULL "
            "OR registration_opens_at < registration_closes_at",
            name="registration_times",
        ),
        Index(
            "uq_edition_is_current",
            "is_current",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Used as two bytes of every badge token.
    number: Mapped[int] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    title: Mapped[dict[str, str]]
    tagline: Mapped[dict[str, str]] = mapped_column(default=dict)
    venue: Mapped[dict[str, str]] = mapped_column(default=dict)
    city: Mapped[dict[str, str]] = mapped_column(default=dict)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    # The date from which badge tokens count days: the first day when the edition was created. It never changes.
    day_zero: Mapped[date]
    time_zone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    languages: Mapped[list[str]]
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    contact_email: Mapped[str] = mapped_column(String(320), default="")
    accent_color: Mapped[str | None] = mapped_column(String(7))
    is_current: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    registration_is_open: Mapped[bool] = mapped_column(default=True)
    registration_opens_at: Mapped[datetime | None]
    registration_closes_at: Mapped[datetime | None]
    # Incremented by every change of the public programme, directory or facts; part of cache keys and ETags.
    content_version: Mapped[int] = mapped_column(default=1)
    content_changed_at: Mapped[datetime]
    created_at: Mapped[datetime]
    # Roles that are granted only to people with a second factor.
    second_factor_roles: Mapped[list[str]] = mapped_column(default=list, server_default="[]")


class Hall(Base):
    """A building or floor that holds rooms, booths and checkpoints."""

    __tablename__ = "hall"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[dict[str, str]]
    position: Mapped[int] = mapped_column(default=0)


class Room(Base):
    """A room in which sessions are held."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("edition_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("hall.id"), index=True)
    slug: Mapped[str] = mapped_column(String(100))
    name: Mapped[dict[str, str]]
    capacity: Mapped[int | None]
    # What sessions may need here, such as "projector"; a session lists its needs in the same words.
    equipment: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    # When nothing can be held here: each {"from": RFC 3339, "to": RFC 3339}.
    unavailable: Mapped[list[dict[str, str]]] = mapped_column(default=list, server_default="[]")
    position: Mapped[int] = mapped_column(default=0)
    # Data about the room from an imported schedule that has no column here, stored for exporting it again.
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)
