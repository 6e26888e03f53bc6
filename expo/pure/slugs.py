"""Names that stand in addresses."""

import hashlib
import re
import unicodedata

MAX_SLUG_LENGTH = 80


def make_slug(text: str, taken: set[str], longest: int = MAX_SLUG_LENGTH) -> str:
    """Return a readable name for an address that is not `taken` yet, and take it. A number after it may make it longer.

    Letters of every script stay as they are: browsers show them, and a Chinese title has no other reading.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(r"[\w]+", folded.replace("_", " "))
    slug = "-".join(words)[:longest].strip("-") or hashlib.sha256(text.encode()).hexdigest()[:8]
    candidate, number = slug, 2
    while candidate in taken:
        candidate = f"{slug}-{number}"
        number += 1
    taken.add(candidate)
    return candidate
