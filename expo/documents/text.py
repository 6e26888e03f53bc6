"""Lines of text in any script, set and drawn on a ReportLab canvas.

ReportLab alone neither orders Hebrew nor joins Arabic. Here a text becomes a `Line`: composed (NFC), cut into runs by
direction (the Unicode bidirectional algorithm) and by typeface, shaped by HarfBuzz where the script needs it, and put
in visual order. Drawing writes the glyphs and, beside them, the text that was meant, for whoever searches or copies.

Characters that no typeface has are left out: a box on a badge helps nobody. `unprintable` names them beforehand.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from reportlab.lib.colors import Color

from expo.documents.typefaces import (
    EAST_ASIAN,
    LATIN,
    Glyph,
    family_for,
    has_bold,
    has_character,
    regions_for,
    typeface,
)

ELLIPSIS = "…"
# Where a bold file is missing, the outline is stroked with this share of the size.
_STROKE = 0.035
# More marks on one letter than its orthography writes would leave the line and the page.
_MARKS_PER_LETTER = 3
_MARKS_PER_PLAIN_LETTER = 2
# Tibetan writes the letters of a syllable below each other, as marks.
_MARKS_PER_TIBETAN_LETTER = 7
_JOINERS = "\u200c\u200d"
# Invisible, but they tell where a date within Arabic keeps its own direction.
_ISOLATES = "\u2066\u2067\u2068\u2069"
# Drawn by the typeface of their neighbours, because Chinese and English draw them differently.
_SHARED_PUNCTUATION = frozenset("“”‘’…—·–")
_PLAIN = EAST_ASIAN | {
    LATIN,
    "NotoSansArmenian",
    "NotoSansGeorgian",
    "NotoSansEthiopic",
    "NotoSansYi",
    "NotoSansTifinagh",
    "NotoSansCherokee",
}
_LEFTWARD = frozenset({"R", "AL", "AN"})
_HANGUL_JAMO = range(0x1100, 0x1200)
# (above, below) the baseline, in thousandths of the size: what the ink of names really takes.
_EXTENTS = {
    "NotoSans": (960, 250), "NotoSansArabic": (1000, 420), "NotoSansHebrew": (960, 280),
    "NotoSansDevanagari": (1000, 380), "NotoSansThai": (1180, 340), "NotoSansKhmer": (1150, 620),
    "NotoSerifTibetan": (1000, 700), "NotoSansMyanmar": (1100, 560), "NotoSansLao": (1180, 340),
}  # fmt: skip
_DEFAULT_EXTENT = (960, 350)
_EAST_ASIAN_EXTENT = (940, 230)
# Kinsoku: what must not begin and what must not end a line.
_NOT_FIRST = frozenset(
    "、。，．：；？！）」』】》〉〕］｝…—～・ー々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.:;?!)]}»”’%％"
)
_NOT_LAST = frozenset("（「『【《〈〔［｛([{«“‘#＃¥￥$")
# Between the syllables of Tibetan, which has no spaces.
_TSHEG = "\u0f0b"
_THAI_LEADING = frozenset("เแโใไ")
_THAI_TRAILING = frozenset("ะาำๅๆ")


@dataclass(frozen=True, slots=True)
class Piece:
    """Glyphs of one typeface that follow each other on a line, left to right, in thousandths of the size."""

    face: str
    codes: str
    width: float
    # None where every glyph stands at its own width.
    glyphs: tuple[Glyph, ...] | None
    stroked: bool
    # What is meant, where the glyphs' codes do not spell it.
    meant: str | None
    leftward: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line, set. Widths and extents are in thousandths of the size it will be drawn at."""

    text: str
    pieces: tuple[Piece, ...]
    width: float
    above: float
    below: float
    leftward: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines that fit a box at a size. `cut` says that something had to be left out."""

    lines: tuple[Line, ...]
    size: float
    leading: float
    cut: bool

    @property
    def height(self) -> float:
        """The height of all lines together."""
        return self.leading * len(self.lines)

    @property
    def width(self) -> float:
        """The width of the widest line."""
        return max((line.width for line in self.lines), default=0) * self.size / 1000


@dataclass(frozen=True, slots=True)
class _Unit:
    """What no line break may divide, and the space that follows it."""

    text: str
    width: float
    space: str
    space_width: float


def unprintable(text: str) -> set[str]:
    """Return the visible characters of a text that no typeface here can draw."""
    regions = regions_for("")
    return {
        character
        for character in unicodedata.normalize("NFC", text)
        if not _is_invisible(character) and family_for(character, regions) is None
    }


def name_unprintable(texts: Iterable[str]) -> dict[str, str]:
    """Return the characters of texts that no typeface here can draw, each with its code point, in order."""
    return {character: f"U+{ord(character):04X}" for character in sorted(unprintable("".join(texts)))}


def is_leftward(text: str) -> bool:
    """Return whether the first letter that has a direction runs from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in ("R", "AL"):
            return True
    return False


