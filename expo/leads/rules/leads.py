"""Statuses and ratings of leads, what a list of them is narrowed to, and which of two choices wins. Pure."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

MAX_RATING = 5


class FollowUp(StrEnum):
    """How far the company has followed up a lead."""

    NEW = "new"
    CONTACTED = "contacted"
    MEETING = "meeting"
    WON = "won"
    LOST = "lost"


class LeadEvent(StrEnum):
    """What a company's systems may want to be called about."""

    CREATED = "lead.created"
    UPDATED = "lead.updated"
    WITHDRAWN = "lead.withdrawn"


@dataclass(frozen=True)
class LeadFilter:
    """What a list of leads is narrowed to; empty values do not narrow."""

    q: str = ""
    min_rating: int | None = None
    status: FollowUp | None = None
    member_id: int | None = None
    # A day, by the clocks of the expo's time zone.
    day: date | None = None
    # The key of a question, and the answer if it is a choice; with a question alone, everybody who answered it.
    question: str = ""
    answer: str = ""


def is_later(at: datetime, value: Any, stored_at: datetime | None, stored: Any) -> bool:
    """Return whether a choice replaces the stored one: the later does, and of two at once the greater by its text.

    The order in which choices arrive does not matter, nor does repeating one.
    """
    return stored_at is None or (at, _text(value)) > (stored_at, _text(stored))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
