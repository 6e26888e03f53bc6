"""Single flight: an expensive result is made by one thread of one process, while the others wait for it."""

import fcntl
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from expo.infra.config import Settings

# The number of concurrent locks. Keys that share one merely wait for each other.
LOCKS = 256

_this_thread = threading.local()


@contextmanager
def one_at_a_time(key: str) -> Iterator[None]:
    """Run the block while no other thread or process on this machine runs a block with the same key.

    It is a kernel lock, released even if the process is killed. A nested block takes no second lock, to avoid
    deadlocks.
    """
    if getattr(_this_thread, "holds", False):
        yield
        return
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.data_dir / "locks"
    folder.mkdir(exist_ok=True)
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % LOCKS
    with (folder / str(number)).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _this_thread.holds = True
        try:
            yield
        finally:
            _this_thread.holds = False
