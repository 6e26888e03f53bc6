"""A job is done once it is committed, and again when it failed or its worker stopped responding."""

import multiprocessing
import os
import re
import signal
import sqlite3
import threading
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, insert, select, text, update
from sqlalchemy.orm import Session

from expo.infra.db import atomic, db
from expo.infra.jobs import (
    Job,
    Queue,
    count_failed_jobs,
    drain,
    enqueue,
    enqueue_once,
    execution,
    handlers,
    job_handler,
    leases,
    queue,
    run_job,
    sweeper,
)
from expo.infra.jobs.handlers import KEEP_DONE, PeriodicJob
from expo.infra.jobs.leases import LEASE, MAX_ATTEMPTS, RENEW_AFTER, give_up_abandoned, renew_leases, take_job
from expo.infra.jobs.sweeper import GRACE, begin_periodic_jobs, delete_done_jobs, list_due_jobs, sweep
from expo.infra.processes import close_connections

KIND = "test.note"


def _begin_only(monkeypatch: pytest.MonkeyPatch, *periodic: PeriodicJob) -> None:
    """Let the clock begin these jobs and no others."""
    monkeypatch.setattr(sweeper, "periodic_jobs", list(periodic))


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the handler of test jobs was given; a payload with `fail` makes it fail."""
    monkeypatch.setattr(execution, "handlers", registered := dict(handlers.handlers))
    monkeypatch.setattr(handlers, "handlers", registered)
    _begin_only(monkeypatch)
    done: list[dict[str, Any]] = []

    @job_handler(KIND)
    def note(payload: dict[str, Any], _now: datetime) -> None:
        done.append(payload)
        if payload.get("fail"):
            raise LookupError("as asked")

    return done


def _enqueue(now: datetime, **payload: object) -> int:
    with atomic():
        enqueue(KIND, now, **payload)
    return int(db.session.scalars(select(Job.id).order_by(Job.id.desc())).first() or 0)


def _job(job_id: int) -> Job:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Job, job_id)


def test_job_when_its_act_is_rolled_back_then_is_never_done(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    with pytest.raises(LookupError), atomic():  # noqa: PT012 - what is rolled back
        enqueue(KIND, now, text="lost")
        raise LookupError

    assert drain(now) == 0
    assert notes == []


def test_job_when_sent_twice_then_is_done_once(each_app: Flask, now: datetime, notes: list[dict[str, Any]]) -> None:
    job_id = _enqueue(now, text="hello")

    assert [run_job(job_id, now), run_job(job_id, now)] == [True, False]
    assert notes == [{"text": "hello"}]
    assert _job(job_id).state == "done"


def test_job_when_it_fails_then_is_tried_again_later_and_given_up_in_the_end(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    job_id = _enqueue(now, fail=True)
    then = now

    for _ in range(MAX_ATTEMPTS):
        assert not run_job(job_id, then)
        row = _job(job_id)
        assert not run_job(job_id, row.run_after - timedelta(seconds=1))
        then = row.run_after

    assert len(notes) == MAX_ATTEMPTS
    assert (row.state, row.attempts, row.last_error) == ("failed", MAX_ATTEMPTS, "LookupError: as asked")
    assert list_due_jobs(then + timedelta(days=365)) == []
    assert count_failed_jobs() == {KIND: 1}


def test_job_when_its_worker_fell_silent_then_is_taken_again_after_the_lease(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    job_id = _enqueue(now, text="again")
    with atomic():
        db.session.execute(update(Job).values(state="running", attempts=1, lease_until=now + LEASE))

    assert not run_job(job_id, now + LEASE)
    assert list_due_jobs(now + LEASE) == []
    later = now + LEASE + timedelta(seconds=1)
    assert list_due_jobs(later) == [job_id]
    assert run_job(job_id, later)
    assert notes == [{"text": "again"}]


def test_job_when_it_is_not_due_then_waits(each_app: Flask, now: datetime, notes: list[dict[str, Any]]) -> None:
    job_id = _enqueue(now + timedelta(hours=1))

    assert not run_job(job_id, now)
    assert drain(now) == 0
    assert drain(now + timedelta(hours=1)) == 1
    assert notes == [{}]


def test_periodic_job_when_several_workers_sweep_then_is_begun_once_in_each_period(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin_only(monkeypatch, PeriodicJob(KIND, timedelta(hours=1)))

    for minutes in (0, 1, 59, 60, 61):
        begin_periodic_jobs(now + timedelta(minutes=minutes))

    assert drain(now + timedelta(hours=2)) == 2
    assert notes == [{}, {}]


def test_sweep_when_the_queue_lost_a_job_then_sends_it_again(
    app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    huey = app.extensions["expo_queue"].huey
    huey.storage.flush_queue()
    _enqueue(now)
    huey.storage.flush_queue()

    sweep(now + timedelta(seconds=1))
    assert huey.pending_count() == 0  # so young a job is still on its way
    sweep(now + timedelta(minutes=1))

    assert huey.pending_count() == 1
    huey.storage.flush_queue()


def test_sweep_when_jobs_were_done_long_ago_then_forgets_them(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    old, young = _enqueue(now), _enqueue(now)
    assert drain(now) == 2
    with atomic():
        db.session.execute(update(Job).where(Job.id == old).values(done_at=now - KEEP_DONE - timedelta(seconds=1)))
        db.session.execute(update(Job).where(Job.id == young).values(done_at=now))

    sweep(now)

    assert list(db.session.scalars(select(Job.id))) == [young]


def test_enqueue_when_the_queue_does_not_answer_then_the_act_stands_and_the_job_waits(
    app: Flask, now: datetime, notes: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_job_id: int, **_options: int) -> None:
        raise ConnectionError("gone")

    monkeypatch.setattr(app.extensions["expo_queue"], "_task", refuse)

    job_id = _enqueue(now)

    assert list_due_jobs(now) == [job_id]
    assert drain(now) == 1


@pytest.mark.parametrize("damage", [b"this is no database", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_queue_when_its_file_is_damaged_then_is_set_aside_and_jobs_are_sent_again(
    app: Flask, now: datetime, notes: list[dict[str, Any]], tmp_path: Path, damage: bytes
) -> None:
    job_id = _enqueue(now)
    (tmp_path / "queue.sqlite3").write_bytes(damage)

    queue = Queue(app, tmp_path, "")
    app.extensions["expo_queue"], before = queue, app.extensions["expo_queue"]
    sweep(now + GRACE)
    sent = queue.huey.storage.queue_size()
    queue.close()
    app.extensions["expo_queue"] = before

    assert (tmp_path / "queue.sqlite3.damaged").read_bytes() == damage
    assert (sent, list_due_jobs(now)) == (1, [job_id])


def test_queue_when_its_file_is_whole_then_is_left_as_it_is(app: Flask, tmp_path: Path) -> None:
    queue = Queue(app, tmp_path, "")
    queue.send(1)
    queue.close()

    again = Queue(app, tmp_path, "")

    assert again.huey.storage.queue_size() == 1
    assert not (tmp_path / "queue.sqlite3.damaged").exists()
    again.close()


def test_queue_when_opened_while_a_worker_holds_it_then_does_not_wait_for_it(app: Flask, tmp_path: Path) -> None:
    Queue(app, tmp_path, "").close()
    with closing(sqlite3.connect(tmp_path / "queue.sqlite3", isolation_level=None)) as worker:
        worker.execute("BEGIN EXCLUSIVE")

        # Waiting would end with "database is locked": the lock is held until this block ends.
        queue = Queue(app, tmp_path, "")

        assert queue.huey.storage.queue_size() == 0
        queue.close()


def _die(app: Flask, job_id: int, now: datetime) -> None:
    """Run the job in a process of its own, which its handler kills."""
    assert _run_in_another_process(app, job_id, now) == -signal.SIGKILL


def _run_in_another_process(app: Flask, job_id: int, now: datetime) -> int | None:
    """Run the job in a process of its own, and return how that ended."""
    process = multiprocessing.get_context("fork").Process(target=_run_apart, args=(app, job_id, now))
    close_connections(app)
    process.start()
    process.join()
    return process.exitcode


def _run_apart(app: Flask, job_id: int, now: datetime) -> None:
    with app.app_context():
        run_job(job_id, now)
    os._exit(0)


def test_job_when_it_kills_its_worker_every_time_then_given_up(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    @job_handler("test.killer")
    def kill(_payload: dict[str, Any], _now: datetime) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with atomic():
        enqueue("test.killer", now)
    job_id = int(db.session.scalars(select(Job.id)).one())
    then = now
    for _attempt in range(MAX_ATTEMPTS):
        assert list_due_jobs(then) == [job_id]
        _die(each_app, job_id, then)
        then += LEASE + timedelta(seconds=1)

    give_up_abandoned(then - timedelta(seconds=2))
    before = _job(job_id).state
    taken_again = run_job(job_id, then)
    sweep(then)

    row = _job(job_id)
    assert (before, taken_again, row.state, row.attempts) == ("running", False, "failed", MAX_ATTEMPTS)
    assert "worker" in str(row.last_error)
    assert (list_due_jobs(then + timedelta(days=9)), count_failed_jobs()) == ([], {"test.killer": 1})


@pytest.mark.parametrize("fails", [False, True])
def test_job_when_slower_than_its_lease_then_whoever_took_it_over_has_the_last_word(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]], *, fails: bool
) -> None:
    runs: list[str] = []

    @job_handler("test.slow")
    def be_slow(payload: dict[str, Any], then: datetime) -> None:
        runs.append("first" if then == now else "second")
        if then != now:
            return
        taken_over = threading.Thread(target=_run_in_app, args=(each_app, payload["id"], now + LEASE * 2))
        taken_over.start()
        taken_over.join()
        if fails:
            raise LookupError("too late")

    job_id = _enqueue(now)
    with atomic():
        db.session.execute(update(Job).values(kind="test.slow", payload={"id": job_id}))

    assert not run_job(job_id, now)

    row = _job(job_id)
    assert (runs, row.state, row.last_error) == (["first", "second"], "done", None)
    assert (list_due_jobs(now + timedelta(days=1)), drain(now + timedelta(days=1))) == ([], 0)


def _run_in_app(app: Flask, job_id: int, now: datetime) -> None:
    with app.app_context():
        run_job(job_id, now)


def test_job_when_it_takes_long_then_its_lease_is_renewed_until_it_hangs(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    taken: list[bool] = []
    leases: list[datetime | None] = []

    @job_handler("test.long")
    def take_long(payload: dict[str, Any], _now: datetime) -> None:
        for minutes in (1, 4, 8, 121):
            then = now + timedelta(minutes=minutes)
            renew_leases(then)
            leases.append(_job(payload["id"]).lease_until)
            other = threading.Thread(
                target=lambda moment=then: taken.append(_takes(each_app, payload["id"], moment)), daemon=True
            )
            other.start()
            other.join()

    job_id = _enqueue(now)
    with atomic():
        db.session.execute(update(Job).values(kind="test.long", payload={"id": job_id}))
    run_job(job_id, now)

    assert taken == [False, False, False, True]
    assert leases[1:3] == [now + timedelta(minutes=4) + LEASE, now + timedelta(minutes=8) + LEASE]


def test_lease_when_just_renewed_then_is_not_written_at_every_sweep(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    ends: list[datetime | None] = []
    job_id = _enqueue(now)

    @job_handler(KIND)
    def take_long(_payload: dict[str, Any], _now: datetime) -> None:
        for seconds in (5, 60, 65, 119, 120):
            renew_leases(now + timedelta(seconds=seconds))
            ends.append(_job(job_id).lease_until)

    assert run_job(job_id, now)
    first, second, third = (now + LEASE + RENEW_AFTER * count for count in range(3))
    assert ends == [first, second, second, second, third]


def test_job_when_another_process_has_taken_it_over_then_commits_nothing_more(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    job_id = _enqueue(now)

    @job_handler(KIND)
    def be_slow(_payload: dict[str, Any], then: datetime) -> None:
        if then == now:
            _run_in_another_process(each_app, job_id, now + LEASE * 2)
            renew_leases(now + LEASE * 2)
        with atomic():
            enqueue("test.mark_of_the_first" if then == now else "test.mark_of_the_second", now)

    assert not run_job(job_id, now)

    assert (_job(job_id).state, _job(job_id).last_error) == ("done", None)
    assert list(db.session.scalars(select(Job.kind).order_by(Job.id))) == [KIND, "test.mark_of_the_second"]


def test_job_when_its_lease_ended_unnoticed_then_commits_nothing_and_is_tried_again(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = _enqueue(now)

    @job_handler(KIND)
    def be_slow(_payload: dict[str, Any], _now: datetime) -> None:
        with atomic():
            enqueue("test.mark", now)

    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=-1))
    assert not run_job(job_id, now)
    monkeypatch.undo()

    assert (_job(job_id).state, _job(job_id).last_error) == ("queued", "LeaseLostError: ")
    assert list(db.session.scalars(select(Job.kind))) == [KIND]


def test_sweep_when_ids_wait_for_a_worker_already_then_fills_the_queue_no_further(
    app: Flask, now: datetime, notes: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "SWEEP_BATCH", 2)
    huey = app.extensions["expo_queue"].huey
    for _ in range(3):
        _enqueue(now)
    huey.storage.flush_queue()

    waiting = []
    for seconds in (60, 65, 70):
        sweep(now + timedelta(seconds=seconds))
        waiting.append(huey.pending_count())

    huey.storage.flush_queue()
    assert waiting == [2, 2, 2]


def test_list_due_jobs_when_many_are_due_then_an_abandoned_one_is_not_behind_them(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    later, earlier, abandoned = _enqueue(now), _enqueue(now - timedelta(hours=1)), _enqueue(now)
    with atomic():
        db.session.execute(
            update(Job).where(Job.id == abandoned).values(state="running", attempts=1, lease_until=now - LEASE)
        )

    assert list_due_jobs(now) == [abandoned, earlier, later]


def _takes(app: Flask, job_id: int, now: datetime) -> bool:
    with app.app_context():
        return take_job(job_id, now) is not None


def test_job_for_a_subject_when_open_then_not_written_twice_and_when_ended_then_again(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    def write() -> bool:
        with atomic():
            return enqueue_once(KIND, 7, now)

    first, second = write(), write()
    drain(now)
    third = write()

    assert (first, second, third, len(notes)) == (True, False, True, 1)
    with atomic():
        assert enqueue_once(KIND, 8, now)


def test_done_jobs_when_short_lived_then_forgotten_after_an_hour(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(handlers.done_lifetimes, KIND, timedelta(hours=1))
    _enqueue(now)
    drain(now)
    with atomic():
        db.session.execute(update(Job).values(done_at=now))
    delete_done_jobs(now + timedelta(hours=1))
    kept = len(db.session.scalars(select(Job.id)).all())
    delete_done_jobs(now + timedelta(hours=1, seconds=1))
    assert (kept, db.session.scalars(select(Job.id)).all()) == (1, [])


def test_sweep_when_there_are_many_done_jobs_then_reads_none_of_them(
    each_app: Flask, now: datetime, notes: list[dict[str, Any]]
) -> None:
    explain = "EXPLAIN" if db.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    done = [
        {
            "kind": KIND,
            "payload": {},
            "state": "done",
            "attempts": 1,
            "run_after": now,
            "created_at": now,
            "done_at": now,
        }
        for _ in range(5_000)
    ]
    with atomic():
        db.session.execute(insert(Job), done)
    _enqueue(now)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE job")
        plans = [
            "\n".join(str(row[-1]) for row in connection.execute(text(f"{explain} {_sql(query, now)}")))
            for query in (sweeper._queued(), sweeper._ABANDONED)
        ]
    assert [re.findall(r"Seq Scan|SCAN job(?! USING)|ix_job_\w+", plan) for plan in plans] == [
        ["ix_job_queued"],
        ["ix_job_running"],
    ]


def _sql(query: Select[tuple[int]], now: datetime) -> str:
    return str(query.params(moment=now).compile(db.engine, compile_kwargs={"literal_binds": True}))


def test_sweep_when_there_is_nothing_to_do_then_does_not_keep_others_from_writing(
    app: Flask, now: datetime, notes: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin_only(monkeypatch, PeriodicJob(KIND, timedelta(hours=1)))
    sweep(now)
    drain(now)
    with atomic():
        db.session.execute(update(Job).values(done_at=now))
    begun: list[str] = []

    def begin() -> AbstractContextManager[Session]:
        begun.append("transaction")
        return atomic()

    for module in (sweeper, leases):
        monkeypatch.setattr(module, "atomic", begin)

    sweep(now + timedelta(minutes=1))
    nothing_written = begun == []
    sweep(now + timedelta(hours=1))

    assert nothing_written
    assert begun == ["transaction"]
    assert notes == [{}]
