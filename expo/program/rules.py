"""How a programme is read: names in addresses, which session is on now, conflicts in an agenda. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

MAX_SLUG_LENGTH = 80


class Timed(Protocol):
    """Something with a beginning and an end, where it has them yet."""

    @property
    def starts_at(self) -> datetime | None:
        """When it begins."""

    @property
    def ends_at(self) -> datetime | None:
        """When it ends."""


def make_slug(text: str, taken: set[str]) -> str:
    """Return a readable name for an address that is not `taken` yet, and take it.

    Letters of every script stay as they are: browsers show them, and a Chinese title has no other reading.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(r"[\w]+", folded.replace("_", " "))
    slug = "-".join(words)[:MAX_SLUG_LENGTH].strip("-") or hashlib.sha256(text.encode()).hexdigest()[:8]
    candidate, number = slug, 2
    while candidate in taken:
        candidate = f"{slug}-{number}"
        number += 1
    taken.add(candidate)
    return candidate


def pick_day(days: Sequence[date], today: date) -> date | None:
    """Return the day of the programme to show first: today, else the next one, else the first."""
    if not days:
        return None
    return next((day for day in days if day >= today), days[0])


def find_overlaps(sessions: Sequence[Timed]) -> set[int]:
    """Return the positions of sessions that run at the same time as another of the list."""
    timed = sorted(
        (session.starts_at, session.ends_at, position)
        for position, session in enumerate(sessions)
        if session.starts_at is not None and session.ends_at is not None
    )
    overlapping: set[int] = set()
    for index, (_, ends_at, position) in enumerate(timed):
        for later_start, _, later_position in timed[index + 1 :]:
            if later_start >= ends_at:
                break
            overlapping |= {position, later_position}
    return overlapping
