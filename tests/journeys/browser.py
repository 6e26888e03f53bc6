"""A real browser, and a real server on a free port for it."""

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, Error, Playwright, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from expo.infra.db import db
from expo.web.kit.sessions import SECRET_KEY_IN_COOKIE
from tests.conftest import skip_or_fail
from tests.sessions import begin_session_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from playwright._impl._api_structures import SetCookieParam

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
# How long a page may take to show something: long enough for a machine that has much else to do.
TIMEOUT_MS = 60_000
expect.set_options(timeout=TIMEOUT_MS)
_BODY = "expo.body"
QUIET_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


class _Shared:
    """The driver and the browser that the tests of this process share: starting them takes longer than most tests."""

    def __init__(self) -> None:
        self._driver: Playwright | None = None
        self._closing = ExitStack()
        self._browser: Browser | None = None

    @property
    def driver(self) -> Playwright:
        """The driver, started on first use. There can be only one in a thread."""
        if self._driver is None:
            self._driver = sync_playwright().start()
        return self._driver

    @property
    def browser(self) -> Browser:
        """Chromium, started on first use and after it crashed."""
        if self._browser is None or not self._browser.is_connected():
            self._closing.close()
            self._browser = self._closing.enter_context(launch_browser(self.driver))
        return self._browser

    def stop(self) -> None:
        """Stop both, if they were started."""
        self._closing.close()
        if self._driver is not None:
            self._driver.stop()
        self._browser = self._driver = None


_shared = _Shared()
stop_browser = _shared.stop


@contextmanager
def open_playwright() -> Iterator[Playwright]:
    """Give the driver that starts browsers. Use this, not `sync_playwright`, which can run only once."""
    yield _shared.driver


@contextmanager
def open_browser(arguments: Sequence[str] = ()) -> Iterator[Browser]:
    """Give a browser in which a test opens contexts of its own, which are closed afterwards.

    It is shared with other tests, unless it needs arguments. It is the machine's own Chromium or playwright's; the test
    is skipped where there is neither.
    """
    if arguments:
        with launch_browser(_shared.driver, arguments) as browser:
            yield browser
        return
    browser = _shared.browser
    others = list(browser.contexts)
    try:
        yield browser
    finally:
        for context in [each for each in browser.contexts if each not in others]:
            with suppress(Error):  # it crashed
                context.close()


@contextmanager
def launch_browser(playwright: Playwright, arguments: Sequence[str] = ()) -> Iterator[Browser]:
    """Start Chromium for one test, beside other browsers."""
    own = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    try:
        browser = playwright.chromium.launch(executable_path=own, args=[*QUIET_ARGUMENTS, *arguments])
    except Exception as error:
        skip_or_fail(f"no Chromium on this machine: {str(error).splitlines()[0]}")
        raise
    _extend_timeouts(browser)
    try:
        yield browser
    finally:
        with suppress(Error):  # it crashed
            browser.close()


def _extend_timeouts(browser: Browser) -> None:
    """Let every context of this browser wait for actions and pages as long as for what they show."""
    new_context = browser.new_context

    def new_lenient_context(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.set_default_timeout(TIMEOUT_MS)
        return context

    browser.new_context = new_lenient_context  # type: ignore[method-assign]


class _Handler(WSGIRequestHandler):
    """A handler that closes what it was sending when the browser hangs up: Werkzeug's may leave the file open."""

    def connection_dropped(self, error: BaseException, environ: "WSGIEnvironment | None" = None) -> None:  # noqa: ARG002 - as Werkzeug calls it
        close = getattr((environ or {}).get(_BODY), "close", None)
        if close is not None:
            close()


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Serve the application on a free port of this machine, and give its address."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ[_BODY] = body = app(environ, start_response)
        return body

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=_Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def sign_in_cookie(app: Flask, address: str, person_id: int) -> "SetCookieParam":
    """Return the cookie of a session of this person, for a browser that need not go through the sign-in pages."""
    assert isinstance(app.session_interface, SecureCookieSessionInterface)
    serializer = app.session_interface.get_signing_serializer(app)
    assert serializer is not None
    value = serializer.dumps({SECRET_KEY_IN_COOKIE: begin_session_of(person_id), "_permanent": True})
    db.session.rollback()
    return {"name": "session", "value": value, "url": address}
