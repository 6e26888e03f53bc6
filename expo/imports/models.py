"""Tables for import runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


class ImportRun(Base):
    """The import of one file."""

    __tablename__ = "import_run"
    __table_args__ = (
        Index("ix_import_run_edition_id_id", "edition_id", "id"),
        CheckConstraint("next_row >= 0 AND next_row <= total_rows", name="next_row"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    # See rules.ImportKind.
    kind: Mapped[str] = mapped_column(String(16))
    # See rules.RunState.
    state: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(String(100))
    actor_kind: Mapped[str] = mapped_column(String(16))
    actor_id: Mapped[int | None]
    options: Mapped[dict[str, Any]]
    # Incremented by every change of the options; results read with older options are discarded.
    options_version: Mapped[int] = mapped_column(default=1)
    # What reading the file found: columns, sheets, encodings, sample rows, counts.
    report: Mapped[dict[str, Any]]
    total_rows: Mapped[int] = mapped_column(default=0)
    # The first row that no batch has imported yet; updated in the transaction of the batch.
    next_row: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    faulted: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str | None] = mapped_column(String(64))
    error_params: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    worked_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ImportFile(Base):
    """The bytes of an upload, until its run ends."""

    __tablename__ = "import_file"

    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportItem(Base):
    """One thing that the preview of a run lists, such as a new session or a changed field, until the import starts."""

    __tablename__ = "import_item"
    __table_args__ = (Index("ix_import_item_run_id_part_position", "run_id", "part", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    # The part of the preview that lists it, such as `added`.
    part: Mapped[str] = mapped_column(String(24))
    position: Mapped[int]
    # Whether a person decides something about it.
    is_open: Mapped[bool]
    content: Mapped[dict[str, Any]]


class ImportFault(Base):
    """A row that is not imported, with the reason."""

    __tablename__ = "import_fault"
    __table_args__ = (Index("ix_import_fault_run_id_line", "run_id", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    # See rules.FaultKind.
    kind: Mapped[str] = mapped_column(String(16))
    line: Mapped[int]
    column: Mapped[str | None] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(64))
    params: Mapped[dict[str, Any]]
    cells: Mapped[dict[str, Any]]
