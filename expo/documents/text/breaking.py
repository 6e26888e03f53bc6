"""Line breaking in any script: break opportunities, and rows for a given width."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from expo.documents.text.characters import JOINERS, clean
from expo.documents.text.lines import set_line
from expo.documents.typefaces import typeface

ELLIPSIS = "…"
# Kinsoku: characters that must not begin a line, and characters that must not end one.
_NOT_FIRST = frozenset(
    "、。，．：；？！）」』】》〉〕］｝…—～・ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.:;?!)]}»”’%％"
)
_NOT_LAST = frozenset("（「『【《〈〔［｛([{«“‘#＃¥￥$")
# Between the syllables of Tibetan, which has no spaces.
_TSHEG = "\u0f0b"
_THAI_LEADING = frozenset("เแโใไ")
_THAI_TRAILING = frozenset("ะาำๅๆ")


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of a text that must not be broken, with the space after it."""

    text: str
    width: float
    space: str
    space_width: float


@lru_cache(maxsize=4096)
def split_into_units(text: str, language: str, bold: bool) -> tuple[Unit, ...]:  # noqa: FBT001 - lru_cache keys by position
    """Split a text into measured units between which a line may break."""
    units = []
    for word in _cleaned_words(text, language):
        parts = list(_breakable_parts(word))
        for place, part in enumerate(parts):
            space = " " if place == len(parts) - 1 else ""
            units.append(_measure(part, space, language, bold=bold))
    return tuple(units)


def _cleaned_words(text: str, language: str) -> list[str]:
    return "".join(character for character, _ in clean(text, language)).split()


def _measure(text: str, space: str, language: str, *, bold: bool) -> Unit:
    line = set_line(text, language, bold=bold)
    return Unit(text, line.width, space, typeface(line.pieces[-1].face).widths.get(32, 260) if line.pieces else 0)


def _breakable_parts(word: str) -> Iterator[str]:
    """Split a word where a line may break: at hyphens and around East Asian characters."""
    start = 0
    for place in range(1, len(word)):
        before, after = word[place - 1], word[place]
        if after in _NOT_FIRST or before in _NOT_LAST or unicodedata.category(after)[0] == "M":
            continue
        is_after_hyphen = before in "-/‐" and place - start > 1 and after.isalnum()
        if is_after_hyphen or before == _TSHEG or _is_ideograph(before) or _is_ideograph(after):
            yield word[start:place]
            start = place
    yield word[start:]


def _is_ideograph(character: str) -> bool:
    code = ord(character)
    return 0x2E80 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFF60 or code >= 0x20000  # noqa: PLR2004 - Unicode blocks


def wrap_units(units: Iterable[Unit], limit: float) -> list[list[Unit]]:
    """Return units in rows no wider than `limit`, except for single units that are wider."""
    rows: list[list[Unit]] = []
    used = 0.0
    for unit in units:
        gap = rows[-1][-1].space_width if rows and rows[-1][-1].space else 0.0
        if rows and used + gap + unit.width <= limit:
            rows[-1].append(unit)
            used += gap + unit.width
        else:
            rows.append([unit])
            used = unit.width
    return rows


def row_width(row: list[Unit]) -> float:
    """Return the width of a row with the spaces inside it."""
    return sum(unit.width for unit in row) + sum(unit.space_width for unit in row[:-1] if unit.space)


def balance_rows(units: tuple[Unit, ...], rows: list[list[Unit]], limit: float) -> list[list[Unit]]:
    """Return the same number of rows with the longest one as short as possible."""
    if len(rows) < 2:  # noqa: PLR2004 - one row is balanced
        return rows
    low, high = max(unit.width for unit in units), limit
    for _ in range(12):
        middle = (low + high) / 2
        if len(wrap_units(units, middle)) <= len(rows):
            high = middle
        else:
            low = middle
    return wrap_units(units, high)


def divide_long_units(units: tuple[Unit, ...], limit: float, language: str, bold: bool) -> list[Unit]:  # noqa: FBT001
    """Return units, with those wider than `limit` split between letters."""
    result = []
    for unit in units:
        if unit.width <= limit:
            result.append(unit)
            continue
        parts: list[str] = []
        for cluster in _clusters(unit.text):
            if parts and set_line(parts[-1] + cluster, language, bold=bold).width <= limit:
                parts[-1] += cluster
            else:
                parts.append(cluster)
        result.extend(
            _measure(part, unit.space if place == len(parts) - 1 else "", language, bold=bold)
            for place, part in enumerate(parts)
        )
    return result


def _clusters(text: str) -> Iterator[str]:
    """Yield each letter of a text with its marks."""
    start = 0
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        is_joined = (
            unicodedata.category(after)[0] == "M"
            or after in JOINERS
            or before in JOINERS
            or unicodedata.combining(before) == 9  # noqa: PLR2004 - a virama: the next letter belongs to it
            or before in _THAI_LEADING
            or after in _THAI_TRAILING
        )
        if not is_joined:
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def cut_rows(rows: list[list[Unit]], max_lines: int, limit: float, language: str, bold: bool) -> list[list[Unit]]:  # noqa: FBT001
    """Return the first rows, with an ellipsis at the end of the last."""
    kept = [list(row) for row in rows[:max_lines]]
    mark = _measure(ELLIPSIS, "", language, bold=bold)
    last = kept[-1]
    while last and row_width(last) + mark.width > limit:
        removed = last.pop()
        shorter = "".join(list(_clusters(removed.text))[:-1])
        if shorter:
            last.append(_measure(shorter, "", language, bold=bold))
    if last:
        unit = last.pop()
        last.append(_measure(unit.text + ELLIPSIS, "", language, bold=bold))
    else:
        last.append(mark)
    return kept
