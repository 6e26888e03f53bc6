"""Formatting of days."""

from datetime import date

from babel import Locale
from babel.dates import format_date, format_interval


def condense_days(first: date, last: date, locale: Locale, *, is_short: bool = False) -> str:
    """Format a range of days without repeating the common parts: 24–26 November 2026."""
    if first == last:
        return format_date(first, "medium" if is_short else "long", locale=locale)
    text = str(format_interval(first, last, "yMMMd", locale=locale))
    if is_short:
        return text
    # CLDR has intervals only with short months. Chinese uses 11月 in dates and has no shorter form.
    short, whole = (locale.months["format"][width] for width in ("abbreviated", "wide"))
    for month in {first.month, last.month}:
        if not any(map(str.isdigit, short[month])):
            text = text.replace(short[month], whole[month])
    return text
