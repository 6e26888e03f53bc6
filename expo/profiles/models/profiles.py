"""The tables of profiles."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Profile(Base):
    """What an attendee tells others about themselves, and who may see it."""

    __tablename__ = "profile"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_profile_edition_id_visibility", "edition_id", "visibility"),
    )

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # Names the person in addresses. Not the attendee's code, which is asked for at the desk.
    key: Mapped[str] = mapped_column(String(16))
    # See rules.Visibility.
    visibility: Mapped[str] = mapped_column(String(12), default="nobody")
    headline: Mapped[str] = mapped_column(String(160), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    # What the topics do not say.
    offers_text: Mapped[str] = mapped_column(Text, default="")
    seeks_text: Mapped[str] = mapped_column(Text, default="")
    # Codes of rules.facets.
    industries: Mapped[list[str]] = mapped_column(default=list)
    regions: Mapped[list[str]] = mapped_column(default=list)
    # BCP 47.
    languages: Mapped[list[str]] = mapped_column(default=list)
    purposes: Mapped[list[str]] = mapped_column(default=list)
    role: Mapped[str] = mapped_column(String(24), default="")
    company_size: Mapped[str] = mapped_column(String(12), default="")
    # Name, company and texts, folded for search: see pure/names.py.
    search_text: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime]
