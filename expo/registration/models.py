"""Tables of registration: orders, their lines, attendees."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Order(Base):
    """One registration of 1..n attendees by one e-mail address."""

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        UniqueConstraint("edition_id", "client_key", "request_digest", name="uq_order_edition_id_client_key"),
        Index("ix_order_state_expires_at", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(16))
    # See rules.OrderState.
    state: Mapped[str] = mapped_column(String(16))
    # The sum of the lines that stand.
    total_cents: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    paid_at: Mapped[datetime | None]
    # What was paid in all; it stays when the total changes.
    paid_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    # web, api, desk, import or demo.
    source: Mapped[str] = mapped_column(String(16))
    # Made by the form that placed the order: the same form with the same content finds it. An ended order has none.
    client_key: Mapped[str | None] = mapped_column(String(64))
    # SHA-256 of what was asked for: the same form with other content is another order.
    request_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")
    # What the person agreed to, and when.
    terms_version: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    # When an unconfirmed order gives its places back.
    expires_at: Mapped[datetime | None]


class OrderLine(Base):
    """What one attendee of an order costs. Prices include tax."""

    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint("price_cents >= 0 AND discount_cents BETWEEN 0 AND price_cents", name="price"),
        CheckConstraint("total_cents = price_cents - discount_cents", name="total"),
        CheckConstraint("tax_cents BETWEEN 0 AND total_cents", name="tax"),
        CheckConstraint("tax_rate BETWEEN 0 AND 10000", name="tax_rate"),
        # An attendee has one line that stands.
        Index(
            "uq_order_line_attendee_id",
            "attendee_id",
            unique=True,
            postgresql_where=text("cancelled_at IS NULL"),
            sqlite_where=text("cancelled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"))
    ticket_type_id: Mapped[int] = mapped_column(ForeignKey("ticket_type.id"), index=True)
    price_cents: Mapped[int]
    discount_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    # In hundredths of a per cent: 600 is 6 %.
    tax_rate: Mapped[int] = mapped_column(default=0, server_default="0")
    # The tax within the total.
    tax_cents: Mapped[int] = mapped_column(default=0, server_default="0")
    total_cents: Mapped[int]
    cancelled_at: Mapped[datetime | None]


class Attendee(Base):
    """A person who comes: one place of an order."""

    __tablename__ = "attendee"
    __table_args__ = (
        UniqueConstraint("edition_id", "code"),
        Index("ix_attendee_edition_id_id", "edition_id", "id"),
        Index("ix_attendee_edition_id_created_at", "edition_id", "created_at"),
        Index("ix_attendee_edition_id_updated_at", "edition_id", "updated_at"),
        Index("ix_attendee_edition_id_email", "edition_id", "email"),
        Index("ix_attendee_edition_id_identity_key", "edition_id", "identity_key"),
        # The dashboard counts from this index alone, without reading the wide rows.
        Index("ix_attendee_figures", "edition_id", "state", "created_at", "country", "ticket_type_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    position: Mapped[int] = mapped_column(default=1)
    # Public, hard to guess, read out at the desk: also the attendee's id in the API.
    code: Mapped[str] = mapped_column(String(12))
    ticket_type_id: Mapped[int] = mapped_column(ForeignKey("ticket_type.id"), index=True)
    # The account that sees this attendee under /me.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    # How the name is written in Latin letters, where the script of `name` is another.
    latin_name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320))
    # ISO 3166-1 alpha-2.
    country: Mapped[str] = mapped_column(String(2))
    company: Mapped[str] = mapped_column(String(200), default="")
    job_title: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(16))
    # See rules.AttendeeState.
    state: Mapped[str] = mapped_column(String(20))
    # Everything that search looks at: see pure/names.py.
    search_text: Mapped[str] = mapped_column(Text, default="")
    # Equal for the same name at the same company; empty without a company. See pure/names.py.
    identity_key: Mapped[str] = mapped_column(String(32), default="", server_default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
