"""Tables of companies and their categories."""

from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Exhibitor(Base):
    """A company or organization that exhibits."""

    __tablename__ = "exhibitor"
    __table_args__ = (
        UniqueConstraint("edition_id", "slug"),
        UniqueConstraint("edition_id", "key"),
        Index("ix_exhibitor_edition_id_country", "edition_id", "country"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # The folded name, so that importing the same company again updates its row.
    key: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(120))
    # As the company writes it, in its own script.
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[dict[str, str]] = mapped_column(default=dict)
    website: Mapped[str] = mapped_column(String(500), default="")
    # ISO 3166-1 alpha-2; empty if unknown.
    country: Mapped[str] = mapped_column(String(2), default="")
    # See rules.ExhibitorState. Visitors see only approved companies that are not hidden.
    state: Mapped[str] = mapped_column(String(16), default="approved", server_default="approved")
    is_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The package that organizers gave the company, and the passes it may issue beyond those of the package.
    package_id: Mapped[int | None] = mapped_column(ForeignKey("exhibitor_package.id"), index=True)
    extra_passes: Mapped[int] = mapped_column(default=0, server_default="0")
    # For organizers only.
    notes: Mapped[str] = mapped_column(Text, default="", server_default="")
    # Incremented by every change of these values, which can name the version that it changes.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    search_text: Mapped[str] = mapped_column(Text, default="")
    # What an imported file contained beyond these columns, for exports.
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Category(Base):
    """A category of the directory."""

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("edition_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    slug: Mapped[str] = mapped_column(String(120))
    name: Mapped[dict[str, str]]


class ExhibitorCategory(Base):
    """A category that a company is listed under."""

    __tablename__ = "exhibitor_category"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(default=0)
