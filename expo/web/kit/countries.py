"""Countries and regions to choose from."""

from functools import cache

from babel import Locale

from expo.pure.countries import country_codes
from expo.pure.readings import reading_key


def countries_in(locale: Locale) -> list[tuple[str, str]]:
    """Return countries and regions as (code, name), sorted by the rules of the language."""
    return list(_sorted(str(locale)))


@cache
def _sorted(locale_name: str) -> tuple[tuple[str, str], ...]:
    locale = Locale.parse(locale_name)
    named = [(code, str(locale.territories.get(code, code))) for code in country_codes()]
    return tuple(sorted(named, key=lambda pair: reading_key(pair[1])))
