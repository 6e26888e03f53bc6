"""A real browser, and a real server on a free port for it."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, expect, sync_playwright
from werkzeug.serving import make_server

from expo.infra.db import db
from expo.web.kit.sessions import SECRET_KEY_IN_COOKIE
from tests.conftest import skip_or_fail
from tests.sessions import begin_session_of

if TYPE_CHECKING:
    from playwright._impl._api_structures import SetCookieParam

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# What a page shall come to show is waited for longer than on a machine with nothing else to do.
expect.set_options(timeout=20_000)
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def open_browser(arguments: Sequence[str] = ()) -> Iterator[Browser]:
    """Start Chromium, the machine's own or playwright's; the test is skipped where there is neither."""
    own = next(filter(None, map(shutil.which, _NAMES)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=own, args=[*_QUIET, *arguments])
        except Exception as error:
            skip_or_fail(f"no Chromium on this machine: {str(error).splitlines()[0]}")
            raise
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Serve the application on a free port of this machine, and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
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
