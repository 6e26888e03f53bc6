"""Printable characters of a text, and the typeface family that draws each.

A character that no typeface has is drawn as 〓, the typesetter's mark for a missing sort, because a name with an unseen
gap would be a different name. `unprintable` lists such characters in advance.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from expo.documents.typefaces import EAST_ASIAN, LATIN, family_for, has_character, regions_for

# The geta mark, for a character that no typeface here has (U+3013).
MISSING = "〓"
# More marks on one letter than any orthography uses would overflow the line and the page.
_MARKS_PER_LETTER = 3
_MARKS_PER_PLAIN_LETTER = 2
# Tibetan stacks the letters of a syllable, as marks.
_MARKS_PER_TIBETAN_LETTER = 7
JOINERS = "\u200c\u200d"
# Invisible, but they isolate the direction of a date within Arabic text.
ISOLATES = "\u2066\u2067\u2068\u2069"
# Drawn by the typeface of their neighbours, because Chinese and English draw them differently.
_SHARED_PUNCTUATION = frozenset("“”‘’…—·–")
PLAIN_FAMILIES = EAST_ASIAN | {
    LATIN,
    "NotoSansArmenian",
    "NotoSansGeorgian",
    "NotoSansEthiopic",
    "NotoSansYi",
    "NotoSansTifinagh",
    "NotoSansCherokee",
}


# Printable ASCII and Chinese characters.
_SIMPLE = re.compile(r"[ -~\u4e00-\u9fff]*")


def is_simple(text: str) -> bool:
    """Whether a text has only characters that stand for themselves: nothing to combine, to shape or to reorder."""
    return _SIMPLE.fullmatch(text) is not None


def unprintable(text: str) -> set[str]:
    """Return the visible characters of a text that none of our typefaces has."""
    regions = regions_for("")
    return {
        character
        for character in unicodedata.normalize("NFC", text)
        if not _is_invisible(character) and family_for(character, regions) is None
    }


def name_unprintable(texts: Iterable[str]) -> dict[str, str]:
    """Return the characters of texts that none of our typefaces has, each with its code point, in order."""
    return {character: f"U+{ord(character):04X}" for character in sorted(unprintable("".join(texts)))}


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return category in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp") or is_selector


def clean(text: str, language: str) -> list[tuple[str, str]]:
    """Return the drawable characters, each with its family."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if is_simple(text):
        return _clean_simple(text, regions_for(language))
    regions = _regions_of(text, language)
    result: list[tuple[str, str]] = []
    letter: str | None = None
    marks = 0
    for character in text:
        if _is_invisible(character):
            result.extend(_invisible_with_family(character, letter))
        elif unicodedata.category(character)[0] == "M":
            marks += 1
            family = _family_of_mark(character, letter, regions)
            if family is not None and marks <= _max_marks(family):
                result.append((character, family))
        else:
            marks = 0
            letter = family_for(character, regions)
            if letter is not None:
                result.append((character, letter))
            elif not _continues_emoji(character, result):
                result.append((MISSING, regions[0]))
    return _settle_punctuation(result)


def _clean_simple(text: str, regions: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return what `clean` does of a simple text, three times as fast: most names in lists."""
    result: list[tuple[str, str]] = []
    letter: str | None = None
    for character in text:
        if character == " ":
            result.append((" ", letter or LATIN))
            continue
        letter = family_for(character, regions)
        result.append((character, letter) if letter else (MISSING, regions[0]))
    return result


def _continues_emoji(character: str, before: list[tuple[str, str]]) -> bool:
    """Return whether a character continues the emoji before it, as in families, flags and skin tones."""
    is_picture = unicodedata.category(character) in ("So", "Sk")
    return is_picture and bool(before) and before[-1][0] == MISSING


def _max_marks(family: str) -> int:
    if family == "NotoSerifTibetan":
        return _MARKS_PER_TIBETAN_LETTER
    return _MARKS_PER_PLAIN_LETTER if family in PLAIN_FAMILIES else _MARKS_PER_LETTER


def _invisible_with_family(character: str, letter: str | None) -> Iterator[tuple[str, str]]:
    """Yield a space, joiner or isolate with the family of its neighbours; drop other invisible characters."""
    if character == " " or character in ISOLATES:
        yield character, letter or LATIN
    elif character in JOINERS and letter is not None and letter not in PLAIN_FAMILIES:
        yield character, letter


def _family_of_mark(mark: str, letter: str | None, regions: tuple[str, ...]) -> str | None:
    """Return the family that draws a mark on its letter, or None if the letter is missing."""
    if letter is None or has_character(letter, mark):
        return letter
    return None if letter in EAST_ASIAN else family_for(mark, regions)


def _regions_of(text: str, language: str) -> tuple[str, ...]:
    """Return the order of East Asian families: kana and Hangul say more about a name than its owner's language."""
    regions = regions_for(language)
    if regions[0] == "NotoSansSC":
        for character in text:
            if "\u3041" <= character <= "\u30fa":
                return regions_for("ja")
            if "\uac00" <= character <= "\ud7a3":
                return regions_for("ko")
    return regions


def _settle_punctuation(characters: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Draw quotes and dashes within Chinese text in their Chinese forms."""
    for place, (character, family) in enumerate(characters):
        if family == LATIN and character in _SHARED_PUNCTUATION:
            around = [characters[place + step] for step in (-1, 1) if 0 <= place + step < len(characters)]
            for beside, neighbour in around:
                if beside == " ":
                    continue
                if neighbour in EAST_ASIAN and has_character(neighbour, character):
                    characters[place] = (character, neighbour)
                    break
    return characters
