"""Forms without a token, for visitors without a session: the browser itself says which site a request comes from.

Fetch metadata (`Sec-Fetch-Site`) and `Origin` are set by the browser and cannot be set by a page. A request that has
neither is refused. Used where a token would give every visitor a session cookie; anything that acts for a person
keeps its token.
"""

from urllib.parse import urlsplit

from flask import abort, request


def require_same_origin() -> None:
    """Refuse a request that does not come from a page of ours with 400."""
    if not comes_from_same_origin():
        abort(400)


def comes_from_same_origin() -> bool:
    """Whether the browser says that this request comes from a page of this host."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc.casefold() == request.host.casefold()