@lru_cache(maxsize=8192)
def set_line(text: str, language: str = "en", *, bold: bool = False, leftward: bool | None = None) -> Line:
    """Return a text as one line. `leftward` is the paragraph's direction; None takes it from the first letter."""
    characters = _clean(text, language)
    if leftward is None:
        leftward = is_leftward(text)
    if not any(character not in _ISOLATES for character, _ in characters):
        return Line("", (), 0, 0, 0, leftward)
    plain_text = "".join(character for character, _ in characters if character not in _ISOLATES)
    pieces = tuple(
        _set_run(run, family, language, bold=bold, leftward=bool(level % 2))
        for run, family, level in _visual_runs(characters, leftward=leftward)
    )
    extents = [_extent(piece.face.partition("-")[0]) for piece in pieces]
    return Line(
        text=plain_text,
        pieces=pieces,
        width=sum(piece.width for piece in pieces),
        above=max(above for above, _ in extents),
        below=max(below for _, below in extents),
        leftward=leftward,
    )


def fit_text(
    text: str,
    width: float,
    height: float,
    sizes: tuple[float, float],
    *,
    language: str = "en",
    bold: bool = False,
    max_lines: int = 3,
) -> Fitted:
    """Return a text set within a box: wrapped first, then smaller, down from the first size to the second.

    Words stay whole while a size lets them; at the smallest size long ones are divided, and what still finds no
    place is cut with an ellipsis.
    """
    largest, smallest = sizes
    units = _units(text, language, bold)
    leftward = is_leftward(text)
    size = largest
    while True:
        rows = _wrap(units, width / size * 1000)
        fits = len(rows) <= max_lines and all(_row_width(row) * size <= width * 1000 for row in rows)
        if fits:
            rows = _balance(units, rows, width / size * 1000)
            fitted = _set_rows(rows, language, size, bold=bold, leftward=leftward, cut=False)
            if fitted.height <= height or len(fitted.lines) == 0:
                return fitted
        if size <= smallest:
            break
        size = max(smallest, size * 0.94)
    rows = _wrap(_divided(units, width / size * 1000, language, bold), width / size * 1000)
    while True:
        is_cut = len(rows) > max_lines
        if is_cut:
            rows = _cut(rows, max_lines, width / size * 1000, language, bold)
        fitted = _set_rows(rows, language, size, bold=bold, leftward=leftward, cut=is_cut)
        if fitted.height <= height or max_lines == 1:
            return fitted
        max_lines = min(max_lines, len(rows)) - 1


def wrap_text(
    text: str, width: float, size: float, *, language: str = "en", bold: bool = False, max_lines: int | None = None
) -> Fitted:
    """Return a text wrapped at one size, with an ellipsis after `max_lines`."""
    limit = width / size * 1000
    rows = _wrap(_divided(_units(text, language, bold), limit, language, bold), limit)
    is_cut = max_lines is not None and len(rows) > max_lines
    if is_cut and max_lines is not None:
        rows = _cut(rows, max_lines, limit, language, bold)
    return _set_rows(rows, language, size, bold=bold, leftward=is_leftward(text), cut=is_cut)


def draw_line(canvas: Any, line: Line, x: float, y: float, size: float, color: Color) -> None:
    """Draw a line with its left end at `x` and its baseline at `y`."""
    if not line.pieces:
        return
    red_green_blue = f"{color.red:.3g} {color.green:.3g} {color.blue:.3g}"
    has_stroke = any(piece.stroked for piece in line.pieces)
    stroke = f" {red_green_blue} RG 1 j {size * _STROKE:.3f} w" if has_stroke else ""
    code = [f"q {red_green_blue} rg{stroke} BT 1 0 0 1 {x:.2f} {y:.2f} Tm"]
    is_stroked = False
    for piece in line.pieces:
        if piece.stroked != is_stroked:
            is_stroked = piece.stroked
            code.append("2 Tr" if is_stroked else "0 Tr")
        code.extend(_show_piece(canvas._doc, piece, size))  # noqa: SLF001 - ReportLab has no call for a shaped run
    code.append("ET Q")
    canvas._code.append(" ".join(code))  # noqa: SLF001 - as above


