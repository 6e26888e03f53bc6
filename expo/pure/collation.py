"""Sorting names as a language does, and the letter under which a list from A to Z shows each.

Letters with accents follow the rules of the language: an ä is an a in German, and a letter after z in Swedish. Names
in other scripts are placed by their reading in Latin letters, Chinese ones by pinyin. The differences between
languages are those of the Unicode CLDR collations; see decision 37.
"""

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from anyascii import anyascii

from expo.pure.names import fold
from expo.pure.readings import read_syllables

OTHER_LETTER = "#"
# After every letter that can follow in a name, so that what is marked with it sorts after all of them.
_AFTER = "\x7f"
_CHINESE = re.compile("[\u4e00-\u9fff]+")
# By language: a letter, and the letters that follow it in the alphabet. A slash joins letters that count as one.
_ALPHABETS: Mapping[str, tuple[str, ...]] = {
    "cs": ("c č", "h ch", "r ř", "s š", "z ž"),
    "da": ("z æ/ä ø/ö å/aa",),
    "es": ("n ñ",),
    "et": ("s š z ž", "w õ ä ö ü"),
    "fi": ("z å ä/æ ö/ø",),
    "hr": ("c č ć", "d dž đ", "l lj", "n nj", "s š", "z ž"),
    "hu": ("c cs", "d dz dzs", "g gy", "l ly", "n ny", "o ö/ő", "s sz", "t ty", "u ü/ű", "z zs"),
    "is": ("a á", "d ð", "e é", "i í", "o ó", "u ú", "y ý", "z þ æ ö å"),
    "lt": ("c č", "s š", "z ž"),
    "lv": ("c č", "g ģ", "k ķ", "l ļ", "n ņ", "s š", "z ž"),
    "nb": ("z æ/ä ø/ö å/aa",),
    "nn": ("z æ/ä ø/ö å/aa",),
    "pl": ("a ą", "c ć", "e ę", "l ł", "n ń", "o ó", "s ś", "z ź ż"),
    "ro": ("a ă â", "i î", "s ș/ş", "t ț/ţ"),
    "sk": ("a ä", "c č", "h ch", "o ô", "s š", "z ž"),
    "sl": ("c č ć", "d đ", "s š", "z ž"),
    "sv": ("z å ä/æ ö/ø",),
    "vi": ("a ă â", "d đ", "e ê", "o ô ơ", "u ư"),
}


@dataclass(frozen=True)
class _Alphabet:
    pattern: re.Pattern[str]
    # The key of each letter, and the form in which it heads a list.
    keys: Mapping[str, str]
    labels: Mapping[str, str]


@functools.lru_cache(maxsize=16384)
def collate(name: str, language: str = "") -> tuple[str, tuple[bool, str, str]]:
    """Return the letter of a name in a list from A to Z, and a key that sorts it; digits and signs come last."""
    text = unicodedata.normalize("NFC", " ".join(name.split()))
    letter, key = _read(text, _alphabet(language))
    return letter, (letter == OTHER_LETTER, key, text.casefold())


def _read(text: str, alphabet: _Alphabet | None) -> tuple[str, str]:
    if _CHINESE.search(text):
        read = _CHINESE.sub(lambda run: f" {' '.join(read_syllables(run[0]))} ", fold(text))
        key = " ".join(anyascii(read).casefold().split())
        return _label(key), key
    folded = text.casefold()
    if alphabet is None:
        key = anyascii(folded).casefold()
        return _label(key), key
    parts, end = [], 0
    for found in alphabet.pattern.finditer(folded):
        parts += [anyascii(folded[end : found.start()]).casefold(), alphabet.keys[found[0]]]
        end = found.end()
    parts.append(anyascii(folded[end:]).casefold())
    key = "".join(parts)
    first = alphabet.pattern.match(folded)
    return (alphabet.labels[first[0]] if first else _label(key)), key


def _label(key: str) -> str:
    letter = key[:1].upper()
    return letter if letter.isascii() and letter.isalpha() else OTHER_LETTER


@functools.cache
def _alphabet(language: str) -> _Alphabet | None:
    """Return the letters of a language beyond A to Z; None if it has none."""
    chains = _ALPHABETS.get(language.partition("-")[0])
    if chains is None:
        return None
    keys, labels = {}, {}
    for base, *following in (chain.split(" ") for chain in chains):
        for rank, letters in enumerate(following):
            first, *_others = letters.split("/")
            for letter in letters.split("/"):
                keys[letter] = f"{base}{_AFTER}{chr(ord('a') + rank)}"
                labels[letter] = first.capitalize()
    longest_first = sorted(keys, key=len, reverse=True)
    return _Alphabet(re.compile("|".join(map(re.escape, longest_first))), keys, labels)
