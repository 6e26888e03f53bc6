"""`atomic()`, `on_commit()`, `lock()` and `retried` behave alike on SQLite and PostgreSQL."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from expo.infra.db import (
    RETRIES,
    UnsavedChangesError,
    atomic,
    db,
    is_atomic,
    lock,
    on_commit,
    retried,
    run_at_commit,
    run_core,
)
from expo.infra.jobs import Job

TIMEOUT = 120


def _job(now: datetime, kind: str = "test") -> Job:
    return Job(kind=kind, payload={}, run_after=now, created_at=now)


def _count() -> int:
    return db.session.scalar(select(func.count()).select_from(Job)) or 0


def test_atomic_when_the_block_ends_then_others_see_what_was_written(each_app: Flask, now: datetime) -> None:
    with atomic() as session:
        session.add(_job(now))

    with db.engine.connect() as other:
        assert other.scalar(select(func.count()).select_from(Job)) == 1
    assert not is_atomic()


def test_atomic_when_the_block_raises_then_nothing_is_written_and_callbacks_are_dropped(
    each_app: Flask, now: datetime
) -> None:
    called: list[str] = []

    with pytest.raises(LookupError), atomic() as session:  # noqa: PT012 - what is rolled back
        session.add(_job(now))
        session.flush()
        on_commit(lambda: called.append("after"))
        raise LookupError

    assert (_count(), called, is_atomic()) == (0, [], False)


def test_atomic_when_inside_another_then_both_are_one_transaction(each_app: Flask, now: datetime) -> None:
    with pytest.raises(LookupError), atomic() as outer:  # noqa: PT012 - what is rolled back
        with atomic() as inner:
            inner.add(_job(now))
        assert inner is outer
        raise LookupError

    assert _count() == 0


def test_atomic_when_changes_belong_to_no_transaction_then_is_refused(each_app: Flask, now: datetime) -> None:
    db.session.add(_job(now))

    with pytest.raises(UnsavedChangesError), atomic():
        pass


def test_atomic_when_something_was_read_before_then_decides_on_fresh_rows(each_app: Flask, now: datetime) -> None:
    assert _count() == 0

    def write() -> None:
        with each_app.app_context(), atomic() as session:
            session.add(_job(now))

    writer = threading.Thread(target=write)
    writer.start()
    writer.join(TIMEOUT)

    with atomic():
        assert _count() == 1


def test_on_commit_when_called_then_runs_in_order_after_the_outermost_commit(each_app: Flask, now: datetime) -> None:
    seen: list[tuple[str, int]] = []

    def count_from_outside(name: str) -> None:
        with db.engine.connect() as other:
            seen.append((name, other.scalar(select(func.count()).select_from(Job)) or 0))

    with atomic() as session:
        session.add(_job(now))
        on_commit(lambda: count_from_outside("first"))
        with atomic():
            on_commit(lambda: count_from_outside("second"))
        assert seen == []

    assert seen == [("first", 1), ("second", 1)]


def test_on_commit_when_no_transaction_is_open_then_is_refused(each_app: Flask) -> None:
    with pytest.raises(RuntimeError):
        on_commit(lambda: None)


def test_lock_when_another_holds_the_row_then_waits_and_reads_what_it_wrote(each_app: Flask, now: datetime) -> None:
    with atomic() as session:
        job = _job(now)
        session.add(job)
    job_id = job.id
    db.session.remove()
    held, entered = threading.Event(), threading.Event()
    read: list[int] = []

    def wait_and_add() -> None:
        with each_app.app_context():
            held.wait(TIMEOUT)
            entered.set()
            with atomic():
                row = lock(Job, job_id)
                assert row is not None
                read.append(row.attempts)

    second = threading.Thread(target=wait_and_add)
    second.start()
    with atomic():
        row = lock(Job, job_id)
        assert row is not None
        held.set()
        entered.wait(TIMEOUT)
        second.join(0.3)
        waited = second.is_alive()
        row.attempts = 7
    second.join(TIMEOUT)

    assert waited
    assert read == [7]


def test_lock_when_there_is_no_such_row_then_gives_none(each_app: Flask) -> None:
    with atomic():
        assert lock(Job, 12345) is None


class _Deadlock(Exception):
    sqlstate = "40P01"


class _Other(Exception):
    sqlstate = "23505"


def _failing(times: int, reason: Exception) -> tuple[list[int], Callable[[], str]]:
    tries: list[int] = []

    @retried
    def act() -> str:
        tries.append(len(tries))
        if len(tries) <= times:
            raise OperationalError("UPDATE", {}, reason)
        return "done"

    return tries, act


def test_retried_when_the_database_gave_up_twice_then_succeeds_the_third_time(app: Flask) -> None:
    tries, act = _failing(2, _Deadlock())

    assert act() == "done"
    assert len(tries) == 3


def test_retried_when_the_database_gives_up_every_time_then_raises_after_a_bounded_number(app: Flask) -> None:
    tries, act = _failing(100, _Deadlock())

    with pytest.raises(DBAPIError):
        act()

    assert len(tries) == RETRIES


def test_retried_when_the_error_is_of_another_kind_then_raises_at_once(app: Flask) -> None:
    tries, act = _failing(1, _Other())

    with pytest.raises(DBAPIError):
        act()

    assert len(tries) == 1


def test_retried_when_inside_an_open_transaction_then_leaves_retrying_to_the_outermost(app: Flask) -> None:
    tries, act = _failing(1, _Deadlock())

    with pytest.raises(DBAPIError), atomic():
        act()

    assert len(tries) == 1


@pytest.mark.postgresql
def test_retried_when_two_acts_lock_each_other_out_then_both_are_done(pg_app: Flask, now: datetime) -> None:
    with atomic() as session:
        rows = [_job(now, "one"), _job(now, "two")]
        session.add_all(rows)
    first, second = (row.id for row in rows)
    db.session.remove()
    barrier = threading.Barrier(2)
    tries: list[str] = []

    @retried
    def add_to_both(one: int, other: int) -> None:
        tries.append(threading.current_thread().name)
        with atomic():
            for each in (one, other):
                row = lock(Job, each)
                assert row is not None
                row.attempts += 1
                if len(tries) <= 2 and each == one:
                    barrier.wait(TIMEOUT)

    def run(one: int, other: int) -> None:
        with pg_app.app_context():
            add_to_both(one, other)

    threads = [threading.Thread(target=run, args=order) for order in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(TIMEOUT)

    assert list(db.session.scalars(select(Job.attempts))) == [2, 2]
    assert len(tries) >= 3  # the one that gave up may be faster again, and give up once more


def test_run_at_commit_when_a_savepoint_is_undone_then_only_what_was_run_in_it_is_missing(
    each_app: Flask, now: datetime
) -> None:
    insert = Job.__table__.insert()  # type: ignore[attr-defined]

    def write(kind: str) -> None:
        values = {"kind": kind, "payload": {}, "state": "queued", "attempts": 0, "run_after": now, "created_at": now}
        run_at_commit(insert, values)

    with atomic() as session:
        write("before")
        with pytest.raises(LookupError), session.begin_nested():  # noqa: PT012 - what is rolled back
            write("within")
            raise LookupError
        write("after")
        before_the_commit = _count()

    assert before_the_commit == 0
    assert list(db.session.scalars(select(Job.kind).order_by(Job.id))) == ["before", "after"]


def test_run_core_when_a_savepoint_is_undone_then_what_was_run_in_it_is_missing(each_app: Flask, now: datetime) -> None:
    values = {"kind": "test", "payload": {}, "state": "queued", "attempts": 0, "run_after": now, "created_at": now}

    with atomic() as session, pytest.raises(LookupError), session.begin_nested():  # noqa: PT012 - what is rolled back
        run_core(Job.__table__.insert(), values)  # type: ignore[attr-defined]
        raise LookupError

    assert _count() == 0


def test_run_at_commit_when_the_block_raises_then_nothing_is_written(each_app: Flask, now: datetime) -> None:
    insert = Job.__table__.insert()  # type: ignore[attr-defined]
    values = {"kind": "test", "payload": {}, "state": "queued", "attempts": 0, "run_after": now, "created_at": now}

    with pytest.raises(LookupError), atomic():  # noqa: PT012 - what is rolled back
        run_at_commit(insert, values)
        raise LookupError
    with atomic():
        pass

    assert _count() == 0


def test_autocommit_when_another_writes_between_two_statements_then_each_stands_alone(
    app: Flask, now: datetime
) -> None:
    """On SQLite, one transaction would have read before the other wrote, and could no longer write."""
    with atomic() as session:
        session.add(_job(now))

    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        assert connection.scalar(select(func.count()).select_from(Job)) == 1
        with atomic() as session:
            session.add(_job(now))
        connection.execute(update(Job).values(kind="changed"))
        with db.engine.connect() as other:
            kinds = list(other.scalars(select(Job.kind)))

    assert kinds == ["changed", "changed"]
