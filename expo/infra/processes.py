"""Processes that part from one another: each with connections of its own, each ending with its parent."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from flask import Flask, has_app_context

from expo.infra.db import db
from expo.infra.jobs import Queue

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Make the kernel end this process when its parent dies. Linux only; elsewhere `watch_parent` does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def watch_parent(stop: Callable[[], None], seconds: float = 1.0) -> None:
    """Call `stop` in a thread once the parent of this process is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(seconds)
        stop()

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def leave_connections(app: Flask) -> None:
    """Let go of every connection to database and queue, before this process parts or after it did."""
    queue: Queue = app.extensions["expo_queue"]
    queue.close()
    if has_app_context():
        db.session.remove()  # a session belongs to one context: the one that is open now may hold a transaction
    with app.app_context():
        db.engine.dispose()
