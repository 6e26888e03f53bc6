"""A Redis server for the tests, of their own, without anything on disk."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis import Redis
from redis.exceptions import RedisError

from tests.ports import free_port

PATIENCE = 60.0


class RedisServer:
    """A server that can be stopped and started again on its port."""

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
        deadline = time.monotonic() + PATIENCE
        with Redis.from_url(self.url) as client:
            while True:
                with suppress(RedisError):
                    client.ping()
                    return
                if time.monotonic() > deadline:
                    raise TimeoutError("Redis did not start")
                time.sleep(0.02)

    def stop(self) -> None:
        """End the server; what it held is gone."""
        self._process.terminate()
        self._process.wait(PATIENCE)


@contextmanager
def running_redis() -> Iterator[RedisServer | None]:
    """Give a server that ends with the block; None where the machine has no Redis."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    server = RedisServer(program)
    try:
        yield server
    finally:
        server.stop()
