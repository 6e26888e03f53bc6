"""A gunicorn worker that leaves new connections to the process with fewer of them."""

import socket
import time

from gunicorn.workers.gthread import ThreadWorker

SECONDS_A_CONNECTION = 0.0001
LONGEST_WAIT = 0.003


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's threaded worker, which waits longer before accepting the more connections it already holds.

    Scanners and proxies keep connections open for hours, and gunicorn gives each to whichever process wakes first:
    often one gets most of them, and its scanners wait while the other process idles. A wait of up to three
    milliseconds lets the less busy process be first, without any process knowing of the others.
    """

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection, unless another process did so during the wait."""
        if self.nr_conns:
            time.sleep(min(LONGEST_WAIT, SECONDS_A_CONNECTION * self.nr_conns))
        super().accept(listener)
