"""Counts the requests of this process, by route and status: the route's rule, never what filled it in."""

import os
import time

from flask import Flask, Response, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.multiprocess import MultiProcessCollector
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
    """Count every request of this application."""

    @app.before_request
    def begin() -> None:
        g.request_began = time.perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "unknown"
        REQUESTS.labels(route, request.method, str(response.status_code)).inc()
        if "request_began" in g:
            SECONDS.labels(route).observe(time.perf_counter() - g.request_began)
        return response


def note_connections() -> None:
    """Note how many connections this process has, and how many of them are in use."""
    pool = db.engine.pool
    if isinstance(pool, QueuePool):
        CONNECTIONS.labels("in_use").set(pool.checkedout())
        CONNECTIONS.labels("idle").set(pool.checkedin())


def registry_of_all_processes() -> CollectorRegistry:
    """Return the counts of every process where they share a folder, else of this one."""
    if not os.environ.get(FOLDER):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
