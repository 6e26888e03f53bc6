"""The table of changes of booths: the log that the editors of a plan follow."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class BoothEdit(Base):
    """A change of one booth's number or place. Ids rise in the order in which changes of a hall are committed."""

    __tablename__ = "booth_edit"
    __table_args__ = (Index("ix_booth_edit_hall_id", "hall_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hall_id: Mapped[int] = mapped_column(ForeignKey("hall.id", ondelete="CASCADE"))
    # No foreign key, because the booth may have been deleted since.
    booth_id: Mapped[int] = mapped_column(index=True)
    # See rules.BoothShape; None if the booth did not exist then.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    changed_by: Mapped[int | None]
    changed_at: Mapped[datetime]
    # Chosen by the editor, so that a request that is sent twice counts once.
    request_id: Mapped[str | None] = mapped_column(String(64), index=True)
