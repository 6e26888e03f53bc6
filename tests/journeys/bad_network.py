"""A network between a browser and the server that can be cut, and that loses, delays, cuts short and repeats."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_LONGEST_DELAY = 0.3
_NOT_FORWARDED = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Network:
    """The state of the network. `is_bad` spoils the calls of the API, two of three; `is_api_down` cuts only them."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target).netloc
        self.is_up = True
        self.is_api_down = False
        self.is_bad = False
        self.faults: set[str] = set()
        self._random = random.Random(9)  # noqa: S311 - the same faults in every run

    def choose_fault(self, path: str) -> str | None:
        """Return what happens to the next request; None if nothing does."""
        is_call = path.startswith("/api/")
        if not self.is_up or (is_call and self.is_api_down):
            return "lose the request"
        if not (is_call and self.is_bad) or self._random.random() < 1 / 3:
            return None
        fault = self._random.choice(["lose the request", "lose the answer", "cut the answer", "delay", "repeat"])
        self.faults.add(fault)
        return fault


class _Handler(BaseHTTPRequestHandler):
    """Passes a request on, or what the network makes of it."""

    network: Network

    def do_GET(self) -> None:
        """Handle a request without a body."""
        self._pass_on()

    def do_POST(self) -> None:
        """Handle a request with a body."""
        self._pass_on()

    def handle(self) -> None:
        """Handle a connection until one of the two sides hangs up."""
        try:
            super().handle()
        except (OSError, HTTPException):
            self.close_connection = True

    def log_message(self, *_arguments: object) -> None:
        """Log nothing."""

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.network.choose_fault(self.path)
        if fault == "lose the request":
            return
        if fault == "delay":
            threading.Event().wait(_LONGEST_DELAY)
        answers = [self._forward(body) for _ in range(2 if fault == "repeat" else 1)]
        if fault != "lose the answer":
            self._send(*answers[-1], is_cut=fault == "cut the answer")

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(self.network.target, timeout=60)
        try:
            connection.request(self.command, self.path, body or None, dict(self.headers.items()))
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _send(self, status: int, headers: list[tuple[str, str]], content: bytes, *, is_cut: bool) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _NOT_FORWARDED:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if is_cut else content)


@contextmanager
def open_network(target: str) -> Iterator[tuple[Network, str]]:
    """Serve a network in front of the server at `target`, and give its own address."""
    network = Network(target)
    handler = type("Handler", (_Handler,), {"network": network})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield network, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
