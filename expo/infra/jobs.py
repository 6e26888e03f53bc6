"""The job queue: a job is a row written in the business transaction; huey only carries its id to a worker.

Nothing is lost when the queue or a worker dies: a sweep re-sends what is due, and a job whose worker fell silent is
taken again when its lease ends. Handlers are idempotent, because a job may therefore run twice.
"""

import random
import secrets
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import structlog
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey
from sqlalchemy import Index, String, Table, Text, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from expo.infra.clock import utcnow
from expo.infra.db import Base, atomic, db, on_commit
from expo.infra.inserting import insert_row

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
SWEEP_SECONDS = 5.0
# A job this young is still on its way to a worker; sending it again would only fill the queue.
GRACE = timedelta(seconds=10)
KEEP_DONE = timedelta(days=7)
SWEEP_BATCH = 500
FINISH_SECONDS = 8.0

Handler = Callable[[dict[str, Any], datetime], None]


class Job(Base):
    """One piece of background work."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_after", "state", "run_after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    # queued, running, done, failed
    state: Mapped[str] = mapped_column(String(16), default="queued")
    # At most one job with the same key: how a periodic job is begun once by several workers.
    unique_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class PeriodicJob:
    """A job begun once in every period, by whichever worker is first."""

    kind: str
    every: timedelta


_handlers: dict[str, Handler] = {}
_periodic_jobs: list[PeriodicJob] = []


def job_handler(kind: str, every: timedelta | None = None) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind`; with `every` it is also begun once in each such period."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        if every:
            _periodic_jobs.append(PeriodicJob(kind, every))
        return handler

    return register


def enqueue(kind: str, now: datetime, **payload: Any) -> None:
    """Write a job into the open transaction; it is sent to a worker after the commit."""
    job_id = insert_row(Job, kind=kind, payload=payload, run_after=now, created_at=now)
    queue = get_queue()
    on_commit(lambda: queue.send(job_id))


class Queue:
    """Carries job ids from the web processes to the workers."""

    def __init__(self, app: Flask, data_dir: Path, redis_url: str) -> None:
        self._app = app
        self.huey: Huey = (
            RedisHuey("expo", url=redis_url, results=False)
            if redis_url
            else _embedded_queue(data_dir / "queue.sqlite3")
        )
        self._task = self.huey.task(name="run_job")(self._run)

    def send(self, job_id: int) -> None:
        """Hand the job to a worker. A queue that does not answer is logged: the sweep sends the job later."""
        try:
            self._task(job_id)
        except Exception as error:  # noqa: BLE001 - whatever the carrier raises must not undo a committed act
            log.warning("queue_unavailable", job=job_id, error=type(error).__name__)

    def carries(self) -> bool:
        """Return whether what is put into the carrier comes out of it. Raises what the carrier raises."""
        name, word = f"check-{secrets.token_hex(8)}", secrets.token_bytes(8)
        self.huey.storage.put_data(name, word)
        return bool(self.huey.storage.pop_data(name) == word)

    def close(self) -> None:
        """Let go of the connection to an embedded queue; the next use opens another. Redis' client does so itself."""
        if isinstance(self.huey, SqliteHuey):
            self.huey.storage.close()

    def _run(self, job_id: int) -> None:
        with self._app.app_context():
            run_job(job_id, utcnow())


def _embedded_queue(path: Path) -> SqliteHuey:
    """Open the queue in this file. A damaged one is set aside: it held only ids, and the sweep sends them again."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            [answer] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError:
        raise  # no damage: a full disk, or a folder that may not be read
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        aside = path.with_name(f"{path.name}.damaged")
        path.replace(aside)
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        log.warning("queue_damaged", set_aside=str(aside), reason=answer.splitlines()[0])
    return SqliteHuey("expo", filename=str(path), fsync=False, results=False)


def get_queue() -> Queue:
    """Return the running application's queue."""
    queue: Queue = current_app.extensions["expo_queue"]
    return queue


def run_job(job_id: int, now: datetime) -> bool:
    """Do the job if it is due and nobody else has it; return whether it was done here."""
    taken = _take_job(job_id, now)
    if taken is None:
        return False
    kind, payload, attempts = taken
    try:
        _handlers[kind](payload, now)
    except Exception as error:
        db.session.rollback()
        log.exception("job_failed", job=job_id, kind=kind, attempt=attempts)
        _put_back(job_id, utcnow(), attempts, error)
        return False
    finally:
        db.session.remove()
    with atomic():
        db.session.execute(_DONE, {"job_id": job_id, "moment": utcnow()})
    return True


