"""A cache with one protocol and two stores: in this process, or in Redis, shared by several processes.

Values are made from committed rows and keys contain their version, so nothing has to be invalidated.
Why this does not use a library: `docs/decisions/0019-caches-and-readings.md`.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Protocol

from flask import current_app
from redis import Redis
from redis.exceptions import RedisError

MAX_RECENT_VALUES = 10_000


class Cache(Protocol):
    """Bytes by key, stored for a limited time. `is_shared` says whether other processes see them too."""

    is_shared: bool

    def get(self, key: str) -> bytes | None:
        """Return what is stored under `key`, or None."""

    def set(self, key: str, value: bytes, seconds: int) -> None:
        """Store `value` under `key` for at most `seconds`."""


class MemoryCache:
    """The most recently used entries of this process, bounded in bytes."""

    is_shared = False

    def __init__(self, max_bytes: int = 32 * 1024 * 1024) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._mutex = threading.Lock()

    def get(self, key: str) -> bytes | None:
        """Return what is stored under `key`, or None."""
        with self._mutex:
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry[0] < time.monotonic():
                self._drop(key)
                return None
            self._entries.move_to_end(key)
            return entry[1]

    def set(self, key: str, value: bytes, seconds: int) -> None:
        """Store `value` under `key` for at most `seconds`; evicts the least recently used entries."""
        with self._mutex:
            if key in self._entries:
                self._drop(key)
            self._entries[key] = (time.monotonic() + seconds, value)
            self._bytes += len(value)
            while self._bytes > self._max_bytes and self._entries:
                self._drop(next(iter(self._entries)))

    def _drop(self, key: str) -> None:
        self._bytes -= len(self._entries.pop(key)[1])


class RedisCache:
    """Entries in Redis. If Redis does not respond, the cache acts as if it were empty."""

    is_shared = True

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)

    def get(self, key: str) -> bytes | None:
        """Return what is stored under `key`, or None."""
        try:
            value = self._redis.get(f"expo:{key}")
        except RedisError:
            return None
        return value if isinstance(value, bytes) else None

    def set(self, key: str, value: bytes, seconds: int) -> None:
        """Store `value` under `key` for at most `seconds`."""
        try:
            self._redis.set(f"expo:{key}", value, ex=seconds)
        except RedisError:
            return


class RecentValues:
    """Python values of this process, stored for a few seconds: for values that may be slightly stale."""

    def __init__(self) -> None:
        self._values: dict[Hashable, tuple[float, Any]] = {}

    def get(self, key: Hashable) -> Any:
        """Return the value under `key` if it is recent enough, otherwise None."""
        stored = self._values.get(key)
        return stored[1] if stored is not None and stored[0] > time.monotonic() else None

    def set(self, key: Hashable, value: Any, seconds: float) -> None:
        """Store `value` under `key` for `seconds`."""
        if len(self._values) >= MAX_RECENT_VALUES:
            self._values.clear()
        self._values[key] = (time.monotonic() + seconds, value)

    def forget(self, key: Hashable) -> None:
        """Delete the value under `key`, because this process has just changed it."""
        self._values.pop(key, None)


def make_cache(redis_url: str) -> Cache:
    """Return the shared cache if Redis is configured, otherwise this process's own."""
    return RedisCache(redis_url) if redis_url else MemoryCache()


def get_recent() -> RecentValues:
    """Return the recent values of the current application's process."""
    recent: RecentValues = current_app.extensions.setdefault("expo_recent", RecentValues())
    return recent


def get_cache() -> Cache:
    """Return the current application's cache."""
    cache: Cache = current_app.extensions["expo_cache"]
    return cache
