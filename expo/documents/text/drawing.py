"""Drawing of lines on a ReportLab canvas: the glyphs, and the text that they represent."""

from collections.abc import Iterator
from typing import Any

from reportlab.lib.colors import Color

from expo.documents.text.fitting import Fitted
from expo.documents.text.lines import Line, Piece
from expo.documents.typefaces import Glyph, typeface

# Without a bold file, the outline is stroked with this fraction of the size.
_STROKE = 0.035


def draw_line(canvas: Any, line: Line, x: float, y: float, size: float, color: Color) -> None:
    """Draw a line with its left end at `x` and its baseline at `y`."""
    if line.pieces:
        before, after = write_line(canvas, line, size, color)
        canvas._code.append(f"{before} {x:.2f} {y:.2f} {after}")  # noqa: SLF001 - ReportLab has no call for shaped runs


def write_line(canvas: Any, line: Line, size: float, color: Color) -> tuple[str, str]:
    """Return the operators that draw a line, before and after its position; they are good for the whole document."""
    red_green_blue = f"{color.red:.3g} {color.green:.3g} {color.blue:.3g}"
    has_stroke = any(piece.stroked for piece in line.pieces)
    stroke = f" {red_green_blue} RG 1 j {size * _STROKE:.3f} w" if has_stroke else ""
    code = ["Tm"]
    is_stroked = False
    for piece in line.pieces:
        if piece.stroked != is_stroked:
            is_stroked = piece.stroked
            code.append("2 Tr" if is_stroked else "0 Tr")
        code.extend(_show_piece(canvas._doc, piece, size))  # noqa: SLF001 - as above
    code.append("ET Q")
    return f"q {red_green_blue} rg{stroke} BT 1 0 0 1", " ".join(code)


def draw_block(
    canvas: Any, block: Fitted, x: float, top: float, width: float, color: Color, align: str = "start"
) -> float:
    """Draw lines downwards from `top` and return the position of their end.

    `align` is start, end (both by the lines' own direction), left, center or right.
    """
    baseline = top
    for line in block.lines:
        baseline -= block.leading
        drop = baseline_offset(block, line)
        slack = width - line.width * block.size / 1000
        draw_line(
            canvas,
            line,
            x + slack * _leading_share(align, right_to_left=line.right_to_left),
            baseline + drop,
            block.size,
            color,
        )
    return baseline


def baseline_offset(block: Fitted, line: Line) -> float:
    """Return how far the baseline of a line is above the end of its leading."""
    return (block.leading - (line.above + line.below) * block.size / 1000) / 2 + line.below * block.size / 1000


def _leading_share(align: str, *, right_to_left: bool) -> float:
    if align == "center":
        return 0.5
    if align == "left" or (align == "start" and not right_to_left) or (align == "end" and right_to_left):
        return 0.0
    return 1.0


def _show_piece(document: Any, piece: Piece, size: float) -> Iterator[str]:
    """Yield the operators that show a piece. A subset holds 256 glyphs, so a piece may need several."""
    font = typeface(piece.face).font
    is_said_at_once = piece.actual_text is not None and not piece.right_to_left
    if is_said_at_once and piece.actual_text is not None:
        yield _begin_actual_text(piece.actual_text)
    start = 0
    for subset, codes in font.splitString(piece.codes, document):
        yield f"{font.getSubsetInternalName(subset, document)} {size:.2f} Tf"
        if piece.glyphs is None:
            yield f"<{codes.hex()}> Tj"
        elif piece.actual_text is None or is_said_at_once:
            yield from _show_glyphs(piece.glyphs[start : start + len(codes)], codes, size)
        else:
            yield from _show_by_letter(piece, start, codes, size)
        start += len(codes)
    if is_said_at_once:
        yield "EMC"


def _show_by_letter(piece: Piece, start: int, codes: bytes, size: float) -> Iterator[str]:
    """Yield operators for right-to-left glyphs, with an ActualText for each letter.

    PDF readers derive the order of such text from glyph positions, so a single ActualText for the run would be wrong.
    """
    glyphs, actual_text = piece.glyphs or (), piece.actual_text or ""
    place = start
    while place < start + len(codes):
        end = place + 1
        while end < start + len(codes) and glyphs[end].cluster == glyphs[place].cluster:
            end += 1
        # Clusters count down along the line: a letter ends where the previous one began.
        until = next((glyph.cluster for glyph in reversed(glyphs[:place])), len(actual_text))
        yield _begin_actual_text(actual_text[glyphs[place].cluster : until])
        yield from _show_glyphs(glyphs[place:end], codes[place - start : end - start], size)
        yield "EMC"
        place = end


def _begin_actual_text(text: str) -> str:
    return f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex().upper()}>>> BDC"


def _show_glyphs(glyphs: tuple[Glyph, ...], codes: bytes, size: float) -> Iterator[str]:
    """Yield operators that position each glyph: one TJ for each stretch at the same height."""
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
