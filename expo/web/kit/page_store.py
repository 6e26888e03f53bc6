"""Rendered pages stored in this process: compressed once, limited in bytes."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from expo.editions.queries import ContentVersion

# Below this size a header costs more than compression saves.
SMALLEST_COMPRESSED = 512
# On a page of 1,000 sessions, 6 takes twice as long for 2 % less, and Chinese takes twice as long as English.
COMPRESSION = 5
COMPRESSED_TYPES = ("text/", "application/json", "application/xml")

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A 200 response in every encoding that it is sent in."""

    version: ContentVersion
    valid_until: datetime
    etag: str
    last_modified: str
    body: bytes
    headers: Headers
    compressed: bytes | None
    compressed_headers: Headers
    unchanged_headers: Headers

    @property
    def size(self) -> int:
        """Return its approximate size in bytes."""
        return len(self.body) + len(self.compressed or b"") + 4096

    def is_valid(self, version: ContentVersion, now: datetime) -> bool:
        """Return whether it still shows this content at this moment."""
        return self.version == version and now < self.valid_until


# Recreated for each response, or set here.
_REPLACED = frozenset({"content-length", "etag", "vary", "content-encoding", "date", "connection"})
_KEPT_WHEN_UNCHANGED = frozenset({"cache-control", "content-security-policy", "strict-transport-security"})
VARY = ("Vary", "Accept-Encoding, Accept-Language, Cookie")


def prepare_page(version: ContentVersion, valid_until: datetime, headers: Headers, body: bytes) -> StoredPage:
    """Return a page in every encoding. Its ETag depends on the body alone, so that all processes agree on it."""
    plain = [(name, value) for name, value in headers if name.lower() not in _REPLACED]
    by_name = {name.lower(): value for name, value in plain}
    # Weak, because the compressed form has the same tag.
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    shared: Headers = [("ETag", etag), VARY]
    can_compress = by_name.get("content-type", "").startswith(COMPRESSED_TYPES) and len(body) >= SMALLEST_COMPRESSED
    compressed = gzip.compress(body, COMPRESSION, mtime=0) if can_compress else None
    return StoredPage(
        version,
        valid_until,
        etag,
        by_name.get("last-modified", ""),
        body,
        [*plain, *shared, ("Content-Length", str(len(body)))],
        compressed,
        [*plain, *shared, ("Content-Encoding", "gzip"), ("Content-Length", str(len(compressed or b"")))],
        [*((name, value) for name, value in plain if name.lower() in _KEPT_WHEN_UNCHANGED), *shared],
    )


class PageStore:
    """The most recently requested pages, limited in bytes."""

    def __init__(self, max_bytes: int, max_page_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._max_page_bytes = max_page_bytes
        self._bytes = 0
        self._pages: OrderedDict[Hashable, StoredPage] = OrderedDict()
        self._mutex = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def bytes_used(self) -> int:
        """Return the approximate size of all pages in bytes."""
        return self._bytes

    def get(self, key: Hashable) -> StoredPage | None:
        """Return the page stored under `key`, or None."""
        with self._mutex:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def set(self, key: Hashable, page: StoredPage) -> None:
        """Store a page, evicting the least recently used ones. Pages over the size limit are not stored."""
        with self._mutex:
            self._drop(key)
            if page.size > self._max_page_bytes:
                return
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > self._max_bytes:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        self._bytes -= page.size if page else 0
