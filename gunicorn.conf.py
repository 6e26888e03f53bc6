"""The web server: threads that share one application, loaded once before the processes part."""

import sys
from typing import Any

from expo.infra.config import Settings, SettingsError
from expo.infra.processes import leave_connections

try:
    _settings = Settings.from_env()
except SettingsError as error:
    sys.exit(f"Error: {error}")

wsgi_app = "wsgi:app"
bind = _settings.address
worker_class = "gthread"
workers = _settings.web_workers
threads = _settings.web_threads
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 15
accesslog = None
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = None


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Begin with fresh connections: those of the parent must not be shared."""
    from wsgi import app  # noqa: PLC0415 - only the parts of a server that have the application may ask for it

    leave_connections(app)