_job = cast("Table", Job.__table__)
_free = or_(_job.c.state == "queued", (_job.c.state == "running") & (_job.c.lease_until < bindparam("moment")))
_TAKE = (
    update(_job)
    .where(_job.c.id == bindparam("job_id"), _job.c.run_after <= bindparam("moment"), _free)
    .values(state="running", attempts=_job.c.attempts + 1, lease_until=bindparam("lease_end"))
    .returning(_job.c.kind, _job.c.payload, _job.c.attempts)
)
_DONE = (
    update(_job)
    .where(_job.c.id == bindparam("job_id"))
    .values(state="done", done_at=bindparam("moment"), lease_until=None)
)


def _take_job(job_id: int, now: datetime) -> tuple[str, dict[str, Any], int] | None:
    values = {"job_id": job_id, "moment": now, "lease_end": now + LEASE}
    with atomic():
        row = db.session.execute(_TAKE, values).one_or_none()
    return (row.kind, row.payload, row.attempts) if row else None


def _put_back(job_id: int, now: datetime, attempts: int, error: Exception) -> None:
    delay = timedelta(seconds=min(3600, 5 * 2**attempts) * random.uniform(0.8, 1.2))  # noqa: S311 - spread, no secret
    state = "failed" if attempts >= MAX_ATTEMPTS else "queued"
    with atomic():
        db.session.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(state=state, run_after=now + delay, lease_until=None, last_error=f"{type(error).__name__}: {error}")
        )


def begin_periodic_jobs(now: datetime) -> None:
    """Write the jobs whose period has begun and has no job yet."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    for periodic in _periodic_jobs:
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


def list_due_jobs(now: datetime) -> list[int]:
    """Return ids of jobs that should be running but are not: due ones and those whose worker fell silent."""
    due = (Job.state == "queued") & (Job.run_after <= now)
    abandoned = (Job.state == "running") & (Job.lease_until < now)
    rows = db.session.scalars(select(Job.id).where(or_(due, abandoned)).order_by(Job.id).limit(SWEEP_BATCH))
    return list(rows)


def drain(now: datetime) -> int:
    """Do every due job here and now, also those begun by them, and return how many. For tests and commands."""
    done = 0
    while job_ids := list_due_jobs(now):
        done += sum(run_job(job_id, now) for job_id in job_ids)
    return done


def sweep(now: datetime) -> None:
    """Begin periodic jobs, re-send what is due, and forget what was done long ago."""
    begin_periodic_jobs(now)
    queue = get_queue()
    for job_id in list_due_jobs(now - GRACE):
        queue.send(job_id)
    with atomic():
        db.session.execute(delete(Job).where(Job.state == "done", Job.done_at < now - KEEP_DONE))


def last_done(kind: str) -> datetime | None:
    """Return when a job of `kind` was last done."""
    query = select(Job.done_at).where(Job.kind == kind, Job.state == "done").order_by(Job.done_at.desc()).limit(1)
    return db.session.scalar(query)


def count_failed_jobs() -> dict[str, int]:
    """Return how many jobs of each kind were given up after every attempt."""
    query = select(Job.kind, func.count()).where(Job.state == "failed").group_by(Job.kind).order_by(Job.kind)
    return {row.kind: row[1] for row in db.session.execute(query)}


def run_worker(app: Flask, threads: int) -> None:
    """Work until interrupted: a huey consumer, and a thread that sweeps."""
    with app.app_context():
        queue = get_queue()
    stop = threading.Event()
    sweeper = threading.Thread(target=_sweep_until, args=(app, stop), name="sweeper", daemon=True)
    sweeper.start()
    consumer = queue.huey.create_consumer(
        workers=threads,
        periodic=False,
        initial_delay=0.05,
        max_delay=0.5,
        check_worker_health=True,
        # Asked to end, it finishes what it is at: a job that is cut off waits for the end of its lease.
        graceful_signal="TERM",
        shutdown_timeout=FINISH_SECONDS,
    )
    try:
        consumer.run()
    finally:
        stop.set()


def _sweep_until(app: Flask, stop: threading.Event) -> None:
    while not stop.is_set():
        with app.app_context():
            try:
                sweep(utcnow())
            except Exception:
                log.exception("sweep_failed")
        stop.wait(SWEEP_SECONDS)
