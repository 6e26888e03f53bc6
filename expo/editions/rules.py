"""What an edition must hold. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import available_timezones

from babel import Locale

from expo.errors import Invalid
from expo.pure.door_days import MAX_DAYS

MAX_SLUG_LENGTH = 64
MAX_TEXT_LENGTH = 200
LANGUAGES = frozenset({"en", "zh", "ar"})


@dataclass(frozen=True)
class EditionChange:
    """Everything of an edition that its organizers may change."""

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
    """Accept a short name for addresses. Raises Invalid `slug_invalid`."""
    if len(slug) > MAX_SLUG_LENGTH or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise Invalid("slug_invalid", field="slug")


def check_dates(starts_on: date, ends_on: date) -> None:
    """Accept days in their order, no more than a ticket can be valid for. Raises Invalid."""
    if ends_on < starts_on:
        raise Invalid("dates_reversed", field="ends_on")
    if (ends_on - starts_on).days >= MAX_DAYS:
        raise Invalid("expo_too_long", field="ends_on", maximum=MAX_DAYS)


def check_time_zone(time_zone: str) -> None:
    """Accept a zone of the IANA database. Raises Invalid `time_zone_unknown`."""
    if time_zone not in available_timezones():
        raise Invalid("time_zone_unknown", field="time_zone", time_zone=time_zone[:64])


def check_title(title: dict[str, str]) -> None:
    """Accept a title in at least one language. Raises Invalid `title_empty`."""
    if not any(text.strip() for text in title.values()):
        raise Invalid("title_empty", field="title")


def check_edition(change: EditionChange) -> None:
    """Accept the facts of an edition. Raises Invalid with the field that is wrong."""
    check_title(change.title)
    for field in ("title", "tagline", "venue", "city"):
        if any(len(text) > MAX_TEXT_LENGTH for text in getattr(change, field).values()):
            raise Invalid("text_too_long", field=field, maximum=MAX_TEXT_LENGTH)
    check_dates(change.starts_on, change.ends_on)
    check_time_zone(change.time_zone)
    if not change.languages:
        raise Invalid("languages_empty", field="languages")
    if not set(change.languages) <= LANGUAGES:
        raise Invalid("language_unknown", field="languages", language=str(change.languages)[:20])
    if change.currency not in Locale("en").currencies:
        raise Invalid("currency_unknown", field="currency")
    if change.accent_color is not None and not re.fullmatch(r"#[0-9a-fA-F]{6}", change.accent_color):
        raise Invalid("color_invalid", field="accent_color")