def draw_block(
    canvas: Any, block: Fitted, x: float, top: float, width: float, color: Color, align: str = "start"
) -> float:
    """Draw lines downwards from `top` and return where they end.

    `align` is start, end (both by the lines' own direction), left, center or right.
    """
    baseline = top
    for line in block.lines:
        baseline -= block.leading
        drop = (block.leading - (line.above + line.below) * block.size / 1000) / 2 + line.below * block.size / 1000
        slack = width - line.width * block.size / 1000
        draw_line(
            canvas, line, x + slack * _share_left(align, leftward=line.leftward), baseline + drop, block.size, color
        )
    return baseline


def _share_left(align: str, *, leftward: bool) -> float:
    if align == "center":
        return 0.5
    if align == "left" or (align == "start" and not leftward) or (align == "end" and leftward):
        return 0.0
    return 1.0


def _show_piece(document: Any, piece: Piece, size: float) -> Iterator[str]:
    """Yield the operators that show a piece. A subset holds 256 glyphs, so a piece may need several."""
    font = typeface(piece.face).font
    is_said_at_once = piece.meant is not None and not piece.leftward
    if is_said_at_once and piece.meant is not None:
        yield _begin_meaning(piece.meant)
    start = 0
    for subset, codes in font.splitString(piece.codes, document):
        yield f"{font.getSubsetInternalName(subset, document)} {size:.2f} Tf"
        if piece.glyphs is None:
            yield f"<{codes.hex()}> Tj"
        elif piece.meant is None or is_said_at_once:
            yield from _show_glyphs(piece.glyphs[start : start + len(codes)], codes, size)
        else:
            yield from _show_by_letter(piece, start, codes, size)
        start += len(codes)
    if is_said_at_once:
        yield "EMC"


def _show_by_letter(piece: Piece, start: int, codes: bytes, size: float) -> Iterator[str]:
    """Yield operators for glyphs that run from right to left, each letter with its own meaning.

    Readers of PDF files find the order of such text by its places on the line, so it must not be said all at once.
    """
    glyphs, meant = piece.glyphs or (), piece.meant or ""
    place = start
    while place < start + len(codes):
        end = place + 1
        while end < start + len(codes) and glyphs[end].cluster == glyphs[place].cluster:
            end += 1
        # Clusters count down along the line: a letter reaches to where the one before it began.
        until = next((glyph.cluster for glyph in reversed(glyphs[:place])), len(meant))
        yield _begin_meaning(meant[glyphs[place].cluster : until])
        yield from _show_glyphs(glyphs[place:end], codes[place - start : end - start], size)
        yield "EMC"
        place = end


def _begin_meaning(text: str) -> str:
    return f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex().upper()}>>> BDC"


def _show_glyphs(glyphs: tuple[Glyph, ...], codes: bytes, size: float) -> Iterator[str]:
    """Yield operators that put each glyph at its own place: a TJ for each stretch of one height."""
    rise = 0.0
    items: list[str] = []
    pending = 0.0
    for glyph, code in zip(glyphs, codes, strict=True):
        if glyph.y_offset != rise:
            if items or pending:
                yield _show_items(items, pending)
                items, pending = [], 0.0
            rise = glyph.y_offset
            yield f"{rise * size / 1000:.2f} Ts"
        pending -= glyph.x_offset
        if pending:
            items.append(f"{pending:.0f}")
        items.append(f"<{code:02x}>")
        pending = glyph.width - glyph.advance + glyph.x_offset
    if items or pending:
        yield _show_items(items, pending)
    if rise:
        yield "0 Ts"


def _show_items(items: list[str], pending: float) -> str:
    if pending:
        items = [*items, f"{pending:.0f}"]
    return f"[{' '.join(items).replace('> <', '')}] TJ"


def _is_invisible(character: str) -> bool:
    category = unicodedata.category(character)
    is_selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return category in ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp") or is_selector


