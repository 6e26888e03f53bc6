"""The table of prices, by which candidates are shown more or less often."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class ExposurePrice(Base):
    """What is subtracted from the worth of a candidate; below zero if it would be shown to too few people."""

    __tablename__ = "exposure_price"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    # See rules.TargetKind.
    target_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    target_id: Mapped[int] = mapped_column(primary_key=True)
    price: Mapped[float]
    # How wanted it is; see rules.popularity.
    popularity: Mapped[float] = mapped_column(default=0.5, server_default="0.5")
    # How readily it accepts requests; see rules.willingness.
    willingness: Mapped[float] = mapped_column(default=0.5, server_default="0.5")
