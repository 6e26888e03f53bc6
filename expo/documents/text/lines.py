"""A text typeset as one line: its runs in drawing order, shaped by HarfBuzz if their script needs it."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from expo.documents.text.characters import ISOLATES, PLAIN_FAMILIES, clean, is_simple
from expo.documents.text.direction import is_right_to_left, visual_runs
from expo.documents.typefaces import EAST_ASIAN, LATIN, Glyph, has_bold, typeface

_HANGUL_JAMO = range(0x1100, 0x1200)
# (above, below) the baseline, in thousandths of the size: the actual ink extent of names.
_EXTENTS = {
    "NotoSans": (960, 250), "NotoSansArabic": (1000, 420), "NotoSansHebrew": (960, 280),
    "NotoSansDevanagari": (1000, 380), "NotoSansThai": (1180, 340), "NotoSansKhmer": (1150, 620),
    "NotoSerifTibetan": (1000, 700), "NotoSansMyanmar": (1100, 560), "NotoSansLao": (1180, 340),
}  # fmt: skip
_DEFAULT_EXTENT = (960, 350)
_EAST_ASIAN_EXTENT = (940, 230)


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive glyphs of one typeface on a line, left to right, in thousandths of the size."""

    face: str
    codes: str
    width: float
    # None if every glyph has its default width.
    glyphs: tuple[Glyph, ...] | None
    stroked: bool
    # The represented text, if the glyphs' codes do not spell it.
    actual_text: str | None
    right_to_left: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One typeset line. Widths and extents are in thousandths of the size it will be drawn at."""

    text: str
    pieces: tuple[Piece, ...]
    width: float
    above: float
    below: float
    right_to_left: bool


@lru_cache(maxsize=8192)
def set_line(text: str, language: str = "en", *, bold: bool = False, right_to_left: bool | None = None) -> Line:
    """Typeset a text as one line. `right_to_left` is the paragraph's direction; None takes it from the first letter."""
    if not right_to_left and text.isascii() and text.isprintable() and (letters := " ".join(text.split())):
        # Codes, times and most names in lists: one run, about which nothing has to be found out.
        piece = _set_run(letters, LATIN, language, bold=bold, right_to_left=False)
        return Line(letters, (piece,), piece.width, *_extent(LATIN), right_to_left=False)
    characters = clean(text, language)
    if right_to_left is None:
        right_to_left = is_right_to_left(text)
    if not any(character not in ISOLATES for character, _ in characters):
        return Line("", (), 0, 0, 0, right_to_left)
    plain_text = "".join(character for character, _ in characters if character not in ISOLATES)
    pieces = tuple(
        _set_run(run, family, language, bold=bold, right_to_left=bool(level % 2))
        for run, family, level in visual_runs(characters, right_to_left=right_to_left)
    )
    extents = [_extent(piece.face.partition("-")[0]) for piece in pieces]
    return Line(
        text=plain_text,
        pieces=pieces,
        width=sum(piece.width for piece in pieces),
        above=max(above for above, _ in extents),
        below=max(below for _, below in extents),
        right_to_left=right_to_left,
    )


def _set_run(run: str, family: str, language: str, *, bold: bool, right_to_left: bool) -> Piece:
    """Typeset a run of one family and one direction as a piece."""
    is_bold_file = bold and has_bold(family)
    face = f"{family}-{'Bold' if is_bold_file else 'Regular'}"
    is_stroked = bold and not is_bold_file
    known = typeface(face)
    is_plain = not right_to_left and family in PLAIN_FAMILIES and (is_simple(run) or not _needs_shaping(run))
    # Names and headings are in bold Latin, where pairs such as AV need kerning.
    if is_plain and not (bold and family == LATIN):
        width = sum(known.widths[ord(character)] for character in run)
        return Piece(face, run, width, None, is_stroked, None, right_to_left)
    glyphs = tuple(known.shape(run, language, right_to_left=right_to_left))
    codes = "".join(chr(glyph.code) for glyph in glyphs)
    width = sum(glyph.advance for glyph in glyphs)
    # A mirrored bracket is stored as drawn: PDF readers mirror it back.
    is_spelled = codes == run or (right_to_left and family in PLAIN_FAMILIES and len(codes) == len(run))
    return Piece(face, codes, width, glyphs, is_stroked, None if is_spelled else run, right_to_left)


def _needs_shaping(run: str) -> bool:
    return any(unicodedata.category(character)[0] == "M" or ord(character) in _HANGUL_JAMO for character in run)


def _extent(family: str) -> tuple[int, int]:
    return _EAST_ASIAN_EXTENT if family in EAST_ASIAN else _EXTENTS.get(family, _DEFAULT_EXTENT)
