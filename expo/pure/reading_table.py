"""Write the Chinese words whose reading does not follow from their characters. Run manually when pypinyin is updated.

    python -m expo.pure.reading_table

An example is 重庆: Chongqing, although 重 alone is mostly read zhong. They are written to a file because pypinyin costs
every process that uses it 57 MB and most of a second.
"""

from anyascii import anyascii
from pypinyin import lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

from expo.pure.readings import TABLE_FILE

# Longer words are idioms and sentences, which do not occur in names.
MAX_WORD = 3
# The characters of GB 2312, by its own byte ranges.
_FIRST_BYTES, _SECOND_BYTES = range(0xB0, 0xF8), range(0xA1, 0xFF)


def collect_readings() -> dict[str, str]:
    """Return the reading of each word and character that `anyascii` reads differently, split into syllables."""
    pairs = (bytes((one, two)) for one in _FIRST_BYTES for two in _SECOND_BYTES)
    characters = filter(None, (pair.decode("gb2312", errors="ignore") for pair in pairs))
    words = (word for word in phrases_dict if 1 < len(word) <= MAX_WORD)
    found = {word: lazy_pinyin(word) for word in (*characters, *words)}
    return {word: " ".join(reading) for word, reading in found.items() if reading != [_letters(each) for each in word]}


def _letters(character: str) -> str:
    return anyascii(character).lower()


def write_readings() -> None:
    """Write the file."""
    lines = (f"{word}\t{reading}\n" for word, reading in sorted(collect_readings().items()))
    TABLE_FILE.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write_readings()
