"""A gunicorn worker that leaves new connections to the process with fewer of them, if possible."""

import socket
import time

from gunicorn.workers.gthread import ThreadWorker

SECONDS_A_CONNECTION = 0.0001
LONGEST_WAIT = 0.003


class BalancingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's threaded worker with a delay before accepting, which grows with its number of connections.

    Scanners and proxies keep connections open for hours, and each goes to whichever process wakes first: often one
    gets most of them, and its scanners wait while the other process is idle. A delay of up to three milliseconds lets
    the less busy process accept first, without coordination between processes.
    """

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection, unless another process did so during the delay."""
        if self.nr_conns:
            time.sleep(min(LONGEST_WAIT, SECONDS_A_CONNECTION * self.nr_conns))
        super().accept(listener)
