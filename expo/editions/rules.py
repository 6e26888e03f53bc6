"""Validation of editions, halls and rooms. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import available_timezones

from babel import Locale

from expo.errors import Conflict, Invalid
from expo.pure.door_days import MAX_DAYS
from expo.pure.fields import clean_text
from expo.pure.languages import BY_CODE
from expo.pure.periods import Period

MAX_SLUG_LENGTH = 64
MAX_TEXT_LENGTH = 200
MAX_CAPACITY = 1_000_000
MAX_EQUIPMENT = 50
MAX_EQUIPMENT_LENGTH = 64


class RegistrationState(StrEnum):
    """Whether the public can register now."""

    OFF = "off"
    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class RegistrationWindow:
    """The registration switch and the moments between which it is open; None means no limit on that side."""

    is_open: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None

    def state_at(self, now: datetime) -> RegistrationState:
        """Return whether the public can register at `now`."""
        if self.closes_at is not None and self.closes_at <= now:
            return RegistrationState.CLOSED
        if not self.is_open:
            return RegistrationState.OFF
        if self.opens_at is not None and now < self.opens_at:
            return RegistrationState.NOT_YET
        return RegistrationState.OPEN

    def next_change_after(self, now: datetime) -> datetime | None:
        """Return the next moment at which the state may change automatically, or None."""
        return min((each for each in (self.opens_at, self.closes_at) if each is not None and each > now), default=None)


@dataclass(frozen=True)
class HallRequest:
    """The requested values of a hall."""

    name: dict[str, str]


@dataclass(frozen=True)
class RoomRequest:
    """The requested values of a room."""

    name: dict[str, str]
    hall_id: int | None = None
    capacity: int | None = None
    # What sessions may need here, such as "projector".
    equipment: tuple[str, ...] = ()
    unavailable: tuple[Period, ...] = ()


@dataclass(frozen=True)
class EditionChange:
    """The values of an edition that organizers may change."""

    title: dict[str, str]
    tagline: dict[str, str]
    venue: dict[str, str]
    city: dict[str, str]
    starts_on: date
    ends_on: date
    time_zone: str
    languages: tuple[str, ...]
    currency: str
    contact_email: str
    accent_color: str | None


def check_slug(slug: str) -> None:
    """Check a short name for URLs. Raises Invalid `slug_invalid`."""
    if len(slug) > MAX_SLUG_LENGTH or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise Invalid("slug_invalid", field="slug")


def check_dates(starts_on: date, ends_on: date) -> None:
    """Check that days are in order and no more than a ticket can be valid for. Raises Invalid."""
    if ends_on < starts_on:
        raise Invalid("dates_reversed", field="ends_on")
    if (ends_on - starts_on).days >= MAX_DAYS:
        raise Invalid("expo_too_long", field="ends_on", maximum=MAX_DAYS)


def check_time_zone(time_zone: str) -> None:
    """Check for a time zone of the IANA database. Raises Invalid `time_zone_unknown`."""
    if time_zone not in available_timezones():
        raise Invalid("time_zone_unknown", field="time_zone", time_zone=time_zone[:64])


def check_title(title: dict[str, str]) -> None:
    """Check for a title in at least one language. Raises Invalid `title_empty`."""
    if not any(text.strip() for text in title.values()):
        raise Invalid("title_empty", field="title")


def check_edition(change: EditionChange) -> None:
    """Check the values of an edition. Raises Invalid with the field that is wrong."""
    check_title(change.title)
    for field in ("title", "tagline", "venue", "city"):
        if any(len(text) > MAX_TEXT_LENGTH for text in getattr(change, field).values()):
            raise Invalid("text_too_long", field=field, maximum=MAX_TEXT_LENGTH)
    check_dates(change.starts_on, change.ends_on)
    check_time_zone(change.time_zone)
    if not change.languages:
        raise Invalid("languages_empty", field="languages")
    if not set(change.languages) <= set(BY_CODE):
        raise Invalid("language_unknown", field="languages", language=str(change.languages)[:20])
    if change.currency not in Locale("en").currencies:
        raise Invalid("currency_unknown", field="currency")
    if change.accent_color is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", change.accent_color):
        raise Invalid("color_invalid", field="accent_color")


def check_registration_window(window: RegistrationWindow) -> None:
    """Check that the moments are in order. Raises Invalid `registration_times_reversed`."""
    if window.opens_at is not None and window.closes_at is not None and window.closes_at <= window.opens_at:
        raise Invalid("registration_times_reversed", field="closes_at")


def require_open_registration(window: RegistrationWindow, now: datetime) -> None:
    """Check that registration is open. Raises Conflict `registration_not_open` or `registration_closed`."""
    state = window.state_at(now)
    if state is RegistrationState.CLOSED:
        raise Conflict("registration_closed")
    if state is not RegistrationState.OPEN:
        raise Conflict("registration_not_open")


def check_place_name(name: Mapping[str, str]) -> dict[str, str]:
    """Return the name of a hall or room, trimmed and without empty languages. Raises Invalid."""
    given = {code: text.strip() for code, text in name.items() if text.strip()}
    if not given:
        raise Invalid("name_empty", field="name")
    if any(len(text) > MAX_TEXT_LENGTH for text in given.values()):
        raise Invalid("name_too_long", field="name", maximum=MAX_TEXT_LENGTH)
    return given


def check_room_capacity(capacity: int | None) -> None:
    """Check a room's capacity, which may be None. Raises Invalid `number_out_of_range`."""
    if capacity is not None and not 1 <= capacity <= MAX_CAPACITY:
        raise Invalid("number_out_of_range", field="capacity", maximum=MAX_CAPACITY)


def check_equipment(words: Iterable[str]) -> list[str]:
    """Return distinct names of equipment in their order. Raises Invalid `text_too_long` or `too_many_words`."""
    found = list(dict.fromkeys(word for each in words if (word := clean_text(each))))
    if any(len(word) > MAX_EQUIPMENT_LENGTH for word in found):
        raise Invalid("text_too_long", field="equipment", maximum=MAX_EQUIPMENT_LENGTH)
    if len(found) > MAX_EQUIPMENT:
        raise Invalid("too_many_words", field="equipment", maximum=MAX_EQUIPMENT)
    return found


def have_same_name(first: Mapping[str, str], second: Mapping[str, str]) -> bool:
    """Return whether two places have the same name in any language, ignoring spelling variants."""
    return any(text.casefold() == second.get(code, "").casefold() for code, text in first.items())
