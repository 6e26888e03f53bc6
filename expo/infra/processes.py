"""Child processes that end with their parent, however it ends."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

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
