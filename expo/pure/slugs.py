"""Slugs: readable names in URLs."""

import hashlib
import re
import unicodedata

MAX_SLUG_LENGTH = 80
# Words used in addresses where slugs are (`/sessions/new`), so that no page could be reached under such a slug.
RESERVED = frozenset(
    {
        "all-rooms", "applications", "backgrounds", "favourites", "imports", "invitations", "issue", "messages", "new",
        "open", "packages", "questions", "reports", "rounds", "route", "search", "selected", "services", "take-in",
        "tasks", "window", "without-account",
    }
)  # fmt: skip


def make_slug(text: str, taken: set[str], longest: int = MAX_SLUG_LENGTH) -> str:
    """Return a slug that is neither `taken` nor reserved, and add it. A number appended to it may exceed the length.

    Letters of all scripts are retained: browsers show them, and a Chinese title has no unambiguous romanization.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(r"[\w]+", folded.replace("_", " "))
    slug = "-".join(words)[:longest].strip("-") or hashlib.sha256(text.encode()).hexdigest()[:8]
    candidate, number = slug, 2
    while candidate in taken or candidate in RESERVED:
        candidate = f"{slug}-{number}"
        number += 1
    taken.add(candidate)
    return candidate
