"""Tables of companies' pages: what they show besides the company's row, and the topics they offer and seek."""

from sqlalchemy import ForeignKey, String
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


class ExhibitorWish(Base):
    """A topic that a company offers or seeks; see rules.WishKind."""

    __tablename__ = "exhibitor_wish"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
