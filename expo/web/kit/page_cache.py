"""In-memory cache of public pages for visitors without a session: WSGI middleware in front of Flask.

**Nothing personal can be stored**, by construction: Flask renders a stored page not from the visitor's request but
from one built from the cache key alone (scheme, path, known parameters, language, theme), without cookies, address
or any other header. Requests with a session cookie, or for pages not marked as public, pass through unchanged.

**Nothing is stale for longer than a second**: a page is valid for the content version that it shows, and each
process reads the current version at most once a second. A page also expires at the moment at which it changes by
itself (`holds_until`). Rationale: docs/decisions/0020-public-pages-from-memory.md.
"""

import io
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header, parse_date
from werkzeug.routing import RequestRedirect

from expo.editions.queries import ContentVersion, find_content_version
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.languages import languages_offered
from expo.web.kit.language import ENVIRON_KEY as LANGUAGE_KEY, preferred_language
from expo.web.kit.metrics import count_request
from expo.web.kit.page_store import Headers, PageStore, StoredPage, prepare_page
from expo.web.kit.pages import theme_of
from expo.web.kit.public_pages import ENVIRON_KEY, PageOffer, PublicPage, find_public_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VERSION_SECONDS = 1.0
MEGABYTE = 2**20
# The edition's content limits the number of pages without parameters, but visitors can make any number of
# parameter combinations, so those have a store of their own and cannot evict the others.
PAGES_BYTES, FILTERED_BYTES, LARGEST_PAGE = 48 * MEGABYTE, 16 * MEGABYTE, 4 * MEGABYTE
MAX_QUERY_LENGTH = 1000
MAX_VALUE_LENGTH = 100
_FILLING_LOCKS = 64

