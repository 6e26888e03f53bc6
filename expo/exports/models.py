"""Tables for export runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class ExportRun(Base):
    """A file that is prepared for one person."""

    __tablename__ = "export_run"
    __table_args__ = (
        Index("ix_export_run_created_at", "created_at"),
        CheckConstraint("done_rows >= 0", name="done_rows"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    # attendees, gate_list
    kind: Mapped[str] = mapped_column(String(16))
    # csv, xlsx, pdf
    format: Mapped[str] = mapped_column(String(8))
    # See rules.ExportState.
    state: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(String(100))
    # The filter of the export; cleared when the file is deleted, because it may contain a name searched for.
    wanted: Mapped[dict[str, Any]]
    total_rows: Mapped[int]
    done_rows: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]


class ExportFile(Base):
    """The bytes of a finished run, until they expire."""

    __tablename__ = "export_file"

    run_id: Mapped[int] = mapped_column(ForeignKey("export_run.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
