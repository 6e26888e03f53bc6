"""The table of what attendees offer and seek."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class AttendeeTopic(Base):
    """A topic that an attendee offers or seeks; what they seek are also their interests."""

    __tablename__ = "attendee_topic"

    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id"), primary_key=True)
    # See expo.exhibitors.rules.TopicKind.
    kind: Mapped[str] = mapped_column(String(8), primary_key=True, default="seeks")
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
