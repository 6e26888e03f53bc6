"""Tables of matchmaking: who is interested in what, and what companies and sessions are about."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class AttendeeTopic(Base):
    """A topic that an attendee chose."""

    __tablename__ = "attendee_topic"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)


class ExhibitorTopic(Base):
    """A topic that a company is about; `weight` is 1 for what it is listed under, less for what its text mentions."""

    __tablename__ = "exhibitor_topic"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
    weight: Mapped[float]


class SessionTopic(Base):
    """A topic that a session is about; `weight` is 1 for its track and title, less for what its text mentions."""

    __tablename__ = "session_topic"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
    weight: Mapped[float]
