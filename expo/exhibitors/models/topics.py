"""Tables of the topics of an edition, and of what companies offer and seek."""

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class EditionTopic(Base):
    """A topic that an edition adds to the bundled ones, or a bundled one that it changes."""

    __tablename__ = "edition_topic"
    __table_args__ = (UniqueConstraint("edition_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    code: Mapped[str] = mapped_column(String(48))
    # The code of a group or topic; empty if the place of a bundled topic is unchanged.
    parent: Mapped[str] = mapped_column(String(48), default="")
    # For a bundled topic only the languages that differ.
    names: Mapped[dict[str, str]] = mapped_column(default=dict)
    # Keywords beyond the bundled ones.
    keywords: Mapped[list[str]] = mapped_column(default=list)
    is_hidden: Mapped[bool] = mapped_column(default=False)


class ExhibitorTopic(Base):
    """A topic that a company offers or seeks."""

    __tablename__ = "exhibitor_topic"

    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), primary_key=True)
    # See rules.TopicKind.
    kind: Mapped[str] = mapped_column(String(8), primary_key=True, default="offers")
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
    # 1 for a chosen topic or a category, less for a mention in the company's texts.
    weight: Mapped[float]
    # Whether the company chose it; otherwise it was found in its categories and texts.
    is_chosen: Mapped[bool] = mapped_column(default=False, server_default=false())
