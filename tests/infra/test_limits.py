"""Limits count what was done per account or address; shared in Redis, alone where Redis does not answer."""

import pytest

from expo.errors import TooMany
from expo.infra.limits import RateLimits
from tests.redis_server import RedisServer


def test_count_when_the_limit_is_reached_then_the_next_is_refused_for_a_while(redis_url: str) -> None:
    limits = RateLimits(redis_url, enabled=True)
    limits.count("2/minute", "sign-in", "a@example.org")
    limits.count("2/minute", "sign-in", "a@example.org")

    with pytest.raises(TooMany) as refusal:
        limits.count("2/minute", "sign-in", "a@example.org")

    assert refusal.value.code == "too_many_requests"
    assert 0 < refusal.value.params["retry_after"] <= 60


def test_count_when_another_acts_or_does_another_thing_then_is_counted_apart(redis_url: str) -> None:
    limits = RateLimits(redis_url, enabled=True)
    limits.count("1/minute", "sign-in", "a@example.org")

    limits.count("1/minute", "sign-in", "b@example.org")
    limits.count("1/minute", "register", "a@example.org")

    with pytest.raises(TooMany):
        limits.count("1/minute", "sign-in", "a@example.org")


def test_count_when_limits_are_off_then_refuses_nobody(redis_url: str) -> None:
    limits = RateLimits(redis_url, enabled=False)

    for _time in range(5):
        limits.count("1/minute", "sign-in")


def test_count_when_two_processes_share_redis_then_count_together(redis: RedisServer) -> None:
    RateLimits(redis.url, enabled=True).count("1/minute", "sign-in")

    with pytest.raises(TooMany):
        RateLimits(redis.url, enabled=True).count("1/minute", "sign-in")


def test_count_when_redis_goes_away_then_the_process_counts_alone(redis: RedisServer) -> None:
    limits = RateLimits(redis.url, enabled=True)
    limits.count("1/minute", "sign-in")
    redis.stop()

    limits.count("1/minute", "sign-in")

    with pytest.raises(TooMany):
        limits.count("1/minute", "sign-in")
    redis.start()
