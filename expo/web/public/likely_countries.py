"""Countries that a visitor is likely to choose: those of the browser's languages, then the most common ones."""

from collections.abc import Iterable, Mapping

from babel.core import get_global

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.infra.cache import get_recent
from expo.pure.countries import country_codes
from expo.reports.dashboard import count_countries

FROM_LANGUAGES = 3
FROM_REGISTRATIONS = 5
RECENT_SECONDS = 300.0


def list_likely_countries(edition: EditionFacts, language_tags: Iterable[str]) -> list[str]:
    """Return the codes of the likely countries, most likely first."""
    from_browser = [code for code in map(country_of, language_tags) if code]
    found = dict.fromkeys([*list(dict.fromkeys(from_browser))[:FROM_LANGUAGES], *_most_registered(edition)])
    return [code for code in found if code in country_codes()]


def country_of(tag: str) -> str | None:
    """Return the country in a language tag (`pt-BR`), else the one where most of its speakers live."""
    parts = tag.replace("-", "_").split("_")
    named = next((part.upper() for part in parts[1:] if len(part) == 2 and part.isalpha()), None)  # noqa: PLR2004
    if named:
        return named
    likely: Mapping[str, str] = get_global("likely_subtags")
    full = likely.get("_".join([parts[0].lower(), *(part.title() for part in parts[1:2])])) or likely.get(
        parts[0].lower()
    )
    return full.rpartition("_")[2] if full else None


def _most_registered(edition: EditionFacts) -> list[str]:
    """Return the most common countries, cached for some minutes because counting reads every row."""
    recent, key = get_recent(), ("registration.likely_countries", edition.id)
    found: list[str] | None = recent.get(key)
    if found is None:
        found = [each.country for each in count_countries(SYSTEM, edition)[:FROM_REGISTRATIONS]]
        recent.set(key, found, RECENT_SECONDS)
    return found
