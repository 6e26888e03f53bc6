"""Endpoints for monitoring: liveness, readiness and metrics."""

import hmac
from collections.abc import Iterator
from datetime import timedelta

from flask import Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from expo.errors import Missing
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import db
from expo.infra.jobs import last_done
from expo.reports.operations import get_operations_figures
from expo.web.kit.access import Audience, audience_blueprint
from expo.web.kit.metrics import registry_of_all_processes

# Every minute a heartbeat passes through the job table, the queue and a worker back into the database.
HEARTBEAT_JOB = "operations.heartbeat"
HEARTBEAT_LATE = timedelta(minutes=3)

blueprint = audience_blueprint("operations", __name__, Audience.EVERYONE)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Report that the process responds."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Report whether database, queue and worker are working; otherwise 503 with the names of those that are not."""
    broken = []
    try:
        db.session.execute(text("SELECT 1"))
        beat = last_done(HEARTBEAT_JOB)
        if beat is None or utcnow() - beat > HEARTBEAT_LATE:
            broken.append("worker")
    except SQLAlchemyError:
        broken.append("database")
    return Response(
        "ready\n" if not broken else f"not ready: {', '.join(broken)}\n",
        status=503 if broken else 200,
        mimetype="text/plain",
    )


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return metrics for Prometheus, to clients with the metrics token or, without a token configured, to localhost."""
    settings: Settings = current_app.config["SETTINGS"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.metrics_token:
        allowed = hmac.compare_digest(given.encode(), settings.metrics_token.encode())
    else:
        allowed = request.remote_addr in ("127.0.0.1", "::1")
    if not allowed:
        raise Missing("page_missing")
    figures = CollectorRegistry()
    figures.register(_ProductFigures())
    body = generate_latest(registry_of_all_processes()) + generate_latest(figures)
    return Response(body, content_type=CONTENT_TYPE_LATEST)


class _ProductFigures:
    """Product figures read from the database whenever Prometheus scrapes."""

    def collect(self) -> Iterator[Metric]:
        found = get_operations_figures(utcnow())
        yield _family(GaugeMetricFamily, "expo_attendees", "Attendees by status", "status", found.registrations)
        yield _family(CounterMetricFamily, "expo_scans", "Badge scans by verdict", "verdict", found.scans)
        yield _family(GaugeMetricFamily, "expo_jobs_failed", "Jobs given up", "kind", found.queue.failed)
        yield GaugeMetricFamily("expo_jobs_waiting", "Jobs that are due", value=found.queue.waiting)
        yield GaugeMetricFamily("expo_jobs_running", "Jobs being done", value=found.queue.running)
        yield GaugeMetricFamily(
            "expo_queue_age_seconds", "How long the oldest due job has been due", value=found.queue.oldest_seconds
        )


def _family(
    kind: type[GaugeMetricFamily | CounterMetricFamily], name: str, text: str, label: str, values: dict[str, int]
) -> Metric:
    family = kind(name, text, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family
