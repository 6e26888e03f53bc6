"""Count the letter pairs in names of each language and write them to a file. Run manually, rarely.

    python -m expo.formats.letter_pairs

The sources are Faker's lists of names, cities, companies and jobs, and CLDR's names of countries, languages and months.
`expo.formats.encodings` reads the counts.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib import import_module

from babel import Locale

from expo.formats.letters import PAIRS_FILE, fold_word

# CLDR's name of each language and the locales of Faker that write it.
LOCALES = {
    "de": "de_DE de_AT de_CH", "fr": "fr_FR fr_CH fr_BE fr_QC", "es": "es_ES es_MX es_AR es_CO", "pt": "pt_PT pt_BR",
    "it": "it_IT", "nl": "nl_NL", "sv": "sv_SE", "da": "da_DK", "nb": "no_NO", "fi": "fi_FI", "is": "is_IS",
    "pl": "pl_PL", "cs": "cs_CZ", "sk": "sk_SK", "hu": "hu_HU", "ro": "ro_RO", "hr": "hr_HR", "sl": "sl_SI",
    "tr": "tr_TR", "lt": "lt_LT", "lv": "lv_LV", "et": "et_EE", "ru": "ru_RU", "uk": "uk_UA", "bg": "bg_BG",
    "sr": "", "mk": "mk_MK", "be": "", "el": "el_GR", "he": "he_IL", "ar": "ar_AA ar_SA ar_PS", "fa": "fa_IR",
    "th": "th_TH", "vi": "vi_VN", "ja": "ja_JP", "ko": "ko_KR", "zh_Hans": "zh_CN", "zh_Hant": "zh_TW",
}  # fmt: skip
_PROVIDERS = ("person", "address", "company", "job")
# A pair that occurs only once says little, and there are thousands of them.
_SELDOM = 2
_MAX_PAIRS = 1500
LONGEST_WORD = 40
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|[#?%]+")


def words_of_cldr(language: str) -> Iterator[str]:
    """Yield CLDR's names of countries, languages and months in a language."""
    names = Locale.parse(language)
    for listed in (names.territories, names.languages, names.months["format"]["wide"], names.days["format"]["wide"]):
        yield from (str(each) for each in listed.values())


def names_of_faker(language: str) -> Iterator[str]:
    """Yield Faker's names of people, places, companies and jobs in a language."""
    for locale in LOCALES[language].split():
        for provider in _PROVIDERS:
            try:
                module = import_module(f"faker.providers.{provider}.{locale}")
            except ModuleNotFoundError:
                continue
            for base in module.Provider.__mro__:
                if base.__module__ == module.__name__:
                    yield from _strings(vars(base))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield _PLACEHOLDER.sub(" ", value)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if isinstance(name, str) and not name.startswith("_"):
                yield from _strings(each)
                # In weighted lists the texts are the keys.
                yield from _strings(name) if not name.isascii() else ()
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _strings(each)


def count_pairs(language: str) -> Counter[str]:
    """Count each pair of letters in the words of a language; a space marks the start and end of a word."""
    counter: Counter[str] = Counter()
    for texts, weight in ((words_of_cldr(language), 1), (names_of_faker(language), 3)):
        words = {fold_word(word) for text in texts for word in re.split(r"[\W\d_]+", text) if len(word) < LONGEST_WORD}
        for word in sorted(words - {""}):
            whole = f" {word} "
            for at in range(len(whole) - 1):
                counter[whole[at : at + 2]] += weight
    return counter


def write_pairs() -> None:
    """Write the counts of all languages to the file that is read at run time."""
    lines = []
    for language in LOCALES:
        pairs = [(pair, count) for pair, count in count_pairs(language).most_common(_MAX_PAIRS) if count >= _SELDOM]
        lines.append(f"{language}\t" + "\t".join(f"{pair}{count}" for pair, count in pairs))
    PAIRS_FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_pairs()
