"""Figures about background jobs, for the overview and for monitoring."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.infra.db import db
from expo.infra.jobs.models import Job, is_state, job_table


def last_done(kind: str) -> datetime | None:
    """Return when a job of `kind` was last done."""
    query = (
        select(job_table.c.done_at)
        .where(job_table.c.kind == kind, is_state("done"))
        .order_by(job_table.c.done_at.desc())
        .limit(1)
    )
    moment: datetime | None = db.session.scalar(query)
    return moment


@dataclass(frozen=True)
class QueueFigures:
    """The state of the job queue. `oldest_seconds` is how long the oldest waiting job has been due."""

    waiting: int
    running: int
    oldest_seconds: float
    failed: dict[str, int]


def get_queue_figures(now: datetime) -> QueueFigures:
    """Return the state of the job queue."""
    waiting, oldest = db.session.execute(
        select(func.count(), func.min(job_table.c.run_after)).where(is_state("queued"), job_table.c.run_after <= now)
    ).one()
    running = db.session.scalar(select(func.count()).select_from(job_table).where(is_state("running"))) or 0
    return QueueFigures(waiting, running, (now - oldest).total_seconds() if oldest else 0.0, count_failed_jobs())


def count_failed_jobs() -> dict[str, int]:
    """Return the number of jobs of each kind that failed after all attempts."""
    query = select(Job.kind, func.count()).where(is_state("failed")).group_by(Job.kind).order_by(Job.kind)
    return {row.kind: row[1] for row in db.session.execute(query)}