def _clean(text: str, language: str) -> list[tuple[str, str]]:
    """Return the characters that can be drawn, each with its family."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    regions = _regions_of(text, language)
    result: list[tuple[str, str]] = []
    letter: str | None = None
    marks = 0
    for character in text:
        if _is_invisible(character):
            result.extend(_keep_invisible(character, letter))
        elif unicodedata.category(character)[0] == "M":
            marks += 1
            family = _family_of_mark(character, letter, regions)
            if family is not None and marks <= _most_marks(family):
                result.append((character, family))
        else:
            marks = 0
            letter = family_for(character, regions)
            if letter is not None:
                result.append((character, letter))
    return _settle_punctuation(result)


def _most_marks(family: str) -> int:
    if family == "NotoSerifTibetan":
        return _MARKS_PER_TIBETAN_LETTER
    return _MARKS_PER_PLAIN_LETTER if family in _PLAIN else _MARKS_PER_LETTER


def _keep_invisible(character: str, letter: str | None) -> Iterator[tuple[str, str]]:
    """Yield a space, joiner or isolate with the family it goes with; nothing for what else cannot be seen."""
    if character == " " or character in _ISOLATES:
        yield character, letter or LATIN
    elif character in _JOINERS and letter is not None and letter not in _PLAIN:
        yield character, letter


def _family_of_mark(mark: str, letter: str | None, regions: tuple[str, ...]) -> str | None:
    """Return the family that draws a mark on its letter, or None where it has nothing to stand on (a dropped emoji)."""
    if letter is None or has_character(letter, mark):
        return letter
    return None if letter in EAST_ASIAN else family_for(mark, regions)


def _regions_of(text: str, language: str) -> tuple[str, ...]:
    """Return the order of East Asian families: kana and Hangul tell more about a name than its owner's language."""
    regions = regions_for(language)
    if regions[0] == "NotoSansSC":
        for character in text:
            if "\u3041" <= character <= "\u30fa":
                return regions_for("ja")
            if "\uac00" <= character <= "\ud7a3":
                return regions_for("ko")
    return regions


