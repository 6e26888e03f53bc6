"""Jobs that somebody waits for overtake jobs of which there are thousands, in the queue and in the sweep."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from expo.infra.db import atomic, db
from expo.infra.jobs import Job, Queue
from expo.infra.jobs.queue import SWEEP_BATCH
from expo.infra.jobs.sweeper import GRACE, list_due_jobs, sweep
from expo.mail.services import queue_email
from tests.redis_server import RedisServer

BULK = 5_000


@pytest.fixture(params=["embedded", "redis"])
def queue(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Iterator[Queue]:
    """An empty queue of each kind, used by the application."""
    url = ""
    if request.param == "redis":
        redis: RedisServer = request.getfixturevalue("redis")
        url = redis.url
    queue = Queue(app, tmp_path, url)
    queue.huey.storage.flush_queue()
    app.extensions["expo_queue"], before = queue, app.extensions["expo_queue"]
    yield queue
    queue.huey.storage.flush_queue()
    queue.close()
    app.extensions["expo_queue"] = before


def _write(message: str, address: str, now: datetime) -> None:
    queue_email(message, to_email=address, language="en", now=now, details={})


def _write_bulk(count: int, now: datetime) -> None:
    with atomic():
        for number in range(count):
            _write("registration/cancelled", f"attendee-{number}@example.org", now)


def _job_of_newest_email() -> int:
    job_id = db.session.scalar(select(Job.id).order_by(Job.id.desc()).limit(1))
    assert job_id is not None
    return job_id


def _next_job(queue: Queue) -> int:
    """Take the next id from the queue, as a worker does."""
    task = queue.huey.dequeue()
    assert task is not None
    job_id: int = task.args[0]
    return job_id


@pytest.mark.parametrize("message", ["accounts/sign_in", "registration/confirm"])
def test_awaited_email_when_written_after_thousands_of_others_then_sent_first(
    queue: Queue, now: datetime, message: str
) -> None:
    _write_bulk(BULK, now)
    with atomic():
        _write(message, "waiting@example.org", now)
    awaited = _job_of_newest_email()

    assert _next_job(queue) == awaited
    assert list_due_jobs(now)[0] == awaited


def test_awaited_email_when_the_queue_lost_it_while_it_was_full_then_the_sweep_sends_it_first(
    queue: Queue, now: datetime
) -> None:
    with atomic():
        _write("accounts/sign_in", "waiting@example.org", now)
    awaited = _job_of_newest_email()
    queue.huey.storage.flush_queue()
    _write_bulk(SWEEP_BATCH + 1, now)
    assert queue.free_capacity() == 0

    sweep(now + GRACE)

    assert _next_job(queue) == awaited


def test_bulk_emails_when_the_queue_is_full_then_wait_in_the_table_until_the_sweep_finds_room(
    queue: Queue, now: datetime
) -> None:
    _write_bulk(SWEEP_BATCH + 10, now)
    held_back = queue.huey.pending_count()
    queue.huey.storage.flush_queue()

    sweep(now + GRACE)

    assert (held_back, queue.huey.pending_count()) == (SWEEP_BATCH, SWEEP_BATCH)
    assert len(list_due_jobs(now)) == SWEEP_BATCH


def test_bulk_emails_when_queued_then_in_the_order_in_which_they_were_written(queue: Queue, now: datetime) -> None:
    _write_bulk(3, now)
    written = list(db.session.scalars(select(Job.id).order_by(Job.id)))

    assert [_next_job(queue) for _ in written] == written
