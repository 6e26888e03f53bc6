"""Leases: which worker is running a job and until when, and how a job ends, fails or is given up."""

import random
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import String, bindparam, case, event, or_, select, update
from sqlalchemy.orm import Session

from expo.infra.db import atomic, db
from expo.infra.jobs.handlers import given_up_handlers
from expo.infra.jobs.models import is_state, job_table

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
# A lease is renewed at this age, unless its job has been running for so long that it must be stuck.
RENEW_AFTER = timedelta(minutes=1)
LONGEST_RUN = timedelta(hours=2)


@dataclass
class Lease:
    """The right to run a job. `ends` refers to `time.monotonic`, a clock that is never set back."""

    lease_id: str
    began_at: datetime
    renewed_at: datetime
    ends: float


class LeaseLostError(Exception):
    """A job took longer than its lease: another worker may be running it, so this one must not commit."""


_running_jobs: dict[int, Lease] = {}
_this_thread = threading.local()


@event.listens_for(Session, "before_commit")
def _refuse_after_the_lease(_session: Session) -> None:
    lease: Lease | None = getattr(_this_thread, "lease", None)
    if lease is not None and lease.ends < time.monotonic():
        raise LeaseLostError


# A periodic job keeps its key, so that there is one per period; other keys are released for the next job.
_kept_key = case((job_table.c.unique_key.like("%@%"), job_table.c.unique_key))
is_abandoned = is_state("running") & (job_table.c.lease_until < bindparam("moment"))
_TAKE = (
    update(job_table)
    .where(
        job_table.c.id == bindparam("job_id"),
        job_table.c.run_after <= bindparam("moment"),
        job_table.c.attempts < MAX_ATTEMPTS,
        or_(is_state("queued"), is_abandoned),
    )
    .values(
        state="running",
        attempts=job_table.c.attempts + 1,
        lease_until=bindparam("lease_end"),
        lease_id=bindparam("taken_by"),
    )
    .returning(job_table.c.kind, job_table.c.payload, job_table.c.attempts)
)
_HOLDS_LEASE = (
    (job_table.c.id == bindparam("job_id")) & (job_table.c.lease_id == bindparam("held")) & is_state("running")
)
_END = (
    update(job_table)
    .where(_HOLDS_LEASE)
    .values(state="done", done_at=bindparam("moment"), lease_until=None, lease_id=None, unique_key=_kept_key)
    .returning(job_table.c.id)
)
_PUT_BACK = (
    update(job_table)
    .where(_HOLDS_LEASE)
    .values(
        state=bindparam("next_state"),
        run_after=bindparam("next_run"),
        lease_until=None,
        lease_id=None,
        last_error=bindparam("reason"),
        unique_key=case((bindparam("next_state", type_=String) == "queued", job_table.c.unique_key), else_=_kept_key),
    )
    .returning(job_table.c.kind, job_table.c.payload)
)
_RENEW = update(job_table).where(_HOLDS_LEASE).values(lease_until=bindparam("lease_end")).returning(job_table.c.id)
_is_hopeless = is_abandoned & (job_table.c.attempts >= MAX_ATTEMPTS)
_FIND_HOPELESS = select(job_table.c.id).where(_is_hopeless).limit(1)
_GIVE_UP = (
    update(job_table)
    .where(_is_hopeless)
    .values(
        state="failed",
        lease_until=None,
        lease_id=None,
        unique_key=_kept_key,
        last_error="Its worker ended or stopped responding during every attempt.",
    )
    .returning(job_table.c.id, job_table.c.kind, job_table.c.payload)
)


@dataclass(frozen=True)
class TakenJob:
    """A job that this process has just taken. `attempt` counts from 1."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempt: int
    lease: Lease


def take_job(job_id: int, now: datetime) -> TakenJob | None:
    """Take a job under a new lease if it is due and no other worker has it."""
    lease_id = secrets.token_hex(16)
    values = {"job_id": job_id, "moment": now, "lease_end": now + LEASE, "taken_by": lease_id}
    with atomic():
        row = db.session.execute(_TAKE, values).one_or_none()
    if row is None:
        return None
    lease = Lease(lease_id, now, now, time.monotonic() + LEASE.total_seconds())
    return TakenJob(job_id, row.kind, row.payload, row.attempts, lease)


@contextmanager
def hold_lease(job: TakenJob) -> Iterator[None]:
    """Renew the job's lease during the block, and let the block commit only while it holds the lease."""
    _running_jobs[job.id] = job.lease
    outer, _this_thread.lease = getattr(_this_thread, "lease", None), job.lease
    try:
        yield
    finally:
        _this_thread.lease = outer
        if _running_jobs.get(job.id) is job.lease:
            del _running_jobs[job.id]


def end_job(job: TakenJob, now: datetime) -> bool:
    """Mark the job as done; return whether its lease was still held."""
    with atomic():
        ended = db.session.scalar(_END, {"job_id": job.id, "held": job.lease.lease_id, "moment": now})
    return ended is not None


def requeue_job(job: TakenJob, now: datetime, error: Exception) -> None:
    """Queue a failed job for another attempt, or mark it as failed after the last one."""
    delay = timedelta(seconds=min(3600, 5 * 2**job.attempt) * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret
    values = {
        "job_id": job.id,
        "held": job.lease.lease_id,
        "next_state": "failed" if job.attempt >= MAX_ATTEMPTS else "queued",
        "next_run": now + delay,
        "reason": f"{type(error).__name__}: {error}",
    }
    with atomic():
        row = db.session.execute(_PUT_BACK, values).one_or_none()
        if row is not None and values["next_state"] == "failed":
            _react_to_giving_up(job.id, row.kind, row.payload, now)


def renew_leases(now: datetime) -> None:
    """Renew the leases of the jobs that this process is running, except those that seem stuck."""
    for job_id, lease in list(_running_jobs.items()):
        if now - lease.began_at > LONGEST_RUN:
            log.warning("job_hangs", job=job_id)
            continue
        if now - lease.renewed_at < RENEW_AFTER:
            continue
        ends = time.monotonic() + LEASE.total_seconds()
        with atomic():
            values = {"job_id": job_id, "held": lease.lease_id, "lease_end": now + LEASE}
            is_held = db.session.scalar(_RENEW, values) is not None
        if is_held:
            lease.renewed_at, lease.ends = now, ends
        else:
            lease.ends = 0.0


def give_up_abandoned(now: datetime) -> None:
    """Mark as failed the jobs whose worker died in their last attempt: the job itself may be what kills workers."""
    if db.session.scalar(_FIND_HOPELESS, {"moment": now}) is None:
        return
    with atomic():
        for job_id, kind, payload in db.session.execute(_GIVE_UP, {"moment": now}).all():
            _react_to_giving_up(job_id, kind, payload, now)


def _react_to_giving_up(job_id: int, kind: str, payload: dict[str, Any], now: datetime) -> None:
    """Call the handler's `when_given_up`; if that fails too, the job is still given up."""
    log.error("job_given_up", job=job_id, kind=kind)
    if kind not in given_up_handlers:
        return
    try:
        with db.session.begin_nested():
            given_up_handlers[kind](payload, now)
    except Exception:
        log.exception("reaction_failed", job=job_id, kind=kind)
