"""The table of how often companies' pages were viewed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class PageView(Base):
    """How many viewers opened a company's public page within an hour; who they were is not stored."""

    __tablename__ = "exhibitor_view"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id", ondelete="CASCADE"), primary_key=True)
    # When the hour begins, by the clocks of the expo's time zone.
    hour_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
