"""Responses that browsers and proxies may cache, and page fragments rendered once for many requests."""

import hashlib
import os
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import TypeVar

from flask import Response, request
from markupsafe import Markup

from expo.editions.queries import EditionFacts
from expo.infra.cache import get_cache, get_recent
from expo.infra.rendered_files import find_rendered_file, store_rendered_file
from expo.infra.single_flight import one_at_a_time
from expo.web.kit.language import current_language

T = TypeVar("T")

FRAGMENT_SECONDS = 600
FEED_SECONDS = 300


def cached_fragment(edition: EditionFacts, name: str, render: Callable[[], str]) -> Markup:
    """Return a fragment of a page, rendered once per language and content version.

    `name` holds everything else that the fragment depends on. It must not depend on the viewer.
    """
    digest = hashlib.sha256(name.encode()).hexdigest()[:24]
    key = f"fragment:{edition.id}:{edition.content_version}:{current_language().code}:{digest}"
    # Without Redis processes share nothing, and rendering is faster than waiting for another process's lock.
    suffix = "" if get_cache().is_shared else f":{os.getpid()}"
    cached = _make_once(key, f"{key}{suffix}", lambda: render().encode())
    return Markup(cached.decode())  # noqa: S704 - rendered by our own templates


def recent_value(key: Hashable, seconds: float, read: Callable[[], T]) -> T:
    """Return a value read at most `seconds` ago in this process; for figures that need not be current."""
    cached: T | None = get_recent().get(key)
    if cached is None:
        cached = read()
        get_recent().set(key, cached, seconds)
    return cached


def cached_bytes(edition: EditionFacts, name: str, make: Callable[[], bytes]) -> bytes:
    """Return a file built once per language and content version, by one process for all."""
    key = f"file:{edition.id}:{edition.content_version}:{current_language().code}:{name}"
    return _make_once(key, key, make if get_cache().is_shared else lambda: _find_or_make(key, make))


def _find_or_make(key: str, make: Callable[[], bytes]) -> bytes:
    cached = find_rendered_file(key, FRAGMENT_SECONDS)
    if cached is None:
        cached = make()
        store_rendered_file(key, cached, FRAGMENT_SECONDS)
    return cached


def _make_once(key: str, lock: str, make: Callable[[], bytes]) -> bytes:
    """Return the cached value, or build it; concurrent requests wait for the one that builds it."""
    cached = get_cache().get(key)
    if cached is not None:
        return cached
    with one_at_a_time(lock):
        cached = get_cache().get(key)
        if cached is None:
            cached = make()
            get_cache().set(key, cached, FRAGMENT_SECONDS)
    return cached


def feed_response(
    body: Callable[[], bytes], mimetype: str, version: str, changed_at: datetime, filename: str | None = None
) -> Response:
    """Return a public file that may be cached for five minutes, or 304 if the client has this version."""
    response = Response(mimetype=mimetype)
    response.set_etag(hashlib.sha256(f"{request.path}:{version}".encode()).hexdigest()[:24])
    response.last_modified = changed_at.replace(microsecond=0)
    response.cache_control.public = True
    response.cache_control.max_age = FEED_SECONDS
    response.vary.add("Accept-Language")
    if filename:
        response.headers.set("Content-Disposition", "attachment", filename=filename)
    response.make_conditional(request)
    if response.status_code != 304:  # noqa: PLR2004 - Not Modified
        response.set_data(body())
    return response
