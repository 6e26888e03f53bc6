"""The short path of a scan: WSGI middleware that answers `POST /api/v1/scans` without routing and request hooks.

It does what the route does, with the same functions: token, profile, permission, schema, the scan itself. Everything
unusual is left to Flask, which says what is wrong; even a scan that failed halfway, because a scan can be repeated.
Rationale: docs/decisions/0023-the-hot-path-of-a-scan.md.
"""

import io
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask

from expo.api.authentication import find_call, require_call
from expo.api.v1.scans import SCAN_LIMIT, ScanIn, post_scan, scan_out, scan_request
from expo.checkin.queries.devices import require_checkpoint
from expo.checkin.services.scans import scan_together
from expo.infra.config import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATH = "/api/v1/scans"
OK = 200
# Names the headers of every response, with or without TLS.
Headers = Callable[[bool], dict[str, str]]
Count = Callable[[str, str, int, float | None], None]


class ScanPath:
    """Answers scans; passes on anything else."""

    def __init__(self, app: Flask, inner: "WSGIApplication", headers: Headers, count: Count) -> None:
        self._app = app
        self._inner = inner
        self._headers = {
            scheme: [
                ("Content-Type", "application/json"),
                ("Cache-Control", "no-store"),
                *((name, value) for name, value in headers(scheme == "https").items() if name != "Cache-Control"),
            ]
            for scheme in ("http", "https")
        }
        self._count = count

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a usual scan; let Flask answer any other request."""
        if environ.get("PATH_INFO") != PATH or not _is_usual(environ):
            return self._inner(environ, start_response)
        began = time.perf_counter()
        raw = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        answer = self._answer(environ.get("HTTP_AUTHORIZATION", ""), raw)
        if answer is None:
            environ["wsgi.input"] = io.BytesIO(raw)
            return self._inner(environ, start_response)
        self._count(PATH, "POST", OK, time.perf_counter() - began)
        start_response("200 OK", [("Content-Length", str(len(answer))), *self._headers[environ["wsgi.url_scheme"]]])
        return [answer]

    def _answer(self, authorization: str, raw: bytes) -> bytes | None:
        with self._app.app_context():
            try:
                call = find_call(authorization, answers_revoked=False)
                require_call(call.actor, post_scan.__name__)
                request = scan_request(ScanIn.model_validate_json(raw))
                require_checkpoint(call.actor, request.checkpoint_code)
                answer = scan_together(call.actor, call.edition_id, request, call.now)
            except Exception:  # noqa: BLE001 - Flask repeats it, and says what is wrong
                return None
            return scan_out(answer).model_dump_json().encode()


def init_scan_path(app: Flask, headers: Headers, count: Count) -> None:
    """Install the short path. With `EXPO_LOG_LEVEL=DEBUG` every request is logged, so all of them take the long one."""
    settings: Settings = app.config["SETTINGS"]
    if settings.log_level != "DEBUG":
        app.wsgi_app = ScanPath(app, app.wsgi_app, headers, count)  # type: ignore[method-assign]


def _is_usual(environ: "WSGIEnvironment") -> bool:
    length = environ.get("CONTENT_LENGTH", "")
    return (
        environ["REQUEST_METHOD"] == "POST"
        and environ.get("CONTENT_TYPE") == "application/json"
        and "HTTP_IDEMPOTENCY_KEY" not in environ
        and "HTTP_TRANSFER_ENCODING" not in environ
        and length.isascii()
        and length.isdigit()
        and 0 < int(length) <= SCAN_LIMIT
    )