# What Flask needs to know about the server; the rest of the visitor's request is dropped.
_SERVER_KEYS = ("SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "SCRIPT_NAME", "PATH_INFO", "wsgi.version",
    "wsgi.url_scheme", "wsgi.errors", "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once", LANGUAGE_KEY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageKey:
    """Everything that a public page depends on besides its content and the time."""

    scheme: str
    root: str
    path: str
    query: str
    language: str
    theme: str


class VersionReader:
    """Reads the version of the public content at most once a second per process."""

    def __init__(
        self,
        read: Callable[[], ContentVersion | None],
        seconds: float = VERSION_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._clock = clock
        self._version: ContentVersion | None = None
        self._valid_until = float("-inf")
        self._mutex = threading.Lock()

    def read(self) -> ContentVersion | None:
        """Return the version as of less than `seconds` ago, or None if no edition is shown."""
        if self._clock() < self._valid_until:
            return self._version
        with self._mutex:
            if self._clock() >= self._valid_until:
                # Measured before the read: it may miss what is committed while it runs.
                started_at = self._clock()
                self._version = self._read()
                self._valid_until = started_at + self._seconds
            return self._version


class PageCache:
    """WSGI middleware: serves public pages from memory."""

    def __init__(
        self, app: Flask, inner: "WSGIApplication", host: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._inner = inner
        self._host = host
        self._languages = languages_offered(app.config["SETTINGS"])
        self._version = VersionReader(self._read_version, clock=clock)
        self._session_cookie = app.config["SESSION_COOKIE_NAME"]
        self._routes = app.url_map.bind("localhost")
        self._public: dict[str, PublicPage] | None = None
        self._pages = PageStore(PAGES_BYTES, LARGEST_PAGE)
        self._filtered = PageStore(FILTERED_BYTES, LARGEST_PAGE)
        self._filling = [threading.Lock() for _ in range(_FILLING_LOCKS)]

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve a public page from memory for anonymous visitors; pass on anything else."""
        started_at = time.perf_counter()
        found = self._find_key(environ)
        if found is None:
            return self._inner(environ, start_response)
        key, route = found
        try:
            version = self._version.read()
        except SQLAlchemyError:
            version = None  # the page reports that the database is unavailable
        if version is None:
            return self._inner(environ, start_response)
        store = self._filtered if key.query else self._pages
        page = store.get(key)
        if page is not None and page.is_valid(version, utcnow()):
            return _send(page, environ, start_response, route, started_at)
        with self._filling[hash(key) % _FILLING_LOCKS]:
            page = store.get(key)  # another thread may have rendered it in the meantime
            if page is None or not page.is_valid(version, utcnow()):
                answer = self._render(key, environ, start_response, store)
                if not isinstance(answer, StoredPage):
                    return answer
                # Flask has already counted this request.
                return _send(answer, environ, start_response)
        return _send(page, environ, start_response, route, started_at)

    @property
    def stored_pages(self) -> int:
        """Return the number of stored pages."""
        return len(self._pages) + len(self._filtered)

    def _find_key(self, environ: "WSGIEnvironment") -> tuple[PageKey, str] | None:
        """Return the cache key and route of a request, or None if its response is not public."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
            return None
        theme = "auto"
        for part in environ.get("HTTP_COOKIE", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == self._session_cookie:
                return None
            if name == "theme":
                theme = theme_of(value)
        try:
            rule, _values = self._routes.match(environ.get("PATH_INFO", "/"), "GET", return_rule=True)
        except (HTTPException, RequestRedirect):
            return None
        if self._public is None:
            self._public = find_public_pages(self._app)
        public = self._public.get(rule.endpoint)
        query = _known_query(public, environ.get("QUERY_STRING", "")) if public else None
        if query is None:
            return None
        key = PageKey(
            environ["wsgi.url_scheme"],
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", "/"),
            query,
            environ.get(LANGUAGE_KEY) or self._language_of(environ.get("HTTP_ACCEPT_LANGUAGE", "")),
            theme,
        )
        return key, rule.rule

    def _render(
        self, key: PageKey, environ: "WSGIEnvironment", start_response: "StartResponse", store: PageStore
    ) -> "StoredPage | list[bytes]":
        """Let Flask handle a request built from the key; store the page if it has an expiry."""
        offer = PageOffer(utcnow())
        status, headers, body = _collect(self._inner, self._request_of(key, environ, offer))
        is_personal = any(name.lower() == "set-cookie" for name, _ in headers)
        if offer.version is not None and offer.valid_until is not None and not is_personal:
            page = prepare_page(offer.version, offer.valid_until, headers, body)
            store.set(key, page)
            return page
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _request_of(self, key: PageKey, environ: "WSGIEnvironment", offer: PageOffer) -> "WSGIEnvironment":
        request = {name: environ[name] for name in _SERVER_KEYS if name in environ}
        return request | {
            "REQUEST_METHOD": "GET",
            "QUERY_STRING": key.query,
            "HTTP_HOST": self._host,
            "HTTP_ACCEPT_LANGUAGE": key.language,
            "HTTP_COOKIE": f"theme={key.theme}",
            "wsgi.input": io.BytesIO(),
            ENVIRON_KEY: offer,
        }

    def _language_of(self, header: str) -> str:
        return preferred_language(parse_accept_header(header, LanguageAccept).values(), self._languages).code

    def _read_version(self) -> ContentVersion | None:
        with self._app.app_context():
            return find_content_version()


def init_page_cache(app: Flask) -> None:
    """Install the page cache. Must be called before the language middleware, which has to run first."""
    settings: Settings = app.config["SETTINGS"]
    if settings.page_cache:
        host = urlsplit(settings.effective_public_url).netloc
        app.wsgi_app = PageCache(app, app.wsgi_app, host)  # type: ignore[method-assign]


def _known_query(page: PublicPage, text: str) -> str | None:
    """Return the page's known parameters in canonical order, or None if it must not be stored."""
    if not text:
        return ""
    if len(text) > MAX_QUERY_LENGTH:
        return None
    given: dict[str, str] = {}
    for name, value in parse_qsl(text):
        given.setdefault(name, value)
    if page.searched_by & given.keys() or any(len(given.get(name, "")) > MAX_VALUE_LENGTH for name in page.parameters):
        return None
    return urlencode([(name, given[name]) for name in page.parameters if name in given])


def _collect(app: "WSGIApplication", environ: "WSGIEnvironment") -> tuple[str, Headers, bytes]:
    """Return the complete response of an application."""
    answer: dict[str, Any] = {}

    def start(status: str, headers: Headers, _error: Any = None) -> Callable[[bytes], object]:
        answer.update(status=status, headers=headers)
        return lambda _: None

    parts = app(environ, start)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
    return answer["status"], answer["headers"], body


def _send(
    page: StoredPage,
    environ: "WSGIEnvironment",
    start_response: "StartResponse",
    route: str = "",
    started_at: float | None = None,
) -> list[bytes]:
    """Send a stored page, or 304 if the visitor has it; count the request if its start time is known."""
    is_unchanged = _is_not_modified(page, environ)
    if started_at is not None:
        count_request(route, environ["REQUEST_METHOD"], 304 if is_unchanged else 200, time.perf_counter() - started_at)
    if is_unchanged:
        start_response("304 Not Modified", page.unchanged_headers)
        return []
    if page.compressed is not None and _accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        start_response("200 OK", page.compressed_headers)
        body = page.compressed
    else:
        start_response("200 OK", page.headers)
        body = page.body
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _is_not_modified(page: StoredPage, environ: "WSGIEnvironment") -> bool:
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        wanted = page.etag.removeprefix("W/")
        return any(tag.strip().removeprefix("W/") in (wanted, "*") for tag in tags.split(","))
    since = parse_date(environ.get("HTTP_IF_MODIFIED_SINCE"))
    changed = parse_date(page.last_modified)
    return since is not None and changed is not None and changed <= since


def _accepts_gzip(header: str) -> bool:
    for part in header.split(","):
        name, _, quality = part.partition(";")
        if name.strip().lower() == "gzip":
            return quality.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
