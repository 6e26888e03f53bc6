"""Tables of mail: the outbox."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Email(Base):
    """One e-mail to one address: its template and data, rendered when it is sent or read.

    A link is stored as the payload it will be signed for, so that neither the database nor a backup has a working one.
    """

    # Named by the first version; so are the permission `letters.read` and the acts `letters.…` in the audit log.
    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_edition_id_id", "edition_id", "id"),
        Index("ix_letter_state_created_at", "state", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(index=True)
    to_email: Mapped[str] = mapped_column(String(320))
    language: Mapped[str] = mapped_column(String(16))
    # The template under templates/mail: `<domain>/<message>`.
    message: Mapped[str] = mapped_column(String(64))
    # The values for the template.
    details: Mapped[dict[str, Any]]
    # {"confirm_link": ["/confirm/", "confirm-order", [17]]}: path, purpose and payload of each signed link.
    links: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # What to attach, rendered when the e-mail is sent: {"badges_of_attendees": [17]}
    attachments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # See rules.EmailState.
    state: Mapped[str] = mapped_column(String(16), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)
