"""The table of addresses that led to companies before they were merged."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class FormerSlug(Base):
    """The address of a company that was merged into another one, to which it leads now."""

    __tablename__ = "exhibitor_former_slug"

    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), index=True)
