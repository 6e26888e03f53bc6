"""The job queue: a job is a row written in the business transaction; huey only delivers its id to a worker.

Nothing is lost if the queue or a worker dies: a sweep sends due jobs again, and a job whose worker stopped responding
is retried after its lease ends, which counts as an attempt. A live worker renews the leases of its jobs; a worker
whose lease has ended can commit nothing more and cannot change the state of the job. Handlers must still be
idempotent: a worker may die between the last act of a job and marking the job as done.
"""

from expo.infra.jobs.execution import run_job
from expo.infra.jobs.figures import QueueFigures, count_failed_jobs, get_queue_figures, last_done
from expo.infra.jobs.handlers import KEEP_DONE_SHORTLY, Priority, job_handler
from expo.infra.jobs.leases import MAX_ATTEMPTS, LeaseLostError
from expo.infra.jobs.models import Job
from expo.infra.jobs.producer import enqueue, enqueue_once, has_open_job
from expo.infra.jobs.progress import WatchedJob, find_watched_job, record_job_progress
from expo.infra.jobs.queue import Queue, get_queue
from expo.infra.jobs.sweeper import drain, sweep
from expo.infra.jobs.worker import run_worker

__all__ = [
    "KEEP_DONE_SHORTLY",
    "MAX_ATTEMPTS",
    "Job",
    "LeaseLostError",
    "Priority",
    "Queue",
    "QueueFigures",
    "WatchedJob",
    "count_failed_jobs",
    "drain",
    "enqueue",
    "enqueue_once",
    "find_watched_job",
    "get_queue",
    "get_queue_figures",
    "has_open_job",
    "job_handler",
    "last_done",
    "record_job_progress",
    "run_job",
    "run_worker",
    "sweep",
]
