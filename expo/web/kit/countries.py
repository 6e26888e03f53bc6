"""Countries and regions to choose from."""

from functools import cache

from anyascii import anyascii
from babel import Locale

from expo.pure.countries import country_codes


def countries_in(locale: Locale) -> list[tuple[str, str]]:
    """Return countries and regions (code, name) in the language's own order of names."""
    return list(_sorted(str(locale)))


@cache
def _sorted(locale_name: str) -> tuple[tuple[str, str], ...]:
    locale = Locale.parse(locale_name)
    named = [(code, str(locale.territories.get(code, code))) for code in country_codes()]
    return tuple(sorted(named, key=lambda pair: _sort_key(pair[1])))


def _sort_key(name: str) -> str:
    """Chinese names are looked for by their reading, every other by its letters without accents."""
    return anyascii(name).casefold()
