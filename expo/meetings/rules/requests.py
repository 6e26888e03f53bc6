"""Checks of meeting requests. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from expo.errors import Invalid

MAX_PROPOSALS = 3
MAX_TEXT_LENGTH = 2000
MAX_LINK_LENGTH = 500
MAX_GUESTS = 20
MAX_REPRESENTATIVES = 5
MIN_TIME_TO_ANSWER = timedelta(minutes=30)


@dataclass(frozen=True)
class MeetingRequest:
    """A request for a meeting. Without `times` any free time will do."""

    message: str
    times: tuple[datetime, ...] = ()
    is_virtual: bool = False
    link: str = ""
    # Others on the side of the requester, and everybody who is invited.
    companions: tuple[int, ...] = ()
    key: str = ""


def check_text(text: str, field: str, *, is_required: bool = False) -> str:
    """Return a text without control characters. Raises Invalid `meeting_text_empty` or `text_too_long`."""
    kept = "".join(
        char for char in text.replace("\r\n", "\n") if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs"}
    )
    cleaned = unicodedata.normalize("NFC", kept).strip()
    if is_required and not cleaned:
        raise Invalid("meeting_text_empty", field=field)
    if len(cleaned) > MAX_TEXT_LENGTH:
        raise Invalid("text_too_long", field=field, maximum=MAX_TEXT_LENGTH)
    return cleaned


def check_link(link: str) -> str:
    """Return the https address of a virtual meeting; may be empty. Raises Invalid `meeting_link_invalid`."""
    link = link.strip()
    if not link:
        return ""
    try:
        parts = urlsplit(link)
        is_web = parts.scheme == "https" and "." in (parts.hostname or "")
    except ValueError:
        is_web = False
    if not is_web or len(link) > MAX_LINK_LENGTH or re.search(r"[\s\x00-\x1f\x7f\"<>\\]", link):
        raise Invalid("meeting_link_invalid", field="link")
    return link


def check_proposals(times: Iterable[datetime], offered: Iterable[datetime], now: datetime) -> tuple[datetime, ...]:
    """Return up to three distinct times of the grid that are not over, in order.

    Raises Invalid `meeting_times_too_many` or `meeting_time_invalid`.
    """
    wanted = tuple(sorted(set(times)))
    if len(wanted) > MAX_PROPOSALS:
        raise Invalid("meeting_times_too_many", field="times", maximum=MAX_PROPOSALS)
    known = set(offered)
    if any(each not in known or each <= now for each in wanted):
        raise Invalid("meeting_time_invalid", field="times")
    return wanted


def expiry_of(times: Iterable[datetime], latest: datetime, expire_hours: int, now: datetime) -> datetime:
    """Return when an unanswered request expires: after some hours, and not after the last possible time."""
    last = max(times, default=latest)
    return max(min(now + timedelta(hours=expire_hours), last), now + MIN_TIME_TO_ANSWER)
