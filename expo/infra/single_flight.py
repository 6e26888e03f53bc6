"""What is dear to make is made by one at a time: the others wait, and find it made."""

import fcntl
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import current_app

from expo.infra.config import Settings

# So many things can be made at once; two that share a lock only wait for each other.
LOCKS = 256

_of_this_thread = threading.local()


@contextmanager
def one_at_a_time(key: str) -> Iterator[None]:
    """Run the block while no other thread and no other process of this machine runs one for the same key.

    The lock is the kernel's: it is free again when its process ends, however it ends. Within another such block no
    second lock is taken: two threads could wait for each other.
    """
    if getattr(_of_this_thread, "holds", False):
        yield
        return
    settings: Settings = current_app.config["SETTINGS"]
    folder = settings.data_dir / "locks"
    folder.mkdir(exist_ok=True)
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % LOCKS
    with (folder / str(number)).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _of_this_thread.holds = True
        try:
            yield
        finally:
            _of_this_thread.holds = False
