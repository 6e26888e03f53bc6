"""Tables of booths, and of who exhibits at them."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Booth(Base):
    """A booth in a hall; hall is None if the file does not say which.

    Its place is in metres from the upper left corner of the hall; an imported booth has none until it is placed.
    """

    __tablename__ = "booth"
    __table_args__ = (
        UniqueConstraint("edition_id", "hall_id", "code"),
        CheckConstraint("state IN ('free', 'held', 'sold')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("hall.id"), index=True)
    code: Mapped[str] = mapped_column(String(100))
    x: Mapped[float | None]
    y: Mapped[float | None]
    width: Mapped[float | None]
    depth: Mapped[float | None]
    # Degrees clockwise around the centre.
    rotation: Mapped[int] = mapped_column(default=0, server_default="0")
    # The corners of a booth that is not a rectangle; x, y, width and depth are then the rectangle around it.
    polygon: Mapped[list[list[float]] | None] = mapped_column(JSON)
    # See rules.BoothState; a hold that has run out counts as free.
    state: Mapped[str] = mapped_column(String(8), default="free", server_default="free")
    held_until: Mapped[datetime | None]
    # The company it is held for or sold to; companies that share the booth are in exhibitor_booth alone.
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor.id", ondelete="SET NULL"), index=True)
    # In the minor unit of the edition's currency.
    price: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ExhibitorBooth(Base):
    """A company at a booth: a company may have several booths, and several companies may share one."""

    __tablename__ = "exhibitor_booth"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    booth_id: Mapped[int] = mapped_column(ForeignKey("booth.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
