"""Tables of matchmaking: attendees' interests, and the topics of companies and sessions."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class AttendeeTopic(Base):
    """A topic that an attendee chose."""

    __tablename__ = "attendee_topic"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)


class ExhibitorTopic(Base):
    """A topic of a company; `weight` is 1 for one of its categories, less for a mention in its text."""

    __tablename__ = "exhibitor_topic"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
    weight: Mapped[float]


class SessionTopic(Base):
    """A topic of a session; `weight` is 1 for its track and title, less for a mention in its text."""

    __tablename__ = "session_topic"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
    weight: Mapped[float]
