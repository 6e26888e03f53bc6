"""SQLite's one writer at a time, handed from one to the next at once, in whichever process it waits.

SQLite keeps a second writer out by itself, but lets it look again only every 1, 2, 5, 10, 15, 20, 25, … up to 100 ms,
although a writer here is done after a few. With several processes under load, nobody wrote half of the time. So
writers queue before they ask SQLite: threads at a mutex, processes at a lock on a file beside the database. The
operating system lets go of that lock when a process ends, however it ends.

SQLite's own lock remains the guard. Whoever does not get the file's in time asks SQLite, which then answers. Some file
systems, such as NFS without its lock service, have no such locks: there only the threads of a process queue.
"""

import errno
import fcntl
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import structlog
from sqlalchemy import URL

log = structlog.get_logger(__name__)

SUFFIX = "-writer"
# A quarter of what the shortest transactions take; later, somebody writes for long.
_LOOK_SECONDS, _LOOK_LATER_SECONDS, _SHORT_SECONDS = 0.0003, 0.002, 0.1
# How long a process that gives way lets others go first.
_PATIENCE_SECONDS = 0.5
# Set in processes that have called `give_way`, and those forked from them.
_gives_way = threading.Event()
# How the operating system says that another process has the lock; any other error means that nobody can have it.
_TAKEN = (errno.EACCES, errno.EAGAIN)


class Writer:
    """The right to write to one database. To be acquired by one thread, and released by it."""

    def __init__(self, lock_file: Path | None, wait_seconds: float) -> None:
        self._threads = threading.Lock()
        self._wait_seconds = wait_seconds
        self._descriptor = None if lock_file is None else _open(lock_file)

    def acquire(self) -> None:
        """Wait until no other thread writes, and no other process, or for the longest time."""
        self._threads.acquire()
        if self._descriptor is not None:
            self._lock(self._descriptor)

    def release(self) -> None:
        """Let the next one write."""
        if self._descriptor is not None:
            try:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN)
            except OSError as error:
                self._do_without_file(self._descriptor, error)
        self._threads.release()

    def _lock(self, descriptor: int) -> None:
        began = time.monotonic()
        while True:
            try:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in _TAKEN:
                    self._do_without_file(descriptor, error)
                    return
                waited = time.monotonic() - began
                if waited > self._wait_seconds:
                    return
                time.sleep(_pause_after(waited))
            else:
                return

    def _do_without_file(self, descriptor: int, error: OSError) -> None:
        """Close the file, which lets go of its lock if there is one; from now on other processes are left to SQLite."""
        log.warning("writers_do_not_queue", error=error.strerror)
        self._descriptor = None
        with suppress(OSError):
            os.close(descriptor)


def _pause_after(waited: float) -> float:
    """Return after how many seconds to look again."""
    if _gives_way.is_set():
        return _LOOK_LATER_SECONDS if waited < _PATIENCE_SECONDS else _LOOK_SECONDS
    return _LOOK_SECONDS if waited < _SHORT_SECONDS else _LOOK_LATER_SECONDS


def _open(lock_file: Path) -> int | None:
    """Open the file for as long as the process lives, as closing any descriptor of it would let go of the lock."""
    try:
        return os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None  # the disk or the folder has a fault, of which SQLite will tell


def give_way() -> None:
    """Let writers of other processes mostly go first; for processes for which nobody waits, such as the worker.

    It looks less often whether it may write, for half a second; then as often as others, so that it gets its turn.
    """
    _gives_way.set()


_writers: dict[tuple[int, str], Writer] = {}
_opening = threading.Lock()


def writer_of(url: URL, wait_seconds: float) -> Writer:
    """Return this process's writer to a SQLite database; processes wait for each other if it is a file."""
    key = (os.getpid(), url.database or "")
    found = _writers.get(key)
    if found is not None:
        return found
    with _opening:
        if key not in _writers:
            in_memory = url.database in (None, "", ":memory:")
            lock_file = None if in_memory else Path(f"{url.database}{SUFFIX}")
            _writers[key] = Writer(lock_file, wait_seconds)
        return _writers[key]
