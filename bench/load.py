"""A lean load generator: keep-alive HTTP/1.1 over plain sockets, so that it costs little compared to the server.

It shares the processors with the server, so what it spends on a request is taken from what the server can do: one
thread waits for all connections at once, and nothing but the length of an answer is looked for.
"""

import re
import select
import socket
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"
_READ_BYTES = 262_144
# Room for a queue of scans, so that sending one client's request never keeps the others waiting.
_SEND_BYTES = 1_048_576
_SILENT_SECONDS = 120


@dataclass(frozen=True)
class Outcome:
    """The result of a load run: duration of each request, count of each status, and bodies by request."""

    seconds: float
    latencies: list[float]
    statuses: Counter[int]
    bodies: dict[int, bytes]

    @property
    def per_second(self) -> float:
        """Return the number of responses per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the latency percentile in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(method: str, path: str, port: int, body: bytes = b"", **headers: str) -> bytes:
    """Return a request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def send_all(requests: Sequence[bytes], port: int, clients: int, seconds: float = 60) -> Outcome:
    """Send the requests from `clients` concurrent clients, for at most `seconds`.

    Raises ConnectionError if the server ends a connection in the middle of an answer; TimeoutError if it is silent.
    """
    with select.epoll() as poll:
        return _Load(requests, port, poll).run(clients, seconds)


class _Load:
    """The clients that are at work, each waiting for the answer to one request."""

    def __init__(self, requests: Sequence[bytes], port: int, poll: select.epoll) -> None:
        self._queue = iter(enumerate(requests))
        self._port = port
        self._poll = poll
        self._clients: dict[int, _Client] = {}
        self._ends = 0.0

    def run(self, clients: int, seconds: float) -> Outcome:
        outcome = Outcome(0, [], Counter(), {})
        began = time.perf_counter()
        self._ends = began + seconds
        for _ in range(clients):
            self._send_next(self._join())
        while self._clients:
            for client in self._wait():
                if client.read():
                    _note(client, outcome)
                    self._send_next(self._replace(client) if client.is_closing else client)
        return replace(outcome, seconds=time.perf_counter() - began)

    def _wait(self) -> list["_Client"]:
        """Return the clients to whom the server has sent something."""
        ready = self._poll.poll(_SILENT_SECONDS)
        if not ready:
            raise TimeoutError("the server is silent")
        return [self._clients[number] for number, _ in ready]

    def _send_next(self, client: "_Client") -> None:
        """Send the client's next request; without one, or without time left, the client leaves."""
        number, sent = next(self._queue, (0, b""))
        if sent and time.perf_counter() < self._ends:
            client.send(number, sent)
        else:
            self._leave(client)

    def _join(self) -> "_Client":
        client = _Client(_connect(self._port))
        self._clients[client.socket.fileno()] = client
        self._poll.register(client.socket, select.EPOLLIN)
        return client

    def _replace(self, client: "_Client") -> "_Client":
        self._leave(client)
        return self._join()

    def _leave(self, client: "_Client") -> None:
        self._poll.unregister(client.socket)
        del self._clients[client.socket.fileno()]
        client.socket.close()


@dataclass(slots=True)
class _Client:
    """A connection, the request that is under way on it, and what has been read of the answer."""

    socket: socket.socket
    number: int = 0
    began: float = 0.0
    is_closing: bool = False
    body_at: int = 0
    length: int = 0
    answer: bytearray = field(default_factory=bytearray)

    def send(self, number: int, sent: bytes) -> None:
        self.number, self.began, self.body_at = number, time.perf_counter(), 0
        self.answer.clear()
        self.socket.sendall(sent)

    def read(self) -> bool:
        """Read what has come; return whether the answer is complete."""
        read = self.socket.recv(_READ_BYTES)
        if not read:
            raise ConnectionError("the server ended the connection")
        self.answer += read
        if not self.body_at:
            end = self.answer.find(_HEAD_END)
            if end < 0:
                return False
            head = bytes(self.answer[: end + 2])
            found = _LENGTH.search(head)
            # A 304 response has no body, so Content-Length may be missing.
            self.length = int(found[1]) if found else 0
            self.is_closing = _CLOSE.search(head) is not None
            self.body_at = end + len(_HEAD_END)
        return len(self.answer) - self.body_at >= self.length


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BYTES)
    return connection


def _note(client: _Client, outcome: Outcome) -> None:
    outcome.latencies.append(time.perf_counter() - client.began)
    outcome.statuses[int(client.answer[9:12])] += 1
    outcome.bodies[client.number] = bytes(client.answer[client.body_at :])
