"""Calls to addresses that somebody else chose, such as webhooks.

The name is resolved once, every address found must be public, and the connection goes to exactly the address that was
checked: a name that answers differently the second time (DNS rebinding) gains nothing. Redirects are not followed.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from flask import current_app

from expo.infra.config import Settings
from expo.pure.call_targets import Target, choose_address, read_networks, read_url

# Seconds for each step (connecting, sending, waiting), and for the whole call.
STEP_SECONDS = 5.0
CALL_SECONDS = 15.0
# More of an answer is not read; nobody needs it.
MAX_ANSWER_BYTES = 64 * 1024


class CallFailedError(Exception):
    """There was no answer; the message says why in one word, such as `timeout`."""


def check_target(url: str) -> Target:
    """Return the parts of a URL that may be called: https in production. Raises Invalid."""
    settings: Settings = current_app.config["SETTINGS"]
    return read_url(url, needs_https=settings.is_production)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a body and return the status of the answer.

    Raises CallFailedError, and Invalid `webhook_address_private` or `webhook_url_*` for a URL that may not be called.
    """
    settings: Settings = current_app.config["SETTINGS"]
    target = check_target(url)
    try:
        address = choose_address(_resolve(target), read_networks(settings.webhook_networks))
        connection = _connect(target, address)
        try:
            with _limited_time(connection.sock):
                connection.request("POST", target.path, body, {"Host": target.host_header, **headers})
                answer = connection.getresponse()
                answer.read(MAX_ANSWER_BYTES)
            return answer.status
        finally:
            connection.close()
    except TimeoutError:
        raise CallFailedError("timeout") from None
    except ssl.SSLError:
        raise CallFailedError("certificate") from None
    except socket.gaierror:
        raise CallFailedError("unknown_host") from None
    except (OSError, http.client.HTTPException):
        raise CallFailedError("no_connection") from None


def _resolve(target: Target) -> list[str]:
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _connect(target: Target, address: str) -> http.client.HTTPConnection:
    """Connect to the address, and for https check the certificate against the name."""
    plain = socket.create_connection((address, target.port), STEP_SECONDS)
    try:
        sock = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)
            if target.scheme == "https"
            else plain
        )
    except BaseException:
        plain.close()
        raise
    connection = http.client.HTTPConnection(target.host, target.port, timeout=STEP_SECONDS)
    connection.sock = sock
    return connection


@contextmanager
def _limited_time(sock: socket.socket) -> Iterator[None]:
    """Cut the connection after `CALL_SECONDS`: an answer that comes a byte at a time never exceeds a step's time.

    Raises TimeoutError.
    """
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(CALL_SECONDS, cut)
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if is_over.is_set():
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
    if is_over.is_set():
        raise TimeoutError
