"""The table of a company's own questions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class LeadQuestion(Base):
    """A question that the team asks visitors, in the company's own words."""

    __tablename__ = "lead_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), index=True)
    # See rules.QUESTION_KINDS.
    kind: Mapped[str] = mapped_column(String(16))
    label: Mapped[str] = mapped_column(String(200))
    options: Mapped[list[str]] = mapped_column(default=list)
    position: Mapped[int] = mapped_column(default=0)
    # A removed question is not asked again; its answers remain.
    removed_at: Mapped[datetime | None]
