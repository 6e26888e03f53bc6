"""The evacuation list on paper: a box to tick for each person, a section for each zone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from expo.documents.streaming import StreamedPages
from expo.documents.text import Fitted, draw_block, wrap_text
from expo.pure.languages import locale_of
from expo.pure.layout import A4, MM, Box

INK, QUIET, RULE, DOUBT = HexColor("#0f172a"), HexColor("#475569"), HexColor("#94a3b8"), HexColor("#b45309")
WIDTH, HEIGHT = A4
MARGIN = 14 * MM
ROW = 6.4 * MM
TOP, BOTTOM = HEIGHT - 30 * MM, 16 * MM
ROWS_PER_PAGE = int((TOP - BOTTOM) // ROW)
# Left edges and widths of the columns: the box to tick, name, company, code, entered, last seen.
COLUMNS = ((0, 7), (8, 62), (72, 50), (124, 22), (147, 17), (165, 17))


@dataclass(frozen=True)
class EvacuationRow:
    """A person as printed; `note` says that they may have left."""

    name: str
    company: str
    code: str
    entered: str
    seen: str
    note: str = ""


@dataclass(frozen=True)
class EvacuationSection:
    """A zone, how many people are in it, and the people."""

    name: str
    summary: str
    rows: Sequence[EvacuationRow]


@dataclass(frozen=True)
class EvacuationLabels:
    """The words on the pages, in the reader's language. `page` has the fields {page} and {pages}."""

    title: str
    as_of: str
    head: tuple[str, str, str, str, str]
    page: str
    nobody: str


def render_evacuation_list(
    sections: Sequence[EvacuationSection], labels: EvacuationLabels, expo: str, language: str
) -> bytes:
    """Return the list as a PDF: each zone begins on its own page, so that it can be given to its warden."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, lang=language)
    canvas.setTitle(f"{labels.title} · {expo}")
    canvas.setAuthor(expo)
    canvas.setCreator("Expo")
    paper = _Paper(canvas, labels, expo, language, locale_of(language).text_direction == "rtl")
    pages = [
        (section, section.rows[first : first + ROWS_PER_PAGE])
        for section in sections
        for first in range(0, max(len(section.rows), 1), ROWS_PER_PAGE)
    ]
    stream = StreamedPages(canvas, out)
    for number, (section, rows) in enumerate(pages, 1):
        paper.draw_page(section, rows, labels.page.format(page=number, pages=len(pages)))
        canvas.showPage()
        stream.flush()
    stream.close()
    return out.getvalue()


@dataclass(frozen=True)
class _Paper:
    canvas: Any
    labels: EvacuationLabels
    expo: str
    language: str
    is_mirrored: bool
    fitted: dict[tuple[str, float, float, bool], Fitted] = field(default_factory=dict)

    def draw_page(self, section: EvacuationSection, rows: Sequence[EvacuationRow], page: str) -> None:
        self._write(f"{self.labels.title} · {section.name}", (0, 120), HEIGHT - 9 * MM, 13, bold=True)
        self._write(self.labels.as_of, (122, 60), HEIGHT - 9 * MM, 9, far=True)
        self._write(section.summary, (0, 182), HEIGHT - 16 * MM, 9, color=QUIET)
        for column, word in zip(COLUMNS[1:], self.labels.head, strict=True):
            self._write(word, column, TOP + 6 * MM, 7.5, bold=True, color=QUIET)
        self._rule(TOP, 1)
        for place, row in enumerate(rows):
            self._draw_row(row, TOP - place * ROW)
        if not rows:
            self._write(self.labels.nobody, (0, 182), TOP - 3 * MM, 10, color=QUIET)
        self._write(self.expo, (0, 120), 11 * MM, 7.5, color=QUIET)
        self._write(page, (122, 60), 11 * MM, 7.5, color=QUIET, far=True)

    def _draw_row(self, row: EvacuationRow, top: float) -> None:
        box = self._place(COLUMNS[0])
        self.canvas.setStrokeColor(INK)
        self.canvas.setLineWidth(0.8)
        side = 3.6 * MM
        left = box.right - side if self.is_mirrored else box.x
        self.canvas.rect(left, top - (ROW + side) / 2, side, side)
        text = top - 1.2 * MM
        self._write(row.name, COLUMNS[1], text, 9, bold=True)
        self._write(row.company, COLUMNS[2], text, 8, color=QUIET)
        self._write(row.code, COLUMNS[3], text, 8)
        self._write(row.entered, COLUMNS[4], text, 8)
        self._write(
            f"{row.seen} {row.note}".strip(), COLUMNS[5], text, 8, color=DOUBT if row.note else INK, bold=bool(row.note)
        )
        self._rule(top - ROW, 0.4)

    def _write(
        self,
        text: str,
        column: tuple[float, float],
        top: float,
        size: float,
        *,
        bold: bool = False,
        color: Any = INK,
        far: bool = False,
    ) -> None:
        box = self._place(column)
        fitted = self._fit(text, box.width, size, bold=bold)
        draw_block(self.canvas, fitted, box.x, top, box.width, color, "right" if far != self.is_mirrored else "left")

    def _fit(self, text: str, width: float, size: float, *, bold: bool) -> Fitted:
        """Return a text as one line that fits. Companies and times are the same for many people, and set once."""
        key = text, width, size, bold
        found = self.fitted.get(key)
        if found is None:
            found = wrap_text(text, width, size, language=self.language, bold=bold, max_lines=1)
            self.fitted[key] = found
        return found

    def _rule(self, y: float, width: float) -> None:
        self.canvas.setStrokeColor(RULE)
        self.canvas.setLineWidth(width)
        self.canvas.line(MARGIN, y, WIDTH - MARGIN, y)

    def _place(self, column: tuple[float, float]) -> Box:
        box = Box(MARGIN + column[0] * MM, 0, column[1] * MM, 0)
        return box.mirrored(WIDTH) if self.is_mirrored else box
