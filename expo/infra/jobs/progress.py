"""Jobs that people watch: how far the job of a subject is, or what the last one did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, union_all, update

from expo.infra.db import db
from expo.infra.jobs.models import Job, is_state, job_table


@dataclass(frozen=True)
class WatchedJob:
    """A job with its payload, in which the handler notes its progress. `done_at` is None unless it is done."""

    state: str
    payload: dict[str, Any]
    created_at: datetime
    done_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is waiting or running."""
        return self.state in {"queued", "running"}


def find_watched_job(kind: str, subject_id: int, subject: str) -> WatchedJob | None:
    """Return the open job of a subject, else its last one, as long as finished jobs of this kind are kept.

    `subject` names the value of the payload that has the id.
    """
    columns = [job_table.c[name] for name in ("id", "state", "payload", "created_at", "done_at")]
    query = union_all(
        select(*columns).where(job_table.c.unique_key == f"{kind}:{subject_id}"),
        select(*columns).where(job_table.c.kind == kind, is_state("done")),
        select(*columns).where(job_table.c.kind == kind, is_state("failed")),
    )
    jobs = [
        WatchedJob(state, payload, created_at, done_at)
        for _id, state, payload, created_at, done_at in sorted(db.session.execute(query), reverse=True, key=_id_of)
        if payload.get(subject) == subject_id
    ]
    return next((each for each in jobs if each.is_open), jobs[0] if jobs else None)


def record_job_progress(kind: str, subject_id: int, payload: dict[str, Any]) -> None:
    """Store in the open transaction the payload with which the open job of a subject continues if it is retried."""
    db.session.execute(
        update(Job)
        .where(Job.unique_key == f"{kind}:{subject_id}")
        .values(payload=payload)
        .execution_options(synchronize_session=False)
    )


def _id_of(row: Any) -> int:
    return int(row[0])
