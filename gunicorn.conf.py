"""Gunicorn configuration: threads that share one application, loaded once before forking."""

import gc
import os
import sys
from typing import Any

from expo.infra.config import Settings, SettingsError
from expo.infra.metrics import FOLDER, reset_counts, share_between_processes
from expo.infra.processes import close_connections
from expo.infra.rendered_files import delete_rendered_files

try:
    _settings = Settings.from_env()
except SettingsError as error:
    sys.exit(f"Error: {error}")
share_between_processes(_settings)

wsgi_app = "wsgi:app"
bind = _settings.address
certfile = _settings.tls_cert or None
keyfile = _settings.tls_key or None
worker_class = "expo.infra.web_worker.BalancingWorker"
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

# Requests create thousands of objects but few reference cycles; fewer collections shorten the longest responses.
OBJECTS_BETWEEN_COLLECTIONS = (20_000, 20, 50)


def on_starting(server: Any) -> None:  # noqa: ARG001
    """Reset the request metrics and delete rendered files."""
    reset_counts()
    delete_rendered_files(_settings)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Remove the connections of an exited process from the metrics."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - reads the folder on import

    if os.environ.get(FOLDER):
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Open new database connections, because the parent's must not be shared."""
    from wsgi import app  # noqa: PLC0415 - only worker processes have loaded the application

    close_connections(app)
    gc.set_threshold(*OBJECTS_BETWEEN_COLLECTIONS)
