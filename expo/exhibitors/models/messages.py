"""The table of messages between companies and organizers."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Message(Base):
    """A message in the thread of a company and the organizers."""

    __tablename__ = "exhibitor_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), index=True)
    is_from_organizers: Mapped[bool]
    # The author, as named at that time.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    author_name: Mapped[str] = mapped_column(String(320))
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    # When the other side opened it.
    read_at: Mapped[datetime | None]
