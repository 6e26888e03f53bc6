"""The badge: one A6 page, readable from two metres and by a scanner.

From top to bottom: the edition over the hills; the name, as large as it fits; company and country beside the QR code
(exactly 40 mm with its quiet zone) and the short code; and the band of the ticket type, distinguished by colour,
lightness, pattern and label, with the add-ons below its label.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from expo.documents.bands import BANDS, INK, BandColor
from expo.documents.motif import hill_operators
from expo.documents.qr import qr_operators
from expo.documents.streaming import StreamedPages
from expo.documents.text import Fitted, draw_block, fit_text, is_right_to_left
from expo.pure.layout import A6, MM, Box, badge_boxes

_QUIET_INK = HexColor("#334155")
_TEAL = HexColor("#0f766e")
_PAGES_AT_ONCE = 200
_PROGRESS_EVERY = 50
_NAME_GAP = 1.5
_BAND_GAP = 1.5
# How much of the band's height the add-ons may take.
_ADD_ONS_SHARE = 0.46
_BOXES = badge_boxes()


@dataclass(frozen=True)
class BadgeFace:
    """Everything printed on one badge, in its owner's language."""

    token_text: str
    short_code: str
    name: str
    latin_name: str | None
    company: str
    job_title: str
    country_name: str
    ticket_type_name: str
    band_color: BandColor
    language: str
    edition_title: str
    edition_dates: str
    role_line: str | None
    # As printed, with the number of units if it is more than one.
    add_ons: tuple[str, ...] = ()


def render_badge(face: BadgeFace) -> bytes:
    """Return one badge as a PDF of one A6 page, ready to print."""
    out = BytesIO()
    render_badges((face,), out, None)
    return out.getvalue()


def render_badges(faces: Iterable[BadgeFace], out: BinaryIO, progress: Callable[[int], None] | None) -> int:
    """Write a page for every face to `out` and return the number of pages.

    Pages are written as they are drawn, so memory use does not depend on their number. `progress` is called with the
    number done so far, every 50 badges and at the end. Characters that no typeface has are left out.
    Without faces nothing is written.
    """
    canvas: Canvas | None = None
    pages: StreamedPages | None = None
    count = 0
    for face in faces:
        if canvas is None or pages is None:
            canvas = _new_canvas(face)
            pages = StreamedPages(canvas, out)
        _draw_badge(canvas, face)
        canvas.showPage()
        count += 1
        if count % _PAGES_AT_ONCE == 0:
            pages.flush()
        if progress is not None and count % _PROGRESS_EVERY == 0:
            progress(count)
    if pages is not None:
        pages.close()
    if progress is not None and count % _PROGRESS_EVERY:
        progress(count)
    return count


# Without ASCII85 on top of the compression, which would make pages a quarter larger.
rl_config.useA85 = 0


def _new_canvas(face: BadgeFace) -> Canvas:
    canvas = Canvas(BytesIO(), pagesize=A6, pageCompression=1, lang=face.language, initialFontName="Helvetica")
    canvas.setTitle(face.edition_title)
    canvas.setAuthor(face.edition_title)
    canvas.setSubject(face.edition_dates)
    canvas.setCreator("Expo")
    canvas.beginForm("hills", 0, 0, *A6)
    head = _BOXES.head
    canvas._code.append(hill_operators(head, _TEAL, 0.8))  # noqa: SLF001 - whole operators, written at once
    canvas._code.append(f"q 1 g 0.8 G 0.5 w {_rounded(_BOXES.slot)} B Q")  # noqa: SLF001
    canvas.endForm()
    return canvas


def _rounded(box: Box) -> str:
    """Return the path of a box with round ends, the slot for the lanyard."""
    radius = box.height / 2
    bend = radius * 0.5523
    left, right = box.x + radius, box.right - radius
    return (
        f"{left:.2f} {box.y:.2f} m {right:.2f} {box.y:.2f} l "
        f"{right + bend:.2f} {box.y:.2f} {box.right:.2f} {box.y + radius - bend:.2f} "
        f"{box.right:.2f} {box.y + radius:.2f} c "
        f"{box.right:.2f} {box.y + radius + bend:.2f} {right + bend:.2f} {box.top:.2f} {right:.2f} {box.top:.2f} c "
        f"{left:.2f} {box.top:.2f} l "
        f"{left - bend:.2f} {box.top:.2f} {box.x:.2f} {box.y + radius + bend:.2f} {box.x:.2f} {box.y + radius:.2f} c "
        f"{box.x:.2f} {box.y + radius - bend:.2f} {left - bend:.2f} {box.y:.2f} {left:.2f} {box.y:.2f} c h"
    )


def _draw_badge(canvas: Any, face: BadgeFace) -> None:
    canvas.doForm("hills")
    _draw_edition(canvas, face)
    _draw_name(canvas, face)
    _draw_details(canvas, face)
    qr = _BOXES.qr
    canvas._code.append(qr_operators(face.token_text, qr.x, qr.y, qr.width))  # noqa: SLF001 - whole operators
    code = fit_text(face.short_code, _BOXES.short_code.width, _BOXES.short_code.height, (11, 7), bold=True, max_lines=1)
    draw_block(canvas, code, qr.x, _BOXES.short_code.top, qr.width, INK, "center")
    _draw_band(canvas, face)


