"""The languages of the product: their codes as in paths and in the database, and Babel's names of them."""

from collections.abc import Mapping
from functools import cache

from babel import Locale

DEFAULT = "en"
LOCALES: Mapping[str, str] = {"en": "en_GB", "zh": "zh_Hans_CN", "ar": "ar"}
# As in HTML and e-mails (BCP 47).
TAGS: Mapping[str, str] = {"en": "en", "zh": "zh-Hans", "ar": "ar"}


@cache
def locale_of(language: str) -> Locale:
    """Return Babel's locale of a language, or of the default one for a language that we do not have."""
    return Locale.parse(LOCALES.get(language, LOCALES[DEFAULT]))


def localized(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language; where it lacks that, in the default one, else in any."""
    return texts.get(language) or texts.get(DEFAULT) or next(iter(texts.values()), "")
