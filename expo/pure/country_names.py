"""Write the names of all countries in all languages of CLDR to a file. Run manually when Babel is updated.

    python -m expo.pure.country_names

A name that means different countries in different languages goes to the country that more languages call by it;
English and Chinese names take precedence.
"""

from collections import Counter, defaultdict

from babel import Locale, localedata
from babel.core import get_global

from expo.pure.countries import NAMES_FILE, country_codes, fold_country

_FIRST = ("en", "zh_Hans", "zh_Hant", "ar", "fr", "es", "de", "ru", "pt", "ja", "ko")
_SCRIPTED_CODE = 3


def collect_names() -> dict[str, str]:
    """Return the country code by folded name or code."""
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for rank, language in enumerate([*_FIRST, *sorted(localedata.locale_identifiers())]):
        weight = 10_000 // (rank + 1) if rank < len(_FIRST) else 1
        for code, name in Locale.parse(language).territories.items():
            if code in country_codes() and (folded := fold_country(str(name))) and str(name) != code:
                votes[folded][code] += weight
    found = {name: counter.most_common(1)[0][0] for name, counter in votes.items()}
    for alias, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and codes[0] in country_codes() and len(alias) == _SCRIPTED_CODE:
            found[alias.casefold()] = codes[0]
    return found


def write_names() -> None:
    """Write the file."""
    by_code: dict[str, list[str]] = defaultdict(list)
    for name, code in collect_names().items():
        by_code[code].append(name)
    lines = (f"{code}\t{'|'.join(sorted(names))}\n" for code, names in sorted(by_code.items()))
    NAMES_FILE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write_names()
