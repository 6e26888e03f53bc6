"""The sweep: every few seconds each worker sends due jobs, including those abandoned by a crash.

It looks before it writes, because on SQLite all writers wait for each other, and mostly there is nothing to do.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, case, delete, select

from expo.infra.db import atomic, db
from expo.infra.inserting import insert_missing
from expo.infra.jobs.execution import run_job
from expo.infra.jobs.handlers import Priority, done_lifetimes, periodic_jobs, priorities, priority_of
from expo.infra.jobs.leases import give_up_abandoned, is_abandoned, renew_leases
from expo.infra.jobs.models import Job, is_state, job_table
from expo.infra.jobs.queue import SWEEP_BATCH, get_queue

# A job this new is still on its way to a worker; sending it again would only fill the queue.
GRACE = timedelta(seconds=10)
DELETE_BATCH = 5000


def begin_periodic_jobs(now: datetime) -> None:
    """Create the periodic jobs of periods that have begun and have no job yet."""
    kinds = {f"{each.kind}@{int(now.timestamp() // each.every.total_seconds())}": each.kind for each in periodic_jobs}
    begun = set(db.session.scalars(select(job_table.c.unique_key).where(job_table.c.unique_key.in_(kinds))))
    rows = [
        {
            "kind": kind,
            "payload": {},
            "state": "queued",
            "attempts": 0,
            "unique_key": key,
            "run_after": now,
            "created_at": now,
        }
        for key, kind in kinds.items()
        if key not in begun
    ]
    if rows:
        with atomic():
            insert_missing(Job, rows)


_ABANDONED = (
    select(job_table.c.id, job_table.c.kind)
    .where(is_abandoned)
    .order_by(job_table.c.lease_until, job_table.c.id)
    .limit(SWEEP_BATCH)
)


def _queued() -> Select[Any]:
    """Return the query of due jobs, by priority, then the longest due first."""
    kind = job_table.c.kind
    rank = [case({name: -priority for name, priority in priorities.items()}, value=kind, else_=0)] if priorities else []
    return (
        select(job_table.c.id, kind)
        .where(is_state("queued"), job_table.c.run_after <= bindparam("moment"))
        .order_by(*rank, job_table.c.run_after, job_table.c.id)
        .limit(SWEEP_BATCH)
    )


def list_due_jobs(now: datetime) -> list[int]:
    """Return ids of jobs that should be running but are not: abandoned ones, then due ones by priority."""
    return [job_id for job_id, _kind in _list_due(now)]


def _list_due(now: datetime) -> list[tuple[int, str]]:
    return [
        (row.id, row.kind) for query in (_ABANDONED, _queued()) for row in db.session.execute(query, {"moment": now})
    ]


def drain(now: datetime) -> int:
    """Run all due jobs in this process, including those that they create, and return their number.

    For tests and commands.
    """
    done = 0
    while job_ids := list_due_jobs(now):
        done += sum(run_job(job_id, now) for job_id in job_ids)
    return done


def sweep(now: datetime) -> None:
    """Renew leases, create periodic jobs, give up jobs that kill their workers, send due jobs, delete old jobs."""
    renew_leases(now)
    begin_periodic_jobs(now)
    give_up_abandoned(now)
    _send_due_jobs(now)
    delete_done_jobs(now)


def _send_due_jobs(now: datetime) -> None:
    queue = get_queue()
    due = [(job_id, priority_of(kind)) for job_id, kind in _list_due(now - GRACE)]
    awaited = [each for each in due if each[1] is Priority.HIGH]
    others = [each for each in due if each[1] is not Priority.HIGH]
    for job_id, priority in awaited[: queue.free_capacity(Priority.HIGH)]:
        queue.send(job_id, priority)
    for job_id, priority in others[: queue.free_capacity()]:
        queue.send(job_id, priority)


def delete_done_jobs(now: datetime) -> None:
    """Delete finished jobs after the retention time of their kind, a limited number at once."""
    for kind, keep in done_lifetimes.items():
        old = select(job_table.c.id).where(is_state("done"), job_table.c.kind == kind, job_table.c.done_at < now - keep)
        if db.session.scalar(old.limit(1)) is None:
            continue
        batch = old.limit(DELETE_BATCH).scalar_subquery()
        with atomic():
            db.session.execute(delete(Job).where(Job.id.in_(batch)).execution_options(synchronize_session=False))
