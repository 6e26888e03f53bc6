"""What machines ask a running installation: is the process alive, does it work, what does it count."""

import hmac
from datetime import timedelta

from flask import Response, current_app, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from expo.errors import Missing
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import db
from expo.infra.jobs import last_done
from expo.web.kit.access import Audience, audience_blueprint

# A heartbeat travels every minute through the job table, the queue and a worker back into the database.
HEARTBEAT_JOB = "operations.heartbeat"
HEARTBEAT_LATE = timedelta(minutes=3)

blueprint = audience_blueprint("operations", __name__, Audience.EVERYONE)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Tell that the process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Tell whether database, queue and worker do their work; 503 and the names of those that do not otherwise."""
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
    """Give Prometheus its figures; to bearers of the metrics token, or without one to this machine only."""
    settings: Settings = current_app.config["SETTINGS"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.metrics_token:
        allowed = hmac.compare_digest(given.encode(), settings.metrics_token.encode())
    else:
        allowed = request.remote_addr in ("127.0.0.1", "::1")
    if not allowed:
        raise Missing("page_missing")
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
