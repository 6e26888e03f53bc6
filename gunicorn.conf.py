"""The web server: threads that share one application, loaded once before the processes part."""

import gc
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


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Begin with fresh connections: those of the parent must not be shared."""
    from wsgi import app  # noqa: PLC0415 - only the parts of a server that have the application may ask for it

    leave_connections(app)
    gc.set_threshold(*OBJECTS_BETWEEN_COLLECTIONS)
