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
        self._random = random.Random(9)

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


@contextmanager
def open_network(target: str) -> Iterator[tuple[Network, str]]:
    """Serve a network in front of the server at `target`, and give its own address."""
    network = Network(target)

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fault = network.choose_fault(self.path)
            if fault == "lose the request":
                return
            if fault == "delay":
                threading.Event().wait(_LONGEST_DELAY)
            status, headers, content = self.forward(body)
            if fault == "repeat":
                status, headers, content = self.forward(body)
            if fault == "lose the answer":
                return
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in _NOT_FORWARDED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if fault == "cut the answer" else content)

        do_GET = do_POST = handle_any  # noqa: N815 - named by the library

        def forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = HTTPConnection(network.target, timeout=60)
            try:
                connection.request(self.command, self.path, body or None, dict(self.headers.items()))
                answer = connection.getresponse()
                return answer.status, answer.getheaders(), answer.read()
            finally:
                connection.close()

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, HTTPException):
                self.close_connection = True  # one of the two sides hung up

        def log_message(self, *_arguments: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield network, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
