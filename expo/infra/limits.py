"""Rate limits: how often one account, device or address may do a thing. In memory per process, or shared in Redis."""

import math
import time

from flask import current_app
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from expo.errors import TooMany


class RateLimits:
    """Counts what was done, in a moving window."""

    def __init__(self, redis_url: str, *, enabled: bool) -> None:
        self._enabled = enabled
        self._limiter = MovingWindowRateLimiter(storage_from_string(redis_url or "memory://"))
        self._parsed: dict[str, RateLimitItem] = {}

    def count(self, limit: str, *who: str) -> None:
        """Count one act of `who` against `limit` such as `5/minute`. Raises TooMany with `retry_after` in seconds."""
        if not self._enabled:
            return
        item = self._parsed.setdefault(limit, parse(limit))
        if not self._limiter.hit(item, *who):
            reset_at = self._limiter.get_window_stats(item, *who).reset_time
            raise TooMany("too_many_requests", retry_after=max(1, math.ceil(reset_at - time.time())))


def count_against(limit: str, *who: str) -> None:
    """Count one act of `who` against `limit` in the running application. Raises TooMany."""
    limits: RateLimits = current_app.extensions["expo_limits"]
    limits.count(limit, *who)
