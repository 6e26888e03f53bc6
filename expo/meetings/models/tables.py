"""The table of tables to meet at."""

from sqlalchemy import ForeignKey, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class MeetingTable(Base):
    """A table to meet at: shared, or of one company."""

    __tablename__ = "meeting_table"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("hall.id"), index=True)
    code: Mapped[str] = mapped_column(String(32))
    # The middle of the table on the plan of its hall, in metres from the upper left corner; None: not on the plan.
    x: Mapped[float | None]
    y: Mapped[float | None]
    seats: Mapped[int] = mapped_column(default=4, server_default="4")
    exhibitor_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor.id", ondelete="SET NULL"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True, server_default=true())
