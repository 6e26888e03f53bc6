"""A gunicorn worker that leaves new connections to the one that has fewer."""

import socket
import time

from gunicorn.workers.gthread import ThreadWorker

SECONDS_A_CONNECTION = 0.0001
LONGEST_WAIT = 0.003


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Threads as gunicorn has them; the more connections this process holds, the longer it waits before taking one.

    Scanners and proxies keep their connections for hours, and gunicorn gives each to whichever process wakes first:
    often one gets most of them, and its scanners wait while the other idles. A wait of up to three milliseconds lets
    the process with less to do be first; no process needs to know of another.
    """

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, if no other process has done so while we waited."""
        if self.nr_conns:
            time.sleep(min(LONGEST_WAIT, SECONDS_A_CONNECTION * self.nr_conns))
        super().accept(listener)