def _draw_edition(canvas: Any, face: BadgeFace) -> None:
    box = _BOXES.edition
    title = _fit(
        face, face.edition_title, Box(box.x, box.y, box.width, box.height * 0.64), (13, 8), bold=True, max_lines=2
    )
    dates = _fit(face, face.edition_dates, Box(box.x, box.y, box.width, box.height * 0.36), (9.5, 7), max_lines=1)
    align = _align(face)
    top = box.y + box.height
    after_title = draw_block(canvas, title, box.x, top, box.width, INK, align)
    draw_block(canvas, dates, box.x, after_title, box.width, _QUIET_INK, align)


def _draw_name(canvas: Any, face: BadgeFace) -> None:
    """Draw the name and its Latin form, vertically centred in their box."""
    box = _BOXES.name
    align = "right" if is_right_to_left(face.name) else "left"
    latin = None
    if face.latin_name and face.latin_name != face.name:
        latin = _fit(face, face.latin_name, Box(0, 0, box.width, box.height * 0.36), (19, 9), max_lines=2)
    below = latin.height + _NAME_GAP if latin else 0
    name = _fit(face, face.name, Box(0, 0, box.width, box.height - below), (56, 9), bold=True, max_lines=4)
    top = box.top - (box.height - name.height - below) / 2
    after_name = draw_block(canvas, name, box.x, top, box.width, INK, align)
    if latin is not None:
        draw_block(canvas, latin, box.x, after_name - _NAME_GAP, box.width, _QUIET_INK, align)


def _draw_details(canvas: Any, face: BadgeFace) -> None:
    """Draw company, job title, role and country beside the QR code."""
    box = _BOXES.details
    align = _align(face)
    country = _fit(face, face.country_name, Box(0, 0, box.width, box.height * 0.2), (12.5, 8), bold=True, max_lines=2)
    role = _fit(face, face.role_line or "", Box(0, 0, box.width, box.height * 0.16), (10, 7), max_lines=2)
    company = _fit(face, face.company, Box(0, 0, box.width, box.height * 0.4), (16, 9.5), bold=True, max_lines=4)
    job = _fit(face, face.job_title, Box(0, 0, box.width, box.height * 0.24), (11, 8), max_lines=3)
    below = draw_block(canvas, company, box.x, box.top, box.width, INK, align)
    draw_block(canvas, job, box.x, below, box.width, _QUIET_INK, align)
    upwards = box.y + country.height
    draw_block(canvas, country, box.x, upwards, box.width, _TEAL, align)
    draw_block(canvas, role, box.x, upwards + role.height, box.width, _QUIET_INK, align)


def _draw_band(canvas: Any, face: BadgeFace) -> None:
    """Draw the ticket type's band across the whole width of the page."""
    if not canvas.hasForm(f"band-{face.band_color}"):
        _add_band_form(canvas, face.band_color)
    canvas.doForm(f"band-{face.band_color}")
    box, color, align = _BOXES.band_word, BANDS[face.band_color].word, _align(face)
    if face.add_ons:
        # Two lines each for the ticket and the add-ons need nearly the whole height of the band.
        box = Box(box.x, box.y - MM, box.width, box.height + 2 * MM)
    add_ons = _fit_add_ons(face, Box(0, 0, box.width, box.height * _ADD_ONS_SHARE)) if face.add_ons else None
    below = add_ons.height + _BAND_GAP if add_ons else 0
    word = _fit(face, face.ticket_type_name, Box(0, 0, box.width, box.height - below), (27, 9), bold=True, max_lines=2)
    top = box.top - (box.height - word.height - below) / 2
    after_word = draw_block(canvas, word, box.x, top, box.width, color, align)
    if add_ons is not None:
        draw_block(canvas, add_ons, box.x, after_word - _BAND_GAP, box.width, color, align)


def _fit_add_ons(face: BadgeFace, box: Box) -> Fitted:
    """Fit the add-ons into two lines. Those for which there is no room are counted: "Dinner · +2"."""
    for shown in range(len(face.add_ons), 0, -1):
        rest = len(face.add_ons) - shown
        words = [*face.add_ons[:shown], *([f"+{rest}"] if rest else [])]
        fitted = _fit(face, " · ".join(words), box, (11, 7), bold=True, max_lines=2)
        if not fitted.cut:
            return fitted
    # Not even one name fits: the count comes first, because the end is cut.
    return _fit(face, f"{len(face.add_ons)}: {face.add_ons[0]}", box, (11, 7), bold=True, max_lines=2)


def _add_band_form(canvas: Any, color: str) -> None:
    band = BANDS[color]
    ground, word = (f"{c.red:.3f} {c.green:.3f} {c.blue:.3f}" for c in (band.ground, band.word))
    whole, part = _BOXES.band, _BOXES.band_pattern
    canvas.beginForm(f"band-{color}", 0, 0, *A6)
    canvas._code.append(  # noqa: SLF001 - whole operators, written at once
        f"q {ground} rg {whole.x:.2f} {whole.y:.2f} {whole.width:.2f} {whole.height:.2f} re f "
        f"{part.x:.2f} {part.y:.2f} {part.width:.2f} {part.height:.2f} re W n "
        f"{word} rg {word} RG {band.pattern(part)} Q"
    )
    canvas.endForm()


def _fit(
    face: BadgeFace, text: str, box: Box, sizes: tuple[float, float], *, bold: bool = False, max_lines: int
) -> Fitted:
    return fit_text(text, box.width, box.height, sizes, language=face.language, bold=bold, max_lines=max_lines)


def _align(face: BadgeFace) -> str:
    """Return the side on which this badge's texts begin."""
    return "right" if is_right_to_left(face.edition_title) else "left"
