"""Names of copies."""

import re
from collections.abc import Iterable, Mapping

# Scripts in which brackets are as wide as a character, and follow the word without a space.
_WIDE_BRACKETS = frozenset({"zh", "ja"})
_NUMBERED = re.compile(r"\s*[(（]\d{1,3}[)）]$")


def name_copy(name: Mapping[str, str], taken: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return a name with the first number that makes it free in every language, such as "Room 201 (2)".

    The copy of a copy is numbered after the original.
    """
    used = {text.casefold() for each in taken for text in each.values()}
    base = {language: text.strip() for language, text in name.items()}
    stems = {language: _NUMBERED.sub("", text) for language, text in base.items()}
    if all(text and text.casefold() in used for text in stems.values()):
        base = stems
    number = 2
    while any(text.casefold() in used for text in _numbered(base, number).values()):
        number += 1
    return _numbered(base, number)


def _numbered(name: Mapping[str, str], number: int) -> dict[str, str]:
    return {
        language: f"{text}（{number}）" if language in _WIDE_BRACKETS else f"{text} ({number})"
        for language, text in name.items()
    }
