"""Checks of meeting settings. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from expo.errors import Invalid

DEFAULT_HOURS = (9 * 60, 17 * 60)
DAY_MINUTES = 24 * 60
STEP_MINUTES = 5
MAX_LIMIT = 1000


class RequestPhase(StrEnum):
    """Whether meetings can be requested now."""

    CLOSED = "closed"
    NOT_YET = "not_yet"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True)
class SettingsRequest:
    """The meeting settings of an edition. Days without an entry in `hours` have the default hours."""

    is_open: bool = True
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    slot_minutes: int = 25
    buffer_minutes: int = 5
    walking_minutes: int = 10
    max_open: int = 10
    max_per_day: int = 20
    max_with_one: int = 2
    expire_hours: int = 48
    no_show_minutes: int = 15
    # By day: the first and last minute of the day; None for a day without meetings.
    hours: Mapping[date, tuple[int, int] | None] | None = None

    def phase_at(self, now: datetime) -> RequestPhase:
        """Return whether meetings can be requested at a moment."""
        if not self.is_open:
            return RequestPhase.CLOSED
        if self.opens_at is not None and now < self.opens_at:
            return RequestPhase.NOT_YET
        if self.closes_at is not None and now >= self.closes_at:
            return RequestPhase.OVER
        return RequestPhase.OPEN


_LIMITS = {
    "slot_minutes": (STEP_MINUTES, 240),
    "buffer_minutes": (0, 60),
    "walking_minutes": (0, 60),
    "max_open": (1, MAX_LIMIT),
    "max_per_day": (1, MAX_LIMIT),
    "max_with_one": (1, MAX_LIMIT),
    "expire_hours": (1, 24 * 30),
    "no_show_minutes": (0, 240),
}


def check_settings(request: SettingsRequest) -> SettingsRequest:
    """Return the request. Raises Invalid with the field.

    `meeting_number_invalid`, `meeting_minutes_invalid`, `meeting_phase_reversed`, `meeting_hours_invalid`.
    """
    for name, (least, most) in _LIMITS.items():
        if not least <= getattr(request, name) <= most:
            raise Invalid("meeting_number_invalid", field=name, minimum=least, maximum=most)
    for name in ("slot_minutes", "buffer_minutes"):
        if getattr(request, name) % STEP_MINUTES:
            raise Invalid("meeting_minutes_invalid", field=name)
    if request.opens_at and request.closes_at and request.closes_at <= request.opens_at:
        raise Invalid("meeting_phase_reversed", field="closes_at")
    for hours in (request.hours or {}).values():
        if hours is not None and not 0 <= hours[0] < hours[1] <= DAY_MINUTES:
            raise Invalid("meeting_hours_invalid", field="hours")
    return request


def parse_hours(text: str) -> tuple[int, int] | None:
    """Parse hours such as `09:00-17:30`; an empty text or dash means none. Raises Invalid `meeting_hours_invalid`."""
    text = text.strip()
    if text in ("", "-", "–"):
        return None
    found = re.fullmatch(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})", text)
    if not found:
        raise Invalid("meeting_hours_invalid", field="hours")
    first, last = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    in_steps = first % STEP_MINUTES == 0 and last % STEP_MINUTES == 0
    if int(found[2]) > 59 or int(found[4]) > 59 or not first < last <= DAY_MINUTES or not in_steps:  # noqa: PLR2004
        raise Invalid("meeting_hours_invalid", field="hours")
    return first, last


def format_hours(hours: tuple[int, int] | None) -> str:
    """Return hours as they are typed."""
    if hours is None:
        return ""
    return "-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in hours)
