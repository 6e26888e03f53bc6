"""Ports for the servers that tests start: none that another test or an outgoing connection could take meanwhile."""

import itertools
import os
import socket

# Below 32768, where Linux takes the ports of outgoing connections from: a port that the system itself
# hands out (bind to 0) may be anybody's again once it is let go.
FIRST = 20_000
PER_PROCESS = 1_000
PROCESSES = 12

_process = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % PROCESSES
# Two runs on one machine begin at different places.
_offset = os.getpid() % PER_PROCESS
_mine = itertools.cycle(FIRST + _process * PER_PROCESS + (_offset + n) % PER_PROCESS for n in range(PER_PROCESS))


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on, another one each time. Raises OSError where none is left."""
    for port in itertools.islice(_mine, PER_PROCESS):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError("no port is free")
