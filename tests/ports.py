"""Ports for the servers that tests start, which neither another test nor an outgoing connection can take."""

import itertools
import os
import socket

# Below 32768, where Linux's range for outgoing connections begins: a port assigned by the system (bind to 0)
# may be assigned again once it is released.
FIRST = 20_000
PER_PROCESS = 1_000
PROCESSES = 12

_process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % PROCESSES
# Concurrent runs on one machine start at different ports.
_offset = os.getpid() % PER_PROCESS
_mine = itertools.cycle(FIRST + _process * PER_PROCESS + (_offset + n) % PER_PROCESS for n in range(PER_PROCESS))


def free_port() -> int:
    """Return an unused port of 127.0.0.1, a different one each time. Raises OSError if none is left."""
    for port in itertools.islice(_mine, PER_PROCESS):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError("no port is free")
