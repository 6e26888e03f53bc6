"""The table of floor plans."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class FloorPlan(Base):
    """The plan of a hall: its size and position on the site in metres, its background, and the structures in it."""

    __tablename__ = "floor_plan"
    __table_args__ = (UniqueConstraint("hall_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[int] = mapped_column(ForeignKey("hall.id", ondelete="CASCADE"))
    width: Mapped[float]
    depth: Mapped[float]
    # The upper left corner of the hall on the site plan.
    x: Mapped[float] = mapped_column(default=0)
    y: Mapped[float] = mapped_column(default=0)
    # Walls, obstacles, entrances and passages; see rules.check_structures.
    structures: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    background_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    # Incremented by every change of these columns, so that two editors do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
