"""Input sanitizing: paths, queries and forms reach the views only as text that the database can store.

Views and forms need not handle NUL, lone surrogates or numbers larger than any id: a path with such characters is
not found (404), an out-of-range number is treated as not a number, and texts are cleaned. If the database still
refuses a value, the response is 422 (`web/kit/errors.py`), never 500. The API rejects such input instead of
cleaning it, because its callers are programs whose authors should learn of the mistake.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import BaseConverter, ValidationError
from werkzeug.utils import cached_property

from expo.pure.texts import clean_text, has_forbidden_characters

# The largest id of any table: PostgreSQL's integer.
MAX_NUMBER = 2**31 - 1
MAX_PATH_LENGTH = 2000


def read_number(text: str) -> int:
    """Return a whole number from 0 to 2^31 - 1 written in ASCII digits. Raises ValueError for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_NUMBER))) or int(text) > MAX_NUMBER:
        raise ValueError("not a number that any row could have")
    return int(text)


class CleanParameters(ImmutableMultiDict[str, str]):
    """Parameters without forbidden characters; `type=int` accepts only numbers that fit an id."""

    def __init__(self, mapping: Any = None) -> None:
        given = MultiDict(mapping)
        super().__init__([(clean_text(name), clean_text(value)) for name, values in given.lists() for value in values])

    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002 - Werkzeug's name
        """Return the first value for `key`, converted by `type`, or `default` if it is absent or invalid."""
        return super().get(key, default=default, type=read_number if type is int else type)


class GuardedRequest(Request):
    """A request whose query and form are cleaned, except for the API's."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """Return the query parameters."""
        given = super().args
        return given if self.is_for_api else CleanParameters(given)

    @property
    def is_for_api(self) -> bool:
        """Return whether this request is for the API, which rejects what pages clean."""
        return self.path.startswith("/api/")

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = CleanParameters(self.__dict__["form"])


class NumberConverter(BaseConverter):
    """`<int:…>` in a route: ASCII digits, up to the largest id."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        """Return the number. Raises ValidationError, which makes the route not match."""
        try:
            return read_number(value)
        except ValueError:
            raise ValidationError from None

    def to_url(self, value: Any) -> str:
        """Return the number as text for a URL."""
        return str(int(value))


class TrustedHosts:
    """WSGI middleware: rejects requests for foreign hosts before any URL is built from the Host header.

    An IP address or an empty host is accepted: load balancers use them, and they cannot redirect anyone elsewhere.
    """

    def __init__(self, app: Any, names: Iterable[str]) -> None:
        self._app = app
        self._names = frozenset(name.casefold() for name in names)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Pass on a request for one of our hosts; return 400 for any other."""
        if self._is_ours(environ.get("HTTP_HOST", "")):
            answer: Iterable[bytes] = self._app(environ, start_response)
            return answer
        return _refuse_host(start_response)

    def _is_ours(self, host: str) -> bool:
        name = host_name(host).casefold().rstrip(".")
        return not name or name in self._names or is_address(name)


def host_name(host: str) -> str:
    """Return the host name or address of a Host header, without the port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def is_address(name: str) -> bool:
    """Return whether a host is written as an IP address."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _refuse_host(start_response: Any) -> Iterator[bytes]:
    body = b"This host is not served here. Use the expo's own address.\n"
    start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return iter([body])


def _refuse_strange_paths() -> None:
    if len(request.path) > MAX_PATH_LENGTH or has_forbidden_characters(request.path):
        abort(404)


def init_input_guard(app: Flask) -> None:
    """Guard every request. Must be called before any route is registered."""
    app.request_class = GuardedRequest
    app.url_map.converters = {**app.url_map.converters, "int": NumberConverter}
    app.before_request(_refuse_strange_paths)
