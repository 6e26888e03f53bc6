"""Fixtures of the infrastructure: a Redis server."""

from collections.abc import Iterator

import pytest

from tests.conftest import skip_or_fail
from tests.redis_server import RedisServer, running_redis


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """An empty Redis server."""
    with running_redis() as server:
        if server is None:
            skip_or_fail("no redis-server on this machine")
            return
        yield server


@pytest.fixture(params=["memory", "redis"])
def redis_url(request: pytest.FixtureRequest) -> str:
    """The address of a Redis server, and none; the test runs once with each."""
    server: RedisServer | None = request.getfixturevalue("redis") if request.param == "redis" else None
    return server.url if server else ""
