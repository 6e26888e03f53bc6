"""Write the Chinese words whose reading their single characters do not tell. Run by a person when pypinyin is renewed.

    python -m expo.pure.reading_table

Such as 重庆, which is Chongqing although 重 alone is mostly read zhong. Written to a file because pypinyin itself takes
57 MB and most of a second in every process that reads one word with it.
"""

from anyascii import anyascii
from pypinyin import lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

from expo.pure.readings import TABLE_FILE

# Longer words are idioms and sentences, which are not in names.
MAX_WORD = 3
# The characters of GB 2312, in its own bytes.
_FIRST_BYTES, _SECOND_BYTES = range(0xB0, 0xF8), range(0xA1, 0xFF)


def collect_readings() -> dict[str, str]:
    """Return the reading of each word and character that `anyascii` reads otherwise, its syllables apart."""
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
