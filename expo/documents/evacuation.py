"""The evacuation list on paper: a box to tick for each person, a section for each zone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from expo.documents.streaming import StreamedPages
from expo.documents.text import baseline_offset, wrap_text, write_line
from expo.pure.languages import locale_of
from expo.pure.layout import A4, MM, Box

INK, QUIET, RULE, DOUBT = HexColor("#0f172a"), HexColor("#475569"), HexColor("#94a3b8"), HexColor("#b45309")
WIDTH, HEIGHT = A4
MARGIN = 14 * MM
ROW = 6.4 * MM
TOP, BOTTOM = HEIGHT - 30 * MM, 16 * MM
# Small enough that the first pages are on their way at once.
_PART_BYTES = 32 * 1024
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


def draw_evacuation_list(
    sections: Sequence[EvacuationSection], labels: EvacuationLabels, expo: str, language: str
) -> Iterator[bytes]:
    """Yield the list as a PDF while it is drawn: each zone begins on its own page, to be given to its warden.

    Without zones there is one page, which says that nobody is inside.
    """
    out = BytesIO()
    canvas = Canvas(BytesIO(), pagesize=A4, pageCompression=1, lang=language)
    canvas.setTitle(f"{labels.title} · {expo}")
    canvas.setAuthor(expo)
    canvas.setCreator("Expo")
    paper = _Paper(canvas, labels, expo, language, locale_of(language).text_direction == "rtl")
    pages = [
        (section, section.rows[first : first + ROWS_PER_PAGE])
        for section in sections or [EvacuationSection("", "", [])]
        for first in range(0, max(len(section.rows), 1), ROWS_PER_PAGE)
    ]
    stream = StreamedPages(canvas, out)
    for number, (section, rows) in enumerate(pages, 1):
        paper.draw_page(section, rows, labels.page.format(page=number, pages=len(pages)))
        canvas.showPage()
        stream.flush()
        if out.tell() > _PART_BYTES:
            yield _take(out)
    stream.close()
    yield _take(out)


def _take(out: BytesIO) -> bytes:
    """Return what was written, and forget it."""
    part = out.getvalue()
    out.seek(0)
    out.truncate()
    return part


@dataclass(frozen=True, slots=True)
class _Written:
    """A line as it is drawn: how far its start is from the column's and from the top, and what surrounds it."""

    x: float
    down: float
    before: str
    after: str


_NOTHING = _Written(0, 0, "", "")
# The columns in which many people have the same text: company, entered, last seen.
_SHARED: tuple[tuple[float, float], ...] = (COLUMNS[2], COLUMNS[4], COLUMNS[5])


@dataclass(frozen=True)
class _Paper:
    canvas: Any
    labels: EvacuationLabels
    expo: str
    language: str
    is_mirrored: bool
    # How texts of these columns are drawn.
    written: dict[tuple[Any, ...], _Written] = field(default_factory=dict)

    def draw_page(self, section: EvacuationSection, rows: Sequence[EvacuationRow], page: str) -> None:
        heading = " · ".join(filter(None, (self.labels.title, section.name)))
        self._write(heading, (0, 120), HEIGHT - 9 * MM, 13, bold=True)
        self._write(self.labels.as_of, (122, 60), HEIGHT - 9 * MM, 9, far=True)
        self._write(section.summary, (0, 182), HEIGHT - 16 * MM, 9, color=QUIET)
        for column, word in zip(COLUMNS[1:], self.labels.head, strict=True):
            self._write(word, column, TOP + 6 * MM, 7.5, bold=True, color=QUIET)
        self._draw_lines(len(rows))
        for place, row in enumerate(rows):
            self._draw_row(row, TOP - place * ROW)
        if not rows:
            self._write(self.labels.nobody, (0, 182), TOP - 3 * MM, 10, color=QUIET)
        self._write(self.expo, (0, 120), 11 * MM, 7.5, color=QUIET)
        self._write(page, (122, 60), 11 * MM, 7.5, color=QUIET, far=True)

    def _draw_lines(self, rows: int) -> None:
        """Draw the lines between rows and the boxes to tick, all at once."""
        box, side = self._place(COLUMNS[0]), 3.6 * MM
        left = box.right - side if self.is_mirrored else box.x
        lines, boxes = self.canvas.beginPath(), self.canvas.beginPath()
        for place in range(rows):
            top = TOP - place * ROW
            boxes.rect(left, top - (ROW + side) / 2, side, side)
            lines.moveTo(MARGIN, top - ROW)
            lines.lineTo(WIDTH - MARGIN, top - ROW)
        for path, color, width in ((boxes, INK, 0.8), (lines, RULE, 0.4)):
            self.canvas.setStrokeColor(color)
            self.canvas.setLineWidth(width)
            self.canvas.drawPath(path)
        self.canvas.setLineWidth(1)
        self.canvas.line(MARGIN, TOP, WIDTH - MARGIN, TOP)

    def _draw_row(self, row: EvacuationRow, top: float) -> None:
        text = top - 1.2 * MM
        # Not in bold, which would have to be kerned pair by pair: half of the time for the whole list.
        self._write(row.name, COLUMNS[1], text, 9.5)
        self._write(row.company, COLUMNS[2], text, 8, color=QUIET)
        self._write(row.code, COLUMNS[3], text, 8)
        self._write(row.entered, COLUMNS[4], text, 8)
        self._write(
            f"{row.seen} {row.note}".strip(), COLUMNS[5], text, 8, color=DOUBT if row.note else INK, bold=bool(row.note)
        )

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
        """Draw a text as one line that fits its column."""
        key = text, column, size, bold, color
        found = self.written.get(key)
        if found is None:
            found = self._set(text, column, size, bold=bold, color=color, far=far)
            if column in _SHARED:
                self.written[key] = found
        if found.after:
            self.canvas._code.append(  # noqa: SLF001 - as in documents/text/drawing.py
                f"{found.before} {found.x:.2f} {top - found.down:.2f} {found.after}"
            )

    def _set(
        self, text: str, column: tuple[float, float], size: float, *, bold: bool, color: Any, far: bool
    ) -> _Written:
        box = self._place(column)
        fitted = wrap_text(text, box.width, size, language=self.language, bold=bold, max_lines=1)
        if not fitted.lines:
            return _NOTHING
        line = fitted.lines[0]
        slack = box.width - line.width * size / 1000
        x = box.x + (slack if far != self.is_mirrored else 0)
        return _Written(x, fitted.leading - baseline_offset(fitted, line), *write_line(self.canvas, line, size, color))

    def _place(self, column: tuple[float, float]) -> Box:
        box = Box(MARGIN + column[0] * MM, 0, column[1] * MM, 0)
        return box.mirrored(WIDTH) if self.is_mirrored else box
