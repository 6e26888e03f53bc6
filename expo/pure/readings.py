"""Reading of Chinese text in Latin letters, by whole words: 重庆 is "chongqing", 中国银行 "zhongguoyinhang".

Most characters have one common reading, which `anyascii` knows. The words with a different reading are in
`data/chinese_readings.txt`, written by `expo.pure.reading_table`.
"""

import functools
import re
from pathlib import Path

from anyascii import anyascii

TABLE_FILE = Path(__file__).parent / "data" / "chinese_readings.txt"
# The vowel ü, typed as v on keyboards and spelt yu in passports.
_U_UMLAUT = {"lv": "lyu", "nv": "nyu"}


@functools.cache
def _words() -> dict[str, tuple[str, ...]]:
    lines = TABLE_FILE.read_text(encoding="utf-8").splitlines()
    return {word: tuple(reading.split(" ")) for word, _, reading in (line.partition("\t") for line in lines)}


@functools.cache
def _longest() -> int:
    return max(map(len, _words()))


def latin_letters(text: str) -> str:
    """Return a text in any script as lower-case Latin letters and digits, character by character."""
    return re.sub(r"[^a-z0-9]+", "", anyascii(text).lower())


def read_syllables(text: str) -> list[str]:
    """Return the reading of each character of a text in simplified characters, by the longest known words."""
    known, syllables = _words(), list[str]()
    while len(syllables) < len(text):
        start = len(syllables)
        for length in range(min(_longest(), len(text) - start), 0, -1):
            reading = known.get(text[start : start + length])
            if reading is not None:
                syllables.extend(reading)
                break
        else:
            syllables.append(latin_letters(text[start]))
    return syllables


def passport_syllables(syllables: list[str]) -> list[str]:
    """Return syllables in passport spelling: 吕 is Lyu there, but lv on keyboards."""
    return [_U_UMLAUT.get(each, each) for each in syllables]


@functools.lru_cache(maxsize=8192)
def reading_key(text: str) -> str:
    """Return a key that sorts names in any script by their reading in Latin letters."""
    is_chinese = any("\u4e00" <= character <= "\u9fff" for character in text)
    return " ".join(read_syllables(text)) if is_chinese else anyascii(text).casefold()
