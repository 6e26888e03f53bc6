"""The languages of the product: their codes in paths and the database, and their identifiers elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale


@dataclass(frozen=True)
class Language:
    """A language of the interface. `code` is used in paths, `tag` in HTML (BCP 47), `locale` is Babel's name."""

    code: str
    tag: str
    locale: str
    name: str


LANGUAGES = (
    Language("en", "en", "en_GB", "English"),
    Language("zh", "zh-Hans", "zh_Hans_CN", "简体中文"),
)
# Written from right to left, so that developers and tests see mirrored pages. It is not a translation for visitors.
PSEUDO_LANGUAGE = Language("ar", "ar", "ar", "العربية")
DEFAULT_LANGUAGE = LANGUAGES[0]
BY_CODE: Mapping[str, Language] = {each.code: each for each in (*LANGUAGES, PSEUDO_LANGUAGE)}


@cache
def locale_of(code: str) -> Locale:
    """Return Babel's locale for a language, or for the default one if the language is unknown."""
    return Locale.parse(BY_CODE.get(code, DEFAULT_LANGUAGE).locale)


def localized(texts: Mapping[str, str], code: str) -> str:
    """Return a text in a language, falling back to the default language and then to any."""
    return texts.get(code) or texts.get(DEFAULT_LANGUAGE.code) or next(iter(texts.values()), "")
