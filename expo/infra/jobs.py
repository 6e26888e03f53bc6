"""The job queue: a job is a row written in the business transaction; huey only carries its id to a worker.

Nothing is lost when the queue or a worker dies: a sweep re-sends what is due, and a job whose worker fell silent is
taken again when its lease ends, as often as any other attempt. A worker that is alive renews the leases of its jobs;
one whose lease has ended commits nothing more, and has no say in what becomes of the job. Handlers are idempotent all
the same: a worker may die between the last act of a job and its note that the job is done.
"""

import random
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import structlog
from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey
from sqlalchemy import (
    ColumnElement,
    Index,
    String,
    Table,
    Text,
    bindparam,
    case,
    cast as cast_sql,
    delete,
    event,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from expo.infra.clock import utcnow
from expo.infra.db import Base, atomic, db, lift_time_limits, on_commit
from expo.infra.inserting import insert_new, insert_row

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 8
SWEEP_SECONDS = 5.0
# A job this young is still on its way to a worker; sending it again would only fill the queue.
GRACE = timedelta(seconds=10)
KEEP_DONE = timedelta(days=7)
KEEP_DONE_SHORTLY = timedelta(hours=1)
SWEEP_BATCH = 500
FORGET_BATCH = 5000
# A lease is renewed so long after it began, but not that of a job that has been running for so long that it hangs.
RENEW_AFTER = timedelta(minutes=1)
LONGEST_RUN = timedelta(hours=2)
FINISH_SECONDS = 8.0

Handler = Callable[[dict[str, Any], datetime], None]
# What is done about a job that failed in every attempt; a part of the transaction that notes it.
GivenUp = Callable[[dict[str, Any], datetime], None]


def _partial_index(name: str, *columns: str, only: str) -> Index:
    return Index(name, *columns, postgresql_where=text(only), sqlite_where=text(only))


class Job(Base):
    """One piece of background work."""

    __tablename__ = "job"
    # The sweep looks at open jobs every few seconds: done ones must not lie in its way.
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
    # At most one job with the same key: one for each period of a periodic job (`kind@period`, kept), and at most one
    # open job for each e-mail and the like (`kind:id`, released when the job ends).
    unique_key: Mapped[str | None] = mapped_column(String(128), unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    # Drawn by whoever takes the job: only the holder of this lease may end or renew it.
    lease_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class PeriodicJob:
    """A job begun once in every period, by whichever worker is first."""

    kind: str
    every: timedelta


@dataclass
class _Lease:
    """A job that this process is doing. `ends` is on the clock of `time.monotonic`, which nobody sets back."""

    lease_id: str
    began_at: datetime
    renewed_at: datetime
    ends: float


class LeaseLostError(Exception):
    """A job took longer than its lease: another worker may be doing it, so what this one did is not committed."""


_handlers: dict[str, Handler] = {}
_periodic_jobs: list[PeriodicJob] = []
_keep_done: dict[str, timedelta] = {}
_when_given_up: dict[str, GivenUp] = {}
_running: dict[int, _Lease] = {}
_of_this_thread = threading.local()


def job_handler(
    kind: str,
    every: timedelta | None = None,
    keep_done: timedelta | None = None,
    when_given_up: GivenUp | None = None,
) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of `kind`; with `every` it is also begun once in each such period.

    A done job is forgotten after `keep_done`; without it after a week, or soon after its period. `when_given_up` is
    called for a job that failed in every attempt, whether it raised or ended its worker.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        _keep_done[kind] = keep_done or (max(KEEP_DONE_SHORTLY, 2 * every) if every else KEEP_DONE)
        if when_given_up:
            _when_given_up[kind] = when_given_up
        if every:
            _periodic_jobs.append(PeriodicJob(kind, every))
        return handler

    return register


def enqueue(kind: str, now: datetime, **payload: Any) -> None:
    """Write a job into the open transaction; it is sent to a worker after the commit."""
    job_id = insert_row(Job, kind=kind, payload=payload, run_after=now, created_at=now)
    _send_after_commit(job_id)


def enqueue_once(kind: str, subject_id: int, now: datetime, **payload: Any) -> bool:
    """Write a job for a subject, such as an e-mail, unless one is open; return whether it was written here."""
    key = open_job_key(kind, subject_id)
    job_id = insert_new(Job, "unique_key", kind=kind, payload=payload, unique_key=key, run_after=now, created_at=now)
    if job_id is None:
        return False
    _send_after_commit(job_id)
    return True


def open_job_key(kind: str, subject_id: int) -> str:
    """Return the unique key of the open job of a kind for a subject."""
    return f"{kind}:{subject_id}"


def has_open_job(kind: str, subject_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return SQL for whether a subject has an open job of a kind."""
    return exists().where(Job.unique_key == literal(f"{kind}:").concat(cast_sql(subject_id, String)))


def _send_after_commit(job_id: int) -> None:
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

    def room(self) -> int:
        """Return how many more ids the sweep may put in: what waits for a worker already is not sent for ever."""
        try:
            return max(0, SWEEP_BATCH - int(self.huey.pending_count()))
        except Exception as error:  # noqa: BLE001 - whatever the carrier raises
            log.warning("queue_unavailable", error=type(error).__name__)
            return 0

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
    lease_id = secrets.token_hex(16)
    taken = _take_job(job_id, lease_id, now)
    if taken is None:
        return False
    kind, payload, attempts = taken
    lease = _Lease(lease_id, now, now, time.monotonic() + LEASE.total_seconds())
    _running[job_id] = lease
    failure: Exception | None = None
    outer, _of_this_thread.lease = getattr(_of_this_thread, "lease", None), lease
    try:
        _handlers[kind](payload, now)
    except Exception as error:
        db.session.rollback()
        log.exception("job_failed", job=job_id, kind=kind, attempt=attempts)
        failure = error
    finally:
        _of_this_thread.lease = outer
        if _running.get(job_id) is lease:
            del _running[job_id]
        db.session.remove()
    if failure is not None:
        _put_back(job_id, lease_id, utcnow(), attempts, failure)
        return False
    with atomic():
        ended = db.session.scalar(_DONE, {"job_id": job_id, "held": lease_id, "moment": utcnow()})
    if ended is None:
        log.warning("job_lease_lost", job=job_id, kind=kind, attempt=attempts)
    return ended is not None


@event.listens_for(Session, "before_commit")
def _refuse_after_the_lease(_session: Session) -> None:
    lease: _Lease | None = getattr(_of_this_thread, "lease", None)
    if lease is not None and lease.ends < time.monotonic():
        raise LeaseLostError


_job = cast("Table", Job.__table__)


def _is(state: str) -> ColumnElement[bool]:
    # Written into the statement, not bound: the database must see that a partial index fits.
    return _job.c.state == literal_column(f"'{state}'")


# Keys of periodic jobs stay, so that a period is begun once; others are free again for the next job.
_kept_key = case((_job.c.unique_key.like("%@%"), _job.c.unique_key))
_abandoned = _is("running") & (_job.c.lease_until < bindparam("moment"))
_TAKE = (
    update(_job)
    .where(
        _job.c.id == bindparam("job_id"),
        _job.c.run_after <= bindparam("moment"),
        _job.c.attempts < MAX_ATTEMPTS,
        or_(_is("queued"), _abandoned),
    )
    .values(
        state="running",
        attempts=_job.c.attempts + 1,
        lease_until=bindparam("lease_end"),
        lease_id=bindparam("taken_by"),
    )
    .returning(_job.c.kind, _job.c.payload, _job.c.attempts)
)
_its_lease = (_job.c.id == bindparam("job_id")) & (_job.c.lease_id == bindparam("held")) & _is("running")
_DONE = (
    update(_job)
    .where(_its_lease)
    .values(state="done", done_at=bindparam("moment"), lease_until=None, lease_id=None, unique_key=_kept_key)
    .returning(_job.c.id)
)
_PUT_BACK = (
    update(_job)
    .where(_its_lease)
    .values(
        state=bindparam("next_state"),
        run_after=bindparam("next_run"),
        lease_until=None,
        lease_id=None,
        last_error=bindparam("reason"),
        unique_key=case((bindparam("next_state", type_=String) == "queued", _job.c.unique_key), else_=_kept_key),
    )
    .returning(_job.c.kind, _job.c.payload)
)
_RENEW = update(_job).where(_its_lease).values(lease_until=bindparam("lease_end")).returning(_job.c.id)
_GIVE_UP = (
    update(_job)
    .where(_abandoned, _job.c.attempts >= MAX_ATTEMPTS)
    .values(
        state="failed",
        lease_until=None,
        lease_id=None,
        unique_key=_kept_key,
        last_error="Its worker ended, or fell silent, in the middle of every attempt.",
    )
    .returning(_job.c.id, _job.c.kind, _job.c.payload)
)


def _take_job(job_id: int, lease_id: str, now: datetime) -> tuple[str, dict[str, Any], int] | None:
    values = {"job_id": job_id, "moment": now, "lease_end": now + LEASE, "taken_by": lease_id}
    with atomic():
        row = db.session.execute(_TAKE, values).one_or_none()
    return (row.kind, row.payload, row.attempts) if row else None


def _put_back(job_id: int, lease_id: str, now: datetime, attempts: int, error: Exception) -> None:
    delay = timedelta(seconds=min(3600, 5 * 2**attempts) * random.uniform(0.8, 1.2))  # noqa: S311 - spread, no secret
    values = {
        "job_id": job_id,
        "held": lease_id,
        "next_state": "failed" if attempts >= MAX_ATTEMPTS else "queued",
        "next_run": now + delay,
        "reason": f"{type(error).__name__}: {error}",
    }
    with atomic():
        row = db.session.execute(_PUT_BACK, values).one_or_none()
        if row is not None and values["next_state"] == "failed":
            _react_to_giving_up(job_id, row.kind, row.payload, now)


def renew_leases(now: datetime) -> None:
    """Renew the leases of the jobs that this process is doing, but for those that seem to hang."""
    for job_id, lease in list(_running.items()):
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
    """Note as failed the jobs whose last attempt ended with their worker: such a job may be what ends workers."""
    with atomic():
        for job_id, kind, payload in db.session.execute(_GIVE_UP, {"moment": now}).all():
            _react_to_giving_up(job_id, kind, payload, now)


def _react_to_giving_up(job_id: int, kind: str, payload: dict[str, Any], now: datetime) -> None:
    """Let the job's kind do what follows; where that fails too, the job is given up all the same."""
    log.error("job_given_up", job=job_id, kind=kind)
    if kind not in _when_given_up:
        return
    try:
        with db.session.begin_nested():
            _when_given_up[kind](payload, now)
    except Exception:
        log.exception("reaction_failed", job=job_id, kind=kind)


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


_QUEUED = (
    select(_job.c.id)
    .where(_is("queued"), _job.c.run_after <= bindparam("moment"))
    .order_by(_job.c.run_after, _job.c.id)
    .limit(SWEEP_BATCH)
)
_ABANDONED = select(_job.c.id).where(_abandoned).order_by(_job.c.lease_until, _job.c.id).limit(SWEEP_BATCH)


def list_due_jobs(now: datetime) -> list[int]:
    """Return ids of jobs that should be running but are not: abandoned ones, then due ones, the longest due first."""
    return [job_id for query in (_ABANDONED, _QUEUED) for job_id in db.session.scalars(query, {"moment": now})]


def drain(now: datetime) -> int:
    """Do every due job here and now, also those begun by them, and return how many. For tests and commands."""
    done = 0
    while job_ids := list_due_jobs(now):
        done += sum(run_job(job_id, now) for job_id in job_ids)
    return done


def sweep(now: datetime) -> None:
    """Begin periodic jobs, renew leases, re-send what is due, give up what ends workers, forget what is done."""
    renew_leases(now)
    begin_periodic_jobs(now)
    give_up_abandoned(now)
    queue = get_queue()
    for job_id in list_due_jobs(now - GRACE)[: queue.room()]:
        queue.send(job_id)
    forget_done_jobs(now)


def forget_done_jobs(now: datetime) -> None:
    """Delete done jobs after the time for which their kind is kept, a bounded number at once."""
    for kind, keep in _keep_done.items():
        old = (
            select(_job.c.id)
            .where(_is("done"), _job.c.kind == kind, _job.c.done_at < now - keep)
            .limit(FORGET_BATCH)
            .scalar_subquery()
        )
        with atomic():
            db.session.execute(delete(Job).where(Job.id.in_(old)).execution_options(synchronize_session=False))


def last_done(kind: str) -> datetime | None:
    """Return when a job of `kind` was last done."""
    query = select(_job.c.done_at).where(_job.c.kind == kind, _is("done")).order_by(_job.c.done_at.desc()).limit(1)
    moment: datetime | None = db.session.scalar(query)
    return moment


@dataclass(frozen=True)
class QueueFigures:
    """How far the background work is: `oldest_seconds` is how long the job has been due that is due longest."""

    waiting: int
    running: int
    oldest_seconds: float
    failed: dict[str, int]


def get_queue_figures(now: datetime) -> QueueFigures:
    """Return how far the background work is."""
    waiting, oldest = db.session.execute(
        select(func.count(), func.min(_job.c.run_after)).where(_is("queued"), _job.c.run_after <= now)
    ).one()
    running = db.session.scalar(select(func.count()).select_from(_job).where(_is("running"))) or 0
    return QueueFigures(waiting, running, (now - oldest).total_seconds() if oldest else 0.0, count_failed_jobs())


def count_failed_jobs() -> dict[str, int]:
    """Return how many jobs of each kind were given up after every attempt."""
    query = select(Job.kind, func.count()).where(_is("failed")).group_by(Job.kind).order_by(Job.kind)
    return {row.kind: row[1] for row in db.session.execute(query)}


def run_worker(app: Flask, threads: int) -> None:
    """Work until interrupted: a huey consumer, and a thread that sweeps."""
    with app.app_context():
        lift_time_limits()
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
