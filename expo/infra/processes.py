"""Child processes, which open their own connections and end with their parent."""

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask, has_app_context

from expo.infra.db import db
from expo.infra.jobs import Queue

_PR_SET_PDEATHSIG = 1
_AUTOGROUP = Path("/proc/self/autogroup")


def end_with_parent() -> None:
    """Have the kernel end this process when its parent dies. Linux only; elsewhere use `watch_parent`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def watch_parent(stop: Callable[[], None], seconds: float = 1.0) -> None:
    """Start a thread that calls `stop` once the parent of this process is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(seconds)
        stop()

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def lower_priority(niceness: int) -> None:
    """Give way to other processes by this niceness. For a process in a session of its own (`os.setsid`).

    Linux may weigh whole sessions against each other, and the niceness of a process only within its session: so
    where there is an autogroup, it is given the niceness too.
    """
    os.nice(niceness)
    with contextlib.suppress(OSError):
        _AUTOGROUP.write_text(str(niceness), encoding="ascii")


def close_connections(app: Flask) -> None:
    """Close every connection to the database and the queue, just before or after a fork."""
    queue: Queue = app.extensions["expo_queue"]
    queue.close()
    if has_app_context():
        db.session.remove()  # the current context's session may have an open transaction
    with app.app_context():
        db.engine.dispose()
