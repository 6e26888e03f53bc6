"""Versions of records that have no counter: a digest of their values, for detecting concurrent changes."""

import hashlib
import json
from typing import Any

from expo.errors import Outdated

_LENGTH = 16


def version_of(*values: Any) -> str:
    """Return the version of a record with these values."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def require_version(expected: str | None, current: str) -> None:
    """Check that the version that a change is based on is the current one; None allows any. Raises Outdated."""
    if expected is not None and expected != current:
        raise Outdated
