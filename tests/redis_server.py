"""A separate Redis server for the tests, without persistence."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis import Redis
from redis.exceptions import RedisError

from tests.ports import free_port

TIMEOUT = 60.0


class RedisServer:
    """A server that can be stopped and restarted on its port."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self.start()

    def start(self) -> None:
        """Start an empty server and wait for it."""
        self._process = subprocess.Popen(
            [self._program, "--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + TIMEOUT
        with Redis.from_url(self.url) as client:
            while True:
                with suppress(RedisError):
                    client.ping()
                    return
                if time.monotonic() > deadline:
                    raise TimeoutError("Redis did not start")
                time.sleep(0.02)

    def stop(self) -> None:
        """Stop the server; its data are lost."""
        self._process.terminate()
        self._process.wait(TIMEOUT)


@contextmanager
def running_redis() -> Iterator[RedisServer | None]:
    """Run a server for the duration of the block; None if Redis is not installed."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    server = RedisServer(program)
    try:
        yield server
    finally:
        server.stop()
