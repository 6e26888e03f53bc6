"""The table of jobs."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Index, String, Table, Text, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.db import Base


def _partial_index(name: str, *columns: str, only: str) -> Index:
    return Index(name, *columns, postgresql_where=text(only), sqlite_where=text(only))


class Job(Base):
    """A background job."""

    __tablename__ = "job"
    # The sweep reads open jobs every few seconds, so finished ones must not slow it down.
    __table_args__ = (
        _partial_index("ix_job_queued", "run_after", "id", only="state = 'queued'"),
        _partial_index("ix_job_running", "lease_until", only="state = 'running'"),
        _partial_index("ix_job_done_kind", "kind", "done_at", only="state = 'done'"),
        _partial_index("ix_job_failed", "kind", only="state = 'failed'"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    # queued, running, done, failed
    state: Mapped[str] = mapped_column(String(16), default="queued")
    # Unique: one job for each period of a periodic job (`kind@period`, permanent), and at most one open job for each
    # subject such as an e-mail (`kind:id`, released when the job ends).
    unique_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    # A random id set by the worker that takes the job: only the holder of this lease may end or renew it.
    lease_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


job_table = cast("Table", Job.__table__)


def is_state(state: str) -> ColumnElement[bool]:
    """Return SQL for whether a job is in a state."""
    # A literal, not a bound parameter, so that the database can use a partial index.
    return job_table.c.state == literal_column(f"'{state}'")
