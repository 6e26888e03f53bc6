"""The sweep: every few seconds each worker sends due jobs, including those abandoned by a crash."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from expo.infra.db import atomic, db
from expo.infra.jobs.execution import run_job
from expo.infra.jobs.handlers import done_lifetimes, periodic_jobs
from expo.infra.jobs.leases import give_up_abandoned, is_abandoned, renew_leases
from expo.infra.jobs.models import Job, is_state, job_table
from expo.infra.jobs.queue import SWEEP_BATCH, get_queue

# A job this new is still on its way to a worker; sending it again would only fill the queue.
GRACE = timedelta(seconds=10)
FORGET_BATCH = 5000


def begin_periodic_jobs(now: datetime) -> None:
    """Create the periodic jobs of periods that have begun and have no job yet."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    for periodic in periodic_jobs:
        period = int(now.timestamp() // periodic.every.total_seconds())
        with atomic():
            db.session.execute(
                insert(Job)
                .values(
                    kind=periodic.kind,
                    payload={},
                    state="queued",
                    attempts=0,
                    unique_key=f"{periodic.kind}@{period}",
                    run_after=now,
                    created_at=now,
                )
                .on_conflict_do_nothing()
            )


_QUEUED = (
    select(job_table.c.id)
    .where(is_state("queued"), job_table.c.run_after <= bindparam("moment"))
    .order_by(job_table.c.run_after, job_table.c.id)
    .limit(SWEEP_BATCH)
)
_ABANDONED = (
    select(job_table.c.id).where(is_abandoned).order_by(job_table.c.lease_until, job_table.c.id).limit(SWEEP_BATCH)
)


def list_due_jobs(now: datetime) -> list[int]:
    """Return ids of jobs that should be running but are not: abandoned ones, then due ones, longest due first."""
    return [job_id for query in (_ABANDONED, _QUEUED) for job_id in db.session.scalars(query, {"moment": now})]


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
    queue = get_queue()
    for job_id in list_due_jobs(now - GRACE)[: queue.room()]:
        queue.send(job_id)
    forget_done_jobs(now)


def forget_done_jobs(now: datetime) -> None:
    """Delete finished jobs after the retention time of their kind, a limited number at once."""
    for kind, keep in done_lifetimes.items():
        old = (
            select(job_table.c.id)
            .where(is_state("done"), job_table.c.kind == kind, job_table.c.done_at < now - keep)
            .limit(FORGET_BATCH)
            .scalar_subquery()
        )
        with atomic():
            db.session.execute(delete(Job).where(Job.id.in_(old)).execution_options(synchronize_session=False))
