"""Tables of booths, and of who exhibits at them."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Booth(Base):
    """A booth in a hall; hall is None if the file does not say which."""

    __tablename__ = "booth"
    __table_args__ = (UniqueConstraint("edition_id", "hall_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("hall.id"), index=True)
    code: Mapped[str] = mapped_column(String(100))


class ExhibitorBooth(Base):
    """A company at a booth: a company may have several booths, and several companies may share one."""

    __tablename__ = "exhibitor_booth"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    booth_id: Mapped[int] = mapped_column(ForeignKey("booth.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
