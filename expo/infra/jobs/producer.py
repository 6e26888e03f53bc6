"""Writing jobs into the open transaction, to be sent to a worker after the commit."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast as cast_sql, exists, literal

from expo.infra.db import on_commit
from expo.infra.inserting import insert_new, insert_row
from expo.infra.jobs.handlers import priority_of
from expo.infra.jobs.models import Job
from expo.infra.jobs.queue import get_queue


def enqueue(kind: str, now: datetime, **payload: Any) -> None:
    """Write a job into the open transaction; it is sent to a worker after the commit."""
    job_id = insert_row(Job, kind=kind, payload=payload, run_after=now, created_at=now)
    _send_after_commit(job_id, kind)


def enqueue_once(kind: str, subject_id: int, now: datetime, **payload: Any) -> bool:
    """Write a job for a subject, such as an e-mail, unless it has an open one; return whether a job was written."""
    key = f"{kind}:{subject_id}"
    job_id = insert_new(Job, "unique_key", kind=kind, payload=payload, unique_key=key, run_after=now, created_at=now)
    if job_id is None:
        return False
    _send_after_commit(job_id, kind)
    return True


def has_open_job(kind: str, subject_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return SQL for whether a subject has an open job of a kind."""
    return exists().where(Job.unique_key == literal(f"{kind}:").concat(cast_sql(subject_id, String)))


def _send_after_commit(job_id: int, kind: str) -> None:
    queue = get_queue()
    on_commit(lambda: queue.send(job_id, priority_of(kind)))
