"""Shared parts of every page of a printed programme: dimensions, colours, header and footer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from expo.documents.schedule.days import ScheduleDay, ScheduleLabels
from expo.documents.text import Fitted, draw_block, fit_text, wrap_text
from expo.documents.typefaces import fonts_lock
from expo.pure.layout import A4, MM, Box

INK = HexColor("#0f172a")
QUIET_INK = HexColor("#475569")
TEAL = HexColor("#0f766e")
RULE = HexColor("#e2e8f0")
TRACK_COLORS = tuple(
    HexColor(code) for code in ("#0f766e", "#4338ca", "#b45309", "#b91c1c", "#15803d", "#0284c7", "#7e22ce", "#334155")
)
_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "ug", "yi", "dv", "ps")
WIDTH, HEIGHT = A4
MARGIN = 15 * MM
BODY = Box(MARGIN, 17 * MM, WIDTH - 2 * MARGIN, HEIGHT - 17 * MM - 25 * MM)


@dataclass(frozen=True)
class Style:
    """The style shared by all pages of one document."""

    title: str
    language: str
    labels: ScheduleLabels
    generated_at: datetime
    tracks: dict[str, Color]

    @property
    def mirrored(self) -> bool:
        """Whether the language is read from right to left."""
        return self.language.lower().replace("_", "-").split("-")[0] in _RIGHT_TO_LEFT

    @property
    def align(self) -> str:
        """The side on which text begins."""
        return "right" if self.mirrored else "left"

    @property
    def far(self) -> str:
        """The side on which text ends."""
        return "left" if self.mirrored else "right"

    def place(self, box: Box) -> Box:
        """Return a box in page coordinates, mirrored for right-to-left languages."""
        return box.mirrored(WIDTH) if self.mirrored else box

    def wrap(self, text: str, width: float, size: float, *, bold: bool = False, max_lines: int | None = None) -> Fitted:
        """Return a text wrapped at one size in the document's language."""
        return wrap_text(text, width, size, language=self.language, bold=bold, max_lines=max_lines)


def new_canvas(title: str, subject: str, style: Style) -> tuple[Any, BytesIO]:
    """Return a canvas with the document's title and language, and the buffer it writes to."""
    out = BytesIO()
    # Invariant: the same programme gives the same bytes.
    canvas = Canvas(out, pagesize=A4, pageCompression=1, lang=style.language, invariant=1)
    canvas.setTitle(f"{title} · {style.labels.programme}")
    canvas.setAuthor(title)
    canvas.setSubject(subject)
    canvas.setCreator("Expo")
    return canvas, out


def finish_paper(canvas: Any, out: BytesIO) -> bytes:
    """Finish the document and return its bytes."""
    with fonts_lock:
        canvas.save()
    return out.getvalue()


def color_tracks(days: Sequence[ScheduleDay]) -> dict[str, Color]:
    """Return a colour for each track, the same on every page."""
    names = sorted({session.track for day in days for session in day.sessions if session.track})
    return {name: TRACK_COLORS[place % len(TRACK_COLORS)] for place, name in enumerate(names)}


def draw_header(canvas: Any, style: Style, left: str, right: str) -> None:
    """Draw a page header: the day at the start, the hall at the end."""
    top = HEIGHT - 11 * MM
    near = style.place(Box(MARGIN, 0, BODY.width * 0.62, 0))
    far = style.place(Box(MARGIN + BODY.width * 0.64, 0, BODY.width * 0.36, 0))
    day = fit_text(left, near.width, 18, (13, 8), language=style.language, bold=True, max_lines=1)
    hall = fit_text(right, far.width, 18, (10, 7), language=style.language, max_lines=1)
    draw_block(canvas, day, near.x, top, near.width, INK, style.align)
    draw_block(canvas, hall, far.x, top - max(0, day.height - hall.height) / 2, far.width, QUIET_INK, style.far)
    draw_rule(canvas, MARGIN, WIDTH - MARGIN, HEIGHT - 20 * MM, 1.2, TEAL)


def draw_footer(canvas: Any, style: Style, number: int, count: int) -> None:
    """Draw a page footer: the title and the page number."""
    near = style.place(Box(MARGIN, 0, BODY.width * 0.7, 0))
    far = style.place(Box(MARGIN + BODY.width * 0.72, 0, BODY.width * 0.28, 0))
    title = fit_text(style.title, near.width, 14, (8, 6), language=style.language, max_lines=1)
    page = style.wrap(style.labels.page.format(page=number, pages=count), far.width, 8, max_lines=1)
    draw_rule(canvas, MARGIN, WIDTH - MARGIN, 14 * MM, 0.5)
    draw_block(canvas, title, near.x, 13 * MM, near.width, QUIET_INK, style.align)
    draw_block(canvas, page, far.x, 13 * MM, far.width, QUIET_INK, style.far)


def draw_empty_note(canvas: Any, style: Style, top: float) -> None:
    """Draw the note for an empty programme."""
    note = style.wrap(style.labels.nothing, BODY.width, 11)
    draw_block(canvas, note, BODY.x, top - 8 * MM, BODY.width, QUIET_INK, style.align)


def draw_rule(canvas: Any, left: float, right: float, y: float, width: float, color: Color = RULE) -> None:
    """Draw a horizontal line."""
    canvas.setStrokeColor(color)
    canvas.setLineWidth(width)
    canvas.line(left, y, right, y)
