"""One log line per request at `EXPO_LOG_LEVEL=DEBUG`, for troubleshooting; contains no personal data."""

import time

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger(__name__)


def init_request_log(app: Flask) -> None:
    """Log method, route, status and duration of every request: the route's rule, never the actual path."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def write(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else None
        milliseconds = round(1000 * (time.perf_counter() - g.began), 1) if "began" in g else None
        log.debug("request", method=request.method, rule=rule, status=response.status_code, ms=milliseconds)
        return response
