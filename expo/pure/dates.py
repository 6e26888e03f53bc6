"""Days in words."""

from datetime import date

from babel import Locale
from babel.dates import format_date, format_interval


def condense_days(first: date, last: date, locale: Locale, *, is_short: bool = False) -> str:
    """Return the days from the first to the last, with what they share said once: 24–26 November 2026."""
    if first == last:
        return format_date(first, "medium" if is_short else "long", locale=locale)
    text = str(format_interval(first, last, "yMMMd", locale=locale))
    if is_short:
        return text
    # CLDR has intervals with short months alone. Chinese writes 11月 in a date, and has no other short month.
    short, whole = (locale.months["format"][width] for width in ("abbreviated", "wide"))
    for month in {first.month, last.month}:
        if not any(map(str.isdigit, short[month])):
            text = text.replace(short[month], whole[month])
    return text