def _settle_punctuation(characters: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give quotes and dashes within Chinese text the shapes of Chinese text."""
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


@cache
def _bidi() -> Any:
    """Return fpdf2's bidirectional algorithm, read only when a text needs it: it brings 40 MB with it."""
    return import_module("fpdf.bidi")


def _levels(text: str, *, leftward: bool) -> list[int]:
    """Return the embedding level of every character (even runs right, odd runs left)."""
    if not leftward and not any(unicodedata.bidirectional(character) in _LEFTWARD for character in text):
        return [0] * len(text)
    bidi = _bidi()
    base = int(leftward)
    direction = bidi.TextDirection.RTL if leftward else bidi.TextDirection.LTR
    levels = [base] * len(text)
    for character in bidi.BidiParagraph(text, base_direction=direction).get_characters_with_embedding_level():
        levels[character.character_index] = character.embedding_level
    # The algorithm leaves joiners out; they go with what stands before them.
    for place, character in enumerate(text):
        if character in _JOINERS and place:
            levels[place] = levels[place - 1]
    return levels


def _visual_runs(characters: list[tuple[str, str]], *, leftward: bool) -> list[tuple[str, str, int]]:
    """Return (text, family, level) of the runs in the order they stand on the line, left to right (rule L2)."""
    levels = _levels("".join(character for character, _ in characters), leftward=leftward)
    runs: list[tuple[str, str, int]] = []
    for (character, family), level in zip(characters, levels, strict=True):
        if character in _ISOLATES:
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


def _set_run(run: str, family: str, language: str, *, bold: bool, leftward: bool) -> Piece:
    """Return a run of one family and one direction as a piece."""
    is_bold_file = bold and has_bold(family)
    face = f"{family}-{'Bold' if is_bold_file else 'Regular'}"
    is_stroked = bold and not is_bold_file
    known = typeface(face)
    is_plain = not leftward and family in _PLAIN and not any(_needs_shaping(character) for character in run)
    # Bold Latin is what names and headings are set in: pairs such as AV deserve their kerning.
    if is_plain and not (bold and family == LATIN):
        width = sum(known.widths[ord(character)] for character in run)
        return Piece(face, run, width, None, is_stroked, None, leftward)
    glyphs = tuple(known.shape(run, language, leftward=leftward))
    codes = "".join(chr(glyph.code) for glyph in glyphs)
    width = sum(glyph.advance for glyph in glyphs)
    # A mirrored bracket is meant as it is drawn: readers of PDF files turn it back themselves.
    is_spelled = codes == run or (leftward and family in _PLAIN and len(codes) == len(run))
    return Piece(face, codes, width, glyphs, is_stroked, None if is_spelled else run, leftward)


def _needs_shaping(character: str) -> bool:
    return unicodedata.category(character)[0] == "M" or ord(character) in _HANGUL_JAMO


def _extent(family: str) -> tuple[int, int]:
    return _EAST_ASIAN_EXTENT if family in EAST_ASIAN else _EXTENTS.get(family, _DEFAULT_EXTENT)


@lru_cache(maxsize=4096)
def _units(text: str, language: str, bold: bool) -> tuple[_Unit, ...]:  # noqa: FBT001 - lru_cache keys by position
    """Return a text as what may stand alone on a line, measured."""
    units = []
    for word in _cleaned_words(text, language):
        parts = list(_breakable_parts(word))
        for place, part in enumerate(parts):
            space = " " if place == len(parts) - 1 else ""
            units.append(_measure(part, space, language, bold=bold))
    return tuple(units)


def _cleaned_words(text: str, language: str) -> list[str]:
    return "".join(character for character, _ in _clean(text, language)).split()


def _measure(text: str, space: str, language: str, *, bold: bool) -> _Unit:
    line = set_line(text, language, bold=bold)
    return _Unit(text, line.width, space, typeface(line.pieces[-1].face).widths.get(32, 260) if line.pieces else 0)


def _breakable_parts(word: str) -> Iterator[str]:
    """Yield the parts of a word between which a line may break: at hyphens, and around East Asian characters."""
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


def _wrap(units: Iterable[_Unit], limit: float) -> list[list[_Unit]]:
    """Return units in rows no wider than `limit`, but for units that are wider alone."""
    rows: list[list[_Unit]] = []
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


def _row_width(row: list[_Unit]) -> float:
    return sum(unit.width for unit in row) + sum(unit.space_width for unit in row[:-1] if unit.space)


def _balance(units: tuple[_Unit, ...], rows: list[list[_Unit]], limit: float) -> list[list[_Unit]]:
    """Return the same number of rows with the longest as short as it can be."""
    if len(rows) < 2:  # noqa: PLR2004 - one row is balanced
        return rows
    low, high = max(unit.width for unit in units), limit
    for _ in range(12):
        middle = (low + high) / 2
        if len(_wrap(units, middle)) <= len(rows):
            high = middle
        else:
            low = middle
    return _wrap(units, high)


def _divided(units: tuple[_Unit, ...], limit: float, language: str, bold: bool) -> list[_Unit]:  # noqa: FBT001
    """Return units with those wider than `limit` divided between letters."""
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
    """Yield a text letter by letter, each with its marks."""
    start = 0
    for place in range(1, len(text)):
        before, after = text[place - 1], text[place]
        is_joined = (
            unicodedata.category(after)[0] == "M"
            or after in _JOINERS
            or before in _JOINERS
            or unicodedata.combining(before) == 9  # noqa: PLR2004 - a virama: the next letter belongs to it
            or before in _THAI_LEADING
            or after in _THAI_TRAILING
        )
        if not is_joined:
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _cut(rows: list[list[_Unit]], max_lines: int, limit: float, language: str, bold: bool) -> list[list[_Unit]]:  # noqa: FBT001
    """Return the first rows, the last of them ended by an ellipsis."""
    kept = [list(row) for row in rows[:max_lines]]
    mark = _measure(ELLIPSIS, "", language, bold=bold)
    last = kept[-1]
    while last and _row_width(last) + mark.width > limit:
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


def _set_rows(rows: list[list[_Unit]], language: str, size: float, *, bold: bool, leftward: bool, cut: bool) -> Fitted:
    lines = tuple(
        set_line("".join(unit.text + unit.space for unit in row).strip(), language, bold=bold, leftward=leftward)
        for row in rows
    )
    leading = max((line.above + line.below for line in lines), default=0) * size / 1000
    return Fitted(lines, size, leading, cut)
