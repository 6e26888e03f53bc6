"""Running a job: take it under a lease, call its handler, and mark it as done or put it back."""

from datetime import datetime

import structlog

from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.jobs.handlers import handlers
from expo.infra.jobs.leases import end_job, hold_lease, requeue_job, take_job

log = structlog.get_logger(__name__)


def run_job(job_id: int, now: datetime) -> bool:
    """Run a job if it is due and no other worker has it; return whether it was done here."""
    job = take_job(job_id, now)
    if job is None:
        return False
    failure: Exception | None = None
    try:
        with hold_lease(job):
            try:
                handlers[job.kind](job.payload, now)
            except Exception as error:
                db.session.rollback()
                log.exception("job_failed", job=job.id, kind=job.kind, attempt=job.attempt)
                failure = error
    finally:
        db.session.remove()
    if failure is not None:
        requeue_job(job, utcnow(), failure)
        return False
    if not end_job(job, utcnow()):
        log.warning("job_lease_lost", job=job.id, kind=job.kind, attempt=job.attempt)
        return False
    return True
