"""Template filters for times, numbers, money, countries and texts in several languages."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, get_timezone_name
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol
from babel.units import format_unit
from flask import Flask, g
from markupsafe import Markup

from expo.program.queries import SessionRow
from expo.pure.dates import condense_days
from expo.web.kit.language import current_locale, lazy_pgettext, localized, sentence_sep
from expo.web.kit.rich_text import rich_text

MEGABYTE = 1_000_000
LENGTHS = frozenset({"short", "medium", "long", "full"})
_LEVELS = {
    "all": lazy_pgettext("level", "Everyone"),
    "beginner": lazy_pgettext("level", "Beginner"),
    "intermediate": lazy_pgettext("level", "Intermediate"),
    "advanced": lazy_pgettext("level", "Advanced"),
}
_EQUIPMENT = {
    "projector": lazy_pgettext("equipment", "Projector"),
    "microphone": lazy_pgettext("equipment", "Microphone"),
    "interpretation": lazy_pgettext("equipment", "Interpretation"),
    "recording": lazy_pgettext("equipment", "Recording"),
    "stage": lazy_pgettext("equipment", "Stage"),
    "livestream": lazy_pgettext("equipment", "Livestream"),
}
_KINDS = {
    "ceremony": lazy_pgettext("session type", "Ceremony"),
    "keynote": lazy_pgettext("session type", "Keynote"),
    "talk": lazy_pgettext("session type", "Talk"),
    "panel": lazy_pgettext("session type", "Panel"),
    "workshop": lazy_pgettext("session type", "Workshop"),
    "pitch": lazy_pgettext("session type", "Pitch"),
}


def edition_zone() -> ZoneInfo:
    """Return the time zone of the edition shown, or UTC if there is none."""
    return g.edition.zone if g.get("edition") else ZoneInfo("UTC")


def datetime_local(moment: datetime, fmt: str = "medium") -> str:
    """Format a moment in the edition's zone, to the minute."""
    locale, local = current_locale(), moment.astimezone(edition_zone())
    day, clock = format_date(local.date(), fmt, locale=locale), format_time(local, "short", locale=locale)
    return str(locale.datetime_formats[fmt]).replace("{0}", clock).replace("{1}", day).replace("'", "")


def time_local(moment: datetime, fmt: str = "short") -> str:
    """Format a moment's time of day in the edition's zone."""
    return _time_in(moment, fmt, edition_zone(), current_locale())


@lru_cache(maxsize=4096)
def _time_in(moment: datetime, fmt: str, zone: ZoneInfo, locale: Locale) -> str:
    """Format a time of day; the day page of a large programme shows few different ones thousands of times."""
    return format_time(moment, fmt, tzinfo=zone, locale=locale)


def time_until(ends_at: datetime, starts_at: datetime) -> str:
    """Format the time of an end, with its day if that differs from the start's."""
    zone = edition_zone()
    if ends_at.astimezone(zone).date() == starts_at.astimezone(zone).date():
        return time_local(ends_at)
    return f"{date_local(ends_at, 'MMMd')}, {time_local(ends_at)}"


def date_local(day: date | datetime, fmt: str = "long") -> str:
    """Format a day; for a moment, its day in the edition's zone.

    `fmt` is `short`, `medium`, `long` or `full`, or a CLDR skeleton such as `MMMEd`, in any order.
    """
    if isinstance(day, datetime):
        day = day.astimezone(edition_zone()).date()
    if fmt not in LENGTHS:
        return format_skeleton(fmt, datetime.combine(day, time()), locale=current_locale())
    return format_date(day, fmt, locale=current_locale())


def date_range(first: date, last: date, fmt: str = "long") -> str:
    """Format a range of days without repeating their common parts: 24–26 November 2026.

    `fmt` is `long`, or `medium` with abbreviated months.
    """
    return condense_days(first, last, current_locale(), is_short=fmt == "medium")


def zone_name(zone: str) -> str:
    """Return the name of a time zone in the page's language: "China Time" for Asia/Shanghai."""
    return get_timezone_name(ZoneInfo(zone), "long", locale=current_locale())


def number(value: float | Decimal) -> str:
    """Format a number with the separators of the language."""
    return format_decimal(value, locale=current_locale())


def percent(share: float) -> str:
    """Format a fraction of 1 as a percentage."""
    return format_percent(share, locale=current_locale())


def currency(cents: int, code: str) -> str:
    """Format an amount given in hundredths of the currency."""
    locale = current_locale()
    amount = format_currency(Decimal(cents) / 100, code, locale=locale)
    # A symbol of letters and signs, such as CN¥, would otherwise be reordered.
    symbol = get_currency_symbol(code, locale) if locale.text_direction == "rtl" else ""
    return amount.replace(symbol, f"\u2066{symbol}\u2069") if symbol else amount


def country_name(code: str) -> str:
    """Return the name of a country or region given by its ISO 3166-1 alpha-2 code."""
    return str(current_locale().territories.get(code, code))


def language_in_words(language: str) -> str:
    """Return the name of a language given by its code, in the page's language; other texts are unchanged."""
    return _language_in(language, current_locale())


@lru_cache(maxsize=1024)
def _language_in(language: str, locale: Locale) -> str:
    try:
        return Locale.parse(language.replace("-", "_")).get_display_name(locale) or language
    except (ValueError, TypeError, UnknownLocaleError):
        return language


def level_in_words(level: str) -> str:
    """Return the name of a session's level in the page's language; levels specific to a programme are unchanged."""
    return str(_LEVELS.get(level, level))


def kind_in_words(kind: str) -> str:
    """Return the name of a session's type in the page's language; types specific to a programme are unchanged."""
    return str(_KINDS.get(kind.casefold(), kind))


def equipment_in_words(word: str) -> str:
    """Return what a room has or a session needs in the page's language; words specific to an expo are unchanged."""
    return str(_EQUIPMENT.get(word.casefold(), word))


def type_in_words(session: SessionRow) -> str:
    """Return the name of a session's type: the one that organizers gave it, or else as `kind_in_words`."""
    names = session.kind_name
    return kind_in_words(localized(names) if names else session.kind)


def file_size(size: int) -> str:
    """Return a number of bytes in kilobytes or megabytes."""
    unit, value = ("megabyte", size / 1e6) if size >= MEGABYTE else ("kilobyte", max(size / 1e3, 1))
    return format_unit(value, f"digital-{unit}", "short", locale=current_locale(), format="#,##0.#")


def bdi(text: str) -> Markup:
    """Isolate a text of unknown direction (a name, a company) from the text around it."""
    return Markup("<bdi>{}</bdi>").format(text)


def init_formats(app: Flask) -> None:
    """Register the template filters, and what separates sentences."""
    for each in (
        datetime_local,
        time_local,
        time_until,
        date_local,
        date_range,
        zone_name,
        number,
        percent,
        currency,
        country_name,
        language_in_words,
        level_in_words,
        kind_in_words,
        type_in_words,
        localized,
        bdi,
        file_size,
        rich_text,
    ):
        app.add_template_filter(each)
    app.add_template_global(sentence_sep)
