"""A sheet of A4 that is written from top to bottom, mirrored for right-to-left languages."""

from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import Color, HexColor

from expo.documents.text import draw_block, wrap_text
from expo.pure.languages import locale_of
from expo.pure.layout import A4, MM, Box

INK, QUIET, RULE = HexColor("#0f172a"), HexColor("#475569"), HexColor("#cbd5e1")
SERIES = (HexColor("#0f766e"), HexColor("#94a3b8"), HexColor("#b45309"), HexColor("#312e81"))
WIDTH, HEIGHT = A4
MARGIN = 16 * MM
INNER = WIDTH - 2 * MARGIN
TOP, BOTTOM = HEIGHT - 18 * MM, 20 * MM


@dataclass
class Paper:
    """A canvas and the height at which the next part begins; a part that does not fit begins a new page."""

    canvas: Any
    language: str
    y: float = TOP
    pages: int = 1

    @property
    def is_mirrored(self) -> bool:
        """Whether the sheet is read from right to left."""
        return locale_of(self.language).text_direction == "rtl"

    def reserve(self, height: float) -> bool:
        """Begin a new page if fewer than `height` points are left, and return whether that was needed."""
        if self.y - height >= BOTTOM:
            return False
        self.canvas.showPage()
        self.y = TOP
        self.pages += 1
        return True

    def place(self, left: float, width: float) -> Box:
        """Return a column, `left` points from where reading begins."""
        box = Box(MARGIN + left, 0, width, 0)
        return box.mirrored(WIDTH) if self.is_mirrored else box

    def write(
        self,
        text: str,
        top: float,
        size: float,
        *,
        left: float = 0,
        width: float = INNER,
        color: Color = INK,
        bold: bool = False,
        far: bool = False,
        centered: bool = False,
        lines: int = 1,
    ) -> float:
        """Write a text at a place of its own, at most `lines` lines of it, and return where it ends."""
        box = self.place(left, width)
        fitted = wrap_text(text, box.width, size, language=self.language, bold=bold, max_lines=lines)
        side = "right" if far != self.is_mirrored else "left"
        return draw_block(self.canvas, fitted, box.x, top, box.width, color, "center" if centered else side)

    def extra_height(self, text: str, size: float, width: float, *, lines: int) -> float:
        """Return how much higher than one line a text of at most `lines` lines is."""
        fitted = wrap_text(text, width, size, language=self.language, max_lines=lines)
        return fitted.leading * max(len(fitted.lines) - 1, 0)

    def write_on(self, text: str, size: float, *, color: Color = INK, bold: bool = False, lines: int = 6) -> None:
        """Write a text of the whole width below what is there."""
        self.y = self.write(text, self.y, size, color=color, bold=bold, lines=lines)

    def rule(self, y: float, width: float = 0.5) -> None:
        """Draw a line across the sheet."""
        self.canvas.setStrokeColor(RULE)
        self.canvas.setLineWidth(width)
        self.canvas.line(MARGIN, y, WIDTH - MARGIN, y)

    def fill(self, left: float, width: float, bottom: float, height: float, color: Color) -> None:
        """Fill a rectangle."""
        box = self.place(left, width)
        self.canvas.setFillColor(color)
        self.canvas.rect(box.x, bottom, box.width, height, stroke=0, fill=1)
