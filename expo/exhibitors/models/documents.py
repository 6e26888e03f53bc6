"""The table of companies' documents."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class Document(Base):
    """A PDF of a company, to download from its page."""

    __tablename__ = "exhibitor_document"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), primary_key=True, autoincrement=False)
    exhibitor_id: Mapped[int] = mapped_column(ForeignKey("exhibitor.id"), index=True)
    # Shown instead of the file's name.
    title: Mapped[str] = mapped_column(String(200), default="")
    uploaded_at: Mapped[datetime]
