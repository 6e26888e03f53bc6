"""The web server: threads that share one application, loaded once before the processes part."""

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
worker_class = "expo.infra.web_worker.PatientWorker"
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

# A request makes thousands of objects and few circles: looking for those less often shortens the longest waits.
OBJECTS_BETWEEN_COLLECTIONS = (20_000, 20, 50)


def on_starting(server: Any) -> None:  # noqa: ARG001
    """Begin to count requests again, and make files anew."""
    reset_counts()
    delete_rendered_files(_settings)


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Take the connections of a process that ended out of the count."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - it reads the folder when it is read

    if os.environ.get(FOLDER):
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Begin with fresh connections: those of the parent must not be shared."""
    from wsgi import app  # noqa: PLC0415 - only the parts of a server that have the application may ask for it

    close_connections(app)
    gc.set_threshold(*OBJECTS_BETWEEN_COLLECTIONS)
