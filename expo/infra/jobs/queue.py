"""The queue that delivers job ids from the web processes to the workers: huey, on SQLite or Redis."""

import secrets
import sqlite3
from contextlib import closing
from pathlib import Path

import structlog
from flask import Flask, current_app
from huey import Huey, PriorityRedisHuey, SqliteHuey
from huey.storage import SqliteStorage

from expo.infra.clock import utcnow
from expo.infra.jobs.execution import run_job
from expo.infra.jobs.handlers import Priority

log = structlog.get_logger(__name__)

# At most this many ids wait in the queue; further jobs of low priority wait in the table until the sweep sends them.
SWEEP_BATCH = 500
# Its type of key differs from that of earlier versions. The sweep sends what is left in a queue of theirs.
REDIS_QUEUE = "expo-jobs"
_NAMES = "SELECT name FROM sqlite_master"


class Queue:
    """The queue of job ids from the web processes to the workers."""

    def __init__(self, app: Flask, data_dir: Path, redis_url: str) -> None:
        self._app = app
        self.huey: Huey = (
            PriorityRedisHuey(REDIS_QUEUE, url=redis_url, results=False)
            if redis_url
            else _embedded_queue(data_dir / "queue.sqlite3")
        )
        self._task = self.huey.task(name="run_job")(self._run)

    def send(self, job_id: int, priority: Priority = Priority.NORMAL) -> None:
        """Send a job to a worker. If the queue does not respond, that is logged and the sweep sends the job later."""
        if priority is Priority.LOW and not self.free_capacity():
            return
        try:
            self._task(job_id, priority=int(priority))
        except Exception as error:  # noqa: BLE001 - no error of the queue may undo a committed act
            log.warning("queue_unavailable", job=job_id, error=type(error).__name__)

    def free_capacity(self, priority: Priority = Priority.NORMAL) -> int:
        """Return how many more ids the sweep may send without piling up waiting ids.

        There is room for jobs of high priority when others have filled the queue.
        """
        limit = 2 * SWEEP_BATCH if priority is Priority.HIGH else SWEEP_BATCH
        try:
            return max(0, limit - int(self.huey.pending_count()))
        except Exception as error:  # noqa: BLE001 - any error of the queue
            log.warning("queue_unavailable", error=type(error).__name__)
            return 0

    def carries(self) -> bool:
        """Return whether the queue returns an id that was put into it. Raises the queue's own errors."""
        name, word = f"check-{secrets.token_hex(8)}", secrets.token_bytes(8)
        self.huey.storage.put_data(name, word)
        return bool(self.huey.storage.pop_data(name) == word)

    def close(self) -> None:
        """Close the connection to an embedded queue; the next use opens another. Redis manages its own."""
        if isinstance(self.huey, SqliteHuey):
            self.huey.storage.close()

    def _run(self, job_id: int) -> None:
        with self._app.app_context():
            run_job(job_id, utcnow())


def _embedded_queue(path: Path) -> SqliteHuey:
    """Open the queue in this file. A damaged one is set aside: it has only ids, and the sweep sends them again.

    Opening one that exists needs no lock: workers take the exclusive one all the time, and a command that starts beside
    them would fail with "database is locked" when it gets none within five seconds.
    """
    has_tables = False
    try:
        with closing(sqlite3.connect(path)) as connection:
            [answer] = connection.execute("PRAGMA quick_check(1)").fetchone()
            has_tables = answer == "ok" and _list_tables() <= set(connection.execute(_NAMES))
    except sqlite3.OperationalError:
        raise  # not damaged: the disk is full, or the folder may not be read
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        aside = path.with_name(f"{path.name}.damaged")
        path.replace(aside)
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        log.warning("queue_damaged", set_aside=str(aside), reason=answer.splitlines()[0])
        has_tables = False
    return SqliteHuey("expo", filename=str(path), fsync=False, results=False, create_tables=not has_tables)


def _list_tables() -> set[tuple[str]]:
    """Return the names of the tables and indexes that huey needs."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in SqliteStorage.ddl:
            connection.execute(statement)
        return set(connection.execute(_NAMES))


def get_queue() -> Queue:
    """Return the current application's queue."""
    queue: Queue = current_app.extensions["expo_queue"]
    return queue
