"""Tables for ticket types, add-ons and quotas."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class TicketType(Base):
    """A category of registration: visitor, delegate, press, speaker."""

    __tablename__ = "ticket_type"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        UniqueConstraint("edition_id", "number"),
        CheckConstraint("number BETWEEN 1 AND 255", name="number"),
        CheckConstraint("price_cents >= 0", name="price"),
        CheckConstraint("valid_days BETWEEN 1 AND 255", name="valid_days"),
        CheckConstraint("party BETWEEN 1 AND 1000", name="party"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # Used as one byte of every badge token.
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    price_cents: Mapped[int] = mapped_column(default=0)
    sale_starts_at: Mapped[datetime | None]
    sale_ends_at: Mapped[datetime | None]
    max_per_order: Mapped[int] = mapped_column(default=10)
    requires_approval: Mapped[bool] = mapped_column(default=False)
    # Offered on the public registration page; other types are issued by organizers and through the API.
    is_public: Mapped[bool] = mapped_column(default=True)
    # One of the eight badge colours, 0 to 7.
    band: Mapped[int] = mapped_column(default=0)
    valid_from: Mapped[date]
    valid_days: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    # What staff at the doors should do or check, such as "Ask for the student card".
    door_note: Mapped[dict[str, str]] = mapped_column(default=dict, server_default="{}")
    # How many people one badge admits.
    party: Mapped[int] = mapped_column(default=1, server_default="1")


class Quota(Base):
    """A number of places shared by ticket types and add-ons. `taken` never exceeds `size`; None means unlimited."""

    __tablename__ = "quota"
    __table_args__ = (
        UniqueConstraint("edition_id", "name"),
        CheckConstraint("taken >= 0 AND (size IS NULL OR taken <= size)", name="taken"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    name: Mapped[str] = mapped_column(String(100))
    size: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)


class QuotaTicketType(Base):
    """The assignment of a ticket type to a quota from which it takes places."""

    __tablename__ = "quota_ticket_type"

    quota_id: Mapped[int] = mapped_column(ForeignKey("quota.id"), primary_key=True)
    ticket_type_id: Mapped[int] = mapped_column(ForeignKey("ticket_type.id"), primary_key=True, index=True)


class AddOn(Base):
    """Something to book in addition to a ticket: a dinner, a workshop, a parking space."""

    __tablename__ = "add_on"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        CheckConstraint("price_cents >= 0", name="price"),
        CheckConstraint("max_per_attendee BETWEEN 1 AND 20", name="max_per_attendee"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # What the rules of checkpoints, programs and files refer to.
    code: Mapped[str] = mapped_column(String(32))
    name: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    # For each unit, with tax.
    price_cents: Mapped[int] = mapped_column(default=0)
    sale_starts_at: Mapped[datetime | None]
    sale_ends_at: Mapped[datetime | None]
    max_per_attendee: Mapped[int] = mapped_column(default=1)
    # Offered on the public registration page; others are added by organizers and through the API.
    is_public: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)


class AddOnTicketType(Base):
    """A ticket type with which an add-on is offered; an add-on without any is offered with all."""

    __tablename__ = "add_on_ticket_type"

    add_on_id: Mapped[int] = mapped_column(ForeignKey("add_on.id"), primary_key=True)
    ticket_type_id: Mapped[int] = mapped_column(ForeignKey("ticket_type.id"), primary_key=True, index=True)


class QuotaAddOn(Base):
    """The assignment of an add-on to a quota, from which each unit takes a place."""

    __tablename__ = "quota_add_on"

    quota_id: Mapped[int] = mapped_column(ForeignKey("quota.id"), primary_key=True)
    add_on_id: Mapped[int] = mapped_column(ForeignKey("add_on.id"), primary_key=True, index=True)
