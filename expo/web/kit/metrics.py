"""Request metrics of this process, by route and status; labels use the route's rule, never actual paths."""

import os
import time
from typing import Any

from flask import Flask, Response, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

from expo.infra.db import db
from expo.infra.metrics import FOLDER

REQUESTS = Counter("expo_requests", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram(
    "expo_request_seconds",
    "Seconds from a request to its answer",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
CONNECTIONS = Gauge(
    "expo_database_connections", "Database connections of the pools", ["state"], multiprocess_mode="livesum"
)


def init_metrics(app: Flask) -> None:
    """Count every request of this application and the database connections in use per process."""
    with app.app_context():
        _watch_pool(db.engine)

    @app.before_request
    def begin() -> None:
        g.request_began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unknown"
        seconds = time.perf_counter() - g.request_began if "request_began" in g else None
        count_request(route, request.method, response.status_code, seconds)
        return response


def count_request(route: str, method: str, status: int, seconds: float | None) -> None:
    """Count a response, and its duration if known."""
    REQUESTS.labels(route, method, str(status)).inc()
    if seconds is not None:
        SECONDS.labels(route).observe(seconds)


def _watch_pool(engine: Engine) -> None:
    """Record the number of connections whenever this process checks one out or in."""

    def note(in_use: int, idle: int) -> None:
        CONNECTIONS.labels("in_use").set(in_use)
        CONNECTIONS.labels("idle").set(idle)

    @event.listens_for(engine, "checkout")
    def on_checkout(*_arguments: Any) -> None:
        pool = engine.pool
        if isinstance(pool, QueuePool):
            note(pool.checkedout(), pool.checkedin())

    @event.listens_for(engine, "checkin")
    def on_checkin(*_arguments: Any) -> None:
        pool = engine.pool  # still counts the connection as checked out
        if isinstance(pool, QueuePool):
            note(pool.checkedout() - 1, pool.checkedin() + 1)


def registry_of_all_processes() -> CollectorRegistry:
    """Return the metrics of all processes if they share a folder, else of this one."""
    if not os.environ.get(FOLDER):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
