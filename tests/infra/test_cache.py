"""The cache keeps bytes for a while, within its bounds; without Redis it is empty, not broken."""

import time

import pytest

from expo.infra.cache import MemoryCache, RecentValues, RedisCache, make_cache
from tests.redis_server import RedisServer


def test_cache_when_a_value_was_kept_then_gives_it_back(redis_url: str) -> None:
    cache = make_cache(redis_url)

    cache.set("page", b"first", 60)
    cache.set("page", b"second", 60)

    assert (cache.get("page"), cache.get("other")) == (b"second", None)


def test_cache_when_memory_is_full_then_the_least_used_makes_room() -> None:
    cache = MemoryCache(max_bytes=30)
    cache.set("a", b"x" * 10, 60)
    cache.set("b", b"x" * 10, 60)
    cache.set("c", b"x" * 10, 60)
    cache.get("a")

    cache.set("d", b"x" * 10, 60)

    assert [name for name in "abcd" if cache.get(name)] == ["a", "c", "d"]


def test_cache_when_a_value_is_larger_than_all_of_it_then_keeps_nothing() -> None:
    cache = MemoryCache(max_bytes=30)

    cache.set("a", b"x" * 31, 60)
    cache.set("b", b"x" * 30, 60)

    assert (cache.get("a"), cache.get("b")) == (None, b"x" * 30)


def test_cache_when_its_time_is_over_then_gives_nothing(redis_url: str) -> None:
    cache = make_cache(redis_url)
    cache.set("page", b"kept", 1)

    time.sleep(1.1)

    assert cache.get("page") is None


def test_cache_when_redis_goes_away_then_is_empty_and_comes_back(redis: RedisServer) -> None:
    cache = RedisCache(redis.url)
    cache.set("page", b"kept", 60)
    redis.stop()

    cache.set("page", b"lost", 60)

    assert cache.get("page") is None
    redis.start()
    cache.set("page", b"again", 60)
    assert cache.get("page") == b"again"


def test_recent_values_when_forgotten_or_old_then_are_gone() -> None:
    recent = RecentValues()
    recent.set(("edition", 1), {"any": "value"}, 60)
    recent.set(("edition", 2), "value", 60)
    recent.set(("edition", 3), "value", 0.01)

    recent.forget(("edition", 2))
    time.sleep(0.02)

    assert [recent.get(("edition", number)) for number in (1, 2, 3)] == [{"any": "value"}, None, None]


@pytest.mark.parametrize("value", [b"", b"\x00\xff", "数据".encode()])
def test_cache_when_bytes_are_unusual_then_come_back_the_same(redis_url: str, value: bytes) -> None:
    cache = make_cache(redis_url)

    cache.set("page", value, 60)

    assert cache.get("page") == value
