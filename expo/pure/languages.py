"""The languages of the product: their codes in paths and the database, and their identifiers elsewhere."""

import re
from collections.abc import Collection, Mapping
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
# How people and files name the languages, besides their codes and the names that they have in each other.
_OTHER_NAMES = {"en": ("eng", "英文"), "zh": ("zho", "chi", "cmn", "mandarin", "汉语", "普通话", "国语", "中国語")}


@cache
def locale_of(code: str) -> Locale:
    """Return Babel's locale for a language, or for the default one if the language is unknown."""
    return Locale.parse(BY_CODE.get(code, DEFAULT_LANGUAGE).locale)


def localized(texts: Mapping[str, str], code: str) -> str:
    """Return a text in a language, falling back to the default language and then to any."""
    return texts.get(code) or texts.get(DEFAULT_LANGUAGE.code) or next(iter(texts.values()), "")


def find_language(text: str) -> str | None:
    """Return the code of the language that a text such as `zh-TW`, `English` or `中文` names; None for any other."""
    name = text.strip().casefold()
    return _codes_by_name().get(name) or _codes_by_name().get(re.split(r"[-_ (（]", name, maxsplit=1)[0])


def find_common_language(texts: Collection[str], offered: Collection[str]) -> str | None:
    """Return the offered language that texts name; None if they name several or none of them."""
    found = {code for each in texts if (code := find_language(each)) in offered}
    return found.pop() if len(found) == 1 else None


@cache
def _codes_by_name() -> dict[str, str]:
    names = {
        name.casefold(): each.code
        for each in LANGUAGES
        for other in LANGUAGES
        if (name := Locale(each.code).get_display_name(other.locale))
    }
    names |= {each.name.casefold(): each.code for each in LANGUAGES} | {each.code: each.code for each in LANGUAGES}
    return names | {name: code for code, listed in _OTHER_NAMES.items() for name in listed}
