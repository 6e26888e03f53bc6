"""CSRF protection without a token, for visitors without a session: based on headers set by the browser.

`Sec-Fetch-Site` (Fetch metadata) and `Origin` are set by the browser and cannot be set by a page. A request with
neither is refused. Used where a token would require a session cookie for every visitor; forms that act for a
signed-in person use a token.
"""

from urllib.parse import urlsplit

from flask import abort, request


def require_same_origin() -> None:
    """Abort with 400 unless the request comes from a page of this site."""
    if not comes_from_same_origin():
        abort(400)


def comes_from_same_origin() -> bool:
    """Return whether the browser says that this request comes from a page of this host."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc.casefold() == request.host.casefold()
