"""Answers that browsers and proxies may keep, and pieces of pages that need not be made twice."""

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
    """Return a piece of a page, made once per language and version of the edition's content.

    `name` holds everything else that the piece depends on. What depends on the viewer does not belong in it.
    """
    digest = hashlib.sha256(name.encode()).hexdigest()[:24]
    key = f"fragment:{edition.id}:{edition.content_version}:{current_language().code}:{digest}"
    # A piece is made in less time than one waits for another process, which cannot hand it over without Redis.
    mine = "" if get_cache().is_shared else f":{os.getpid()}"
    kept = _made_once(key, f"{key}{mine}", lambda: render().encode())
    return Markup(kept.decode())  # noqa: S704 - rendered by our own templates


def recent_value(key: Hashable, seconds: float, read: Callable[[], T]) -> T:
    """Return what `read` gave at most so many seconds ago in this process: for figures that may be that old."""
    kept: T | None = get_recent().get(key)
    if kept is None:
        kept = read()
        get_recent().set(key, kept, seconds)
    return kept


def cached_bytes(edition: EditionFacts, name: str, make: Callable[[], bytes]) -> bytes:
    """Return a file made once per language and version of the edition's content, by one process for all."""
    key = f"file:{edition.id}:{edition.content_version}:{current_language().code}:{name}"
    return _made_once(key, key, make if get_cache().is_shared else lambda: _found_or_made(key, make))


def _found_or_made(key: str, make: Callable[[], bytes]) -> bytes:
    kept = find_rendered_file(key, FRAGMENT_SECONDS)
    if kept is None:
        kept = make()
        store_rendered_file(key, kept, FRAGMENT_SECONDS)
    return kept


def _made_once(key: str, lock: str, make: Callable[[], bytes]) -> bytes:
    """Return what is kept under a key, made now where nothing is; whoever asks meanwhile waits for it."""
    kept = get_cache().get(key)
    if kept is not None:
        return kept
    with one_at_a_time(lock):
        kept = get_cache().get(key)
        if kept is None:
            kept = make()
            get_cache().set(key, kept, FRAGMENT_SECONDS)
    return kept


def feed_answer(
    body: Callable[[], bytes], mimetype: str, version: str, changed_at: datetime, filename: str | None = None
) -> Response:
    """Return a public file that may be kept for five minutes; 304 where the asker has this version already."""
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
