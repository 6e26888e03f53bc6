"""A gate's list on paper, for when nothing else works: everyone who may enter, by ticket and letter, to be ticked off.

Pages are written as they are drawn, so memory use does not depend on the number of people.
"""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from expo.documents.streaming import StreamedPages
from expo.documents.text import draw_block, wrap_text
from expo.pure.layout import A4, MM

_INK, _QUIET_INK, _RULE = (HexColor(code) for code in ("#0f172a", "#475569", "#cbd5e1"))
_WIDTH, _HEIGHT = A4
_MARGIN = 12 * MM
_TOP = _HEIGHT - 26 * MM
_ROW = 6.6 * MM
_ROWS = int((_TOP - 14 * MM) / _ROW)
_BOX = 3.8 * MM
# Where the columns begin, and how wide they are: name, company, ticket, code.
_COLUMNS = ((_MARGIN + 8 * MM, 62 * MM), (_MARGIN + 72 * MM, 58 * MM), (_MARGIN + 132 * MM, 28 * MM))
_CODE = (_MARGIN + 161 * MM, 25 * MM)
_PAGES_AT_ONCE = 50


@dataclass(frozen=True)
class GateEntry:
    """One person on the list. `letter` is the one under which the name is looked for."""

    name: str
    latin_name: str
    company: str
    ticket: str
    code: str
    letter: str
    language: str


@dataclass(frozen=True)
class GateListLabels:
    """The texts of the list in one language. `page` has {page}, `as_of` has {moment}."""

    title: str
    as_of: str
    page: str = "Page {page}"
    nobody: str = "Nobody may enter here."


def render_gate_list(
    entries: Iterable[GateEntry],
    labels: GateListLabels,
    language: str,
    out: BinaryIO,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write the list to `out`, a new page for every ticket, and return the number of pages.

    The entries come sorted by ticket and letter. `progress` is called with the number of entries drawn after each page.
    """
    canvas = Canvas(BytesIO(), pagesize=A4, pageCompression=1, lang=language, initialFontName="Helvetica")
    canvas.setTitle(labels.title)
    canvas.setCreator("Expo")
    pages = StreamedPages(canvas, out)
    number = done = 0
    for ticket, group in itertools.groupby(entries, key=lambda each: each.ticket):
        rest = iter(group)
        while rows := list(itertools.islice(rest, _ROWS)):
            number += 1
            _draw_page(canvas, rows, ticket, labels, language, number)
            canvas.showPage()
            done += len(rows)
            if number % _PAGES_AT_ONCE == 0:
                pages.flush()
            if progress is not None:
                progress(done)
    if number == 0:
        number = 1
        _draw_head(canvas, labels.nobody, labels, language, number)
        canvas.showPage()
    pages.close()
    return number


def _draw_page(
    canvas: Any, rows: list[GateEntry], ticket: str, labels: GateListLabels, language: str, number: int
) -> None:
    letters = f"{rows[0].letter} – {rows[-1].letter}" if rows[0].letter != rows[-1].letter else rows[0].letter
    _draw_head(canvas, f"{ticket} · {letters}", labels, language, number)
    before = ""
    for place, entry in enumerate(rows):
        top = _TOP - place * _ROW
        if entry.letter != before:
            _draw_text(canvas, entry.letter, (_MARGIN - 5 * MM, 5 * MM), top, 9, language, bold=True)
            before = entry.letter
        _draw_row(canvas, entry, top)


def _draw_head(canvas: Any, section: str, labels: GateListLabels, language: str, number: int) -> None:
    width = _WIDTH - 2 * _MARGIN
    _draw_text(canvas, labels.title, (_MARGIN, width * 0.7), _HEIGHT - 8 * MM, 10, language)
    _draw_text(canvas, section, (_MARGIN, width * 0.7), _HEIGHT - 13 * MM, 14, language, bold=True)
    page = labels.page.format(page=number)
    _draw_text(canvas, page, (_MARGIN + width * 0.72, width * 0.28), _HEIGHT - 8 * MM, 10, language, align="right")
    as_of = (_MARGIN + width * 0.72, width * 0.28)
    _draw_text(canvas, labels.as_of, as_of, _HEIGHT - 14 * MM, 8, language, align="right", color=_QUIET_INK)


def _draw_row(canvas: Any, entry: GateEntry, top: float) -> None:
    canvas.setLineWidth(0.8)
    canvas.setStrokeColor(_INK)
    canvas.rect(_MARGIN + 1 * MM, top - _ROW + (_ROW - _BOX) / 2, _BOX, _BOX)
    canvas.setLineWidth(0.3)
    canvas.setStrokeColor(_RULE)
    canvas.line(_MARGIN, top - _ROW, _WIDTH - _MARGIN, top - _ROW)
    has_latin = entry.latin_name and entry.latin_name != entry.name
    name = f"{entry.name}  {entry.latin_name}" if has_latin else entry.name
    _draw_text(canvas, name, _COLUMNS[0], top - 1.2 * MM, 9.5, entry.language, bold=True)
    _draw_text(canvas, entry.company, _COLUMNS[1], top - 1.4 * MM, 8, entry.language)
    _draw_text(canvas, entry.ticket, _COLUMNS[2], top - 1.4 * MM, 8, entry.language, color=_QUIET_INK)
    _draw_text(canvas, entry.code, _CODE, top - 1.2 * MM, 9.5, "en", bold=True, align="right")


def _draw_text(
    canvas: Any,
    text: str,
    column: tuple[float, float],
    top: float,
    size: float,
    language: str,
    *,
    bold: bool = False,
    align: str = "left",
    color: Any = _INK,
) -> None:
    """Draw one line of text in a column, cut off where it is too long."""
    if text:
        line = wrap_text(text, column[1], size, language=language, bold=bold, max_lines=1)
        draw_block(canvas, line, column[0], top, column[1], color, align)
