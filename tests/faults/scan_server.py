"""A web server process for tests that kill it: scans over HTTP, without the rest of `flask expo serve`."""

from collections.abc import Callable
from pathlib import Path

from werkzeug.serving import make_server

from expo.app import create_app
from tests.conftest import lenient_settings


def main(url: str, folder: Path, port: int, tell: Callable[[str], None]) -> None:
    """Serve the application with a thread for each request, and tell when it is ready."""
    app = create_app(lenient_settings(url, folder))
    server = make_server("127.0.0.1", port, app, threaded=True)
    tell("ready")
    server.serve_forever()
