"""The table of the topics of sessions."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class SessionTopic(Base):
    """A topic of a session; `weight` is 1 for its track and title, less for a mention in its text."""

    __tablename__ = "session_topic"

    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
    weight: Mapped[float]
