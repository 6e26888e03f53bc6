"""Rate limits per account, device or address, in memory per process or in Redis."""

import math
import threading
import time
from collections.abc import Callable

import structlog
from flask import current_app
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter, RateLimiter
from redis.exceptions import RedisError

from expo.errors import TooMany

log = structlog.get_logger(__name__)

REDIS_SECONDS = 1.0
# How long Redis is not asked again after a failure, as every request would wait for it.
LOCAL_SECONDS = 10.0


class RateLimits:
    """Counters over a moving window. While Redis does not respond, each process has its own."""

    def __init__(self, redis_url: str, *, enabled: bool) -> None:
        self._enabled = enabled
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._local_lock = threading.Lock()
        self._shared: RateLimiter | None = None
        if redis_url:
            timeouts = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
            self._shared = MovingWindowRateLimiter(storage_from_string(redis_url, **timeouts))
        self._local_until = 0.0
        self._parsed: dict[str, RateLimitItem] = {}

    def count(self, limit: str, *who: str) -> None:
        """Count one act of `who` against `limit` such as `5/minute`. Raises TooMany with `retry_after` in seconds."""
        self._with_fallback(_count, limit, who)

    def check(self, limit: str, *who: str) -> None:
        """Check, without counting, whether `who` may act again within `limit`. Raises TooMany as `count` does."""
        self._with_fallback(_check, limit, who)

    def _with_fallback(
        self, operation: Callable[[RateLimiter, RateLimitItem, tuple[str, ...]], None], limit: str, who: tuple[str, ...]
    ) -> None:
        if not self._enabled:
            return
        item = self._parsed.setdefault(limit, parse(limit))
        if self._shared is not None and time.monotonic() >= self._local_until:
            try:
                operation(self._shared, item, who)
            except RedisError as error:
                self._local_until = time.monotonic() + LOCAL_SECONDS
                log.warning("limits_unavailable", error=type(error).__name__)
            else:
                return
        # Two threads at once may start the storage's timer twice, which fails.
        with self._local_lock:
            operation(self._local, item, who)


def _count(limiter: RateLimiter, item: RateLimitItem, who: tuple[str, ...]) -> None:
    if not limiter.hit(item, *who):
        _refuse(limiter, item, who)


def _check(limiter: RateLimiter, item: RateLimitItem, who: tuple[str, ...]) -> None:
    if not limiter.test(item, *who):
        _refuse(limiter, item, who)


def _refuse(limiter: RateLimiter, item: RateLimitItem, who: tuple[str, ...]) -> None:
    reset_at = limiter.get_window_stats(item, *who).reset_time
    raise TooMany("too_many_requests", retry_after=max(1, math.ceil(reset_at - time.time())))


def count_against(limit: str, *who: str) -> None:
    """Count one act of `who` against `limit` in the running application. Raises TooMany."""
    _limits().count(limit, *who)


def check_limit(limit: str, *who: str) -> None:
    """Check whether `who` may act again within `limit` in the running application. Raises TooMany."""
    _limits().check(limit, *who)


def _limits() -> RateLimits:
    limits: RateLimits = current_app.extensions["expo_limits"]
    return limits
