"""Text direction: the order of a line's runs, by the Unicode bidirectional algorithm (UAX #9)."""

import unicodedata
from functools import cache
from importlib import import_module
from typing import Any

from expo.documents.text.characters import ISOLATES, JOINERS, is_simple

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def is_right_to_left(text: str) -> bool:
    """Return whether the first strongly directional letter runs from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in ("R", "AL"):
            return True
    return False


@cache
def _bidi() -> Any:
    """Return fpdf2's bidirectional algorithm, imported only when a text needs it, as it takes 40 MB."""
    return import_module("fpdf.bidi")


def _has_right_to_left(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def _levels(text: str, *, right_to_left: bool) -> list[int]:
    """Return the embedding level of every character (even runs right, odd runs left)."""
    if not right_to_left and (is_simple(text) or not _has_right_to_left(text)):
        return [0] * len(text)
    bidi = _bidi()
    base = int(right_to_left)
    direction = bidi.TextDirection.RTL if right_to_left else bidi.TextDirection.LTR
    levels = [base] * len(text)
    for character in bidi.BidiParagraph(text, base_direction=direction).get_characters_with_embedding_level():
        levels[character.character_index] = character.embedding_level
    # The algorithm omits joiners; they take the level of the preceding character.
    for place, character in enumerate(text):
        if character in JOINERS and place:
            levels[place] = levels[place - 1]
    return levels


def visual_runs(characters: list[tuple[str, str]], *, right_to_left: bool) -> list[tuple[str, str, int]]:
    """Return the runs as (text, family, level) in visual order, left to right (rule L2)."""
    levels = _levels("".join(character for character, _ in characters), right_to_left=right_to_left)
    runs: list[tuple[str, str, int]] = []
    for (character, family), level in zip(characters, levels, strict=True):
        if character in ISOLATES:
            continue
        if runs and runs[-1][1] == family and runs[-1][2] == level:
            runs[-1] = (runs[-1][0] + character, family, level)
        else:
            runs.append((character, family, level))
    highest = max(levels)
    for threshold in range(highest, 0, -1):
        place = 0
        while place < len(runs):
            end = place
            while end < len(runs) and runs[end][2] >= threshold:
                end += 1
            runs[place:end] = reversed(runs[place:end])
            place = max(end, place + 1)
    return runs
