"""The table of the packages that exhibitors book."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Package(Base):
    """What an exhibitor books: its booth, passes, tables and licences. `taken` never exceeds `size`."""

    __tablename__ = "exhibitor_package"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        CheckConstraint("taken >= 0 AND (size IS NULL OR taken <= size)", name="taken"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[dict[str, str]]
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    # In square metres; 0 without a booth.
    booth_area: Mapped[int] = mapped_column(default=0)
    passes: Mapped[int] = mapped_column(default=0)
    meeting_tables: Mapped[int] = mapped_column(default=0)
    lead_licences: Mapped[int] = mapped_column(default=0)
    price_cents: Mapped[int] = mapped_column(default=0)
    # The code of the ticket type that team members get; empty: passes cannot be issued yet.
    pass_ticket: Mapped[str] = mapped_column(String(32), default="")
    # How many companies can have it; None: any number.
    size: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    # Whether applicants can ask for it.
    is_offered: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int] = mapped_column(default=0)
