"""Tables of mail: the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Letter(Base):
    """One letter to one address, as it was or will be sent."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_edition_id_id", "edition_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(index=True)
    to_email: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(16))
    # Which letter it is: `<domain>/<message>`, the template under templates/mail.
    message: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    # What to attach, made when the letter is sent: {"badge_of_attendee": 17}
    attachments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # queued, sent, kept (no mail server configured), failed
    state: Mapped[str] = mapped_column(String(16), default="queued")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
