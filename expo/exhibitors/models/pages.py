"""The table of what companies' pages show besides the company's row."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class ExhibitorPage(Base):
    """The page of a company; its description and website are in its `exhibitor` row."""

    __tablename__ = "exhibitor_page"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True, autoincrement=False)
    tagline: Mapped[dict[str, str]] = mapped_column(default=dict)
    links: Mapped[list[str]] = mapped_column(default=list)
    videos: Mapped[list[str]] = mapped_column(default=list)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    banner_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
