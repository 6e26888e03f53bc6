"""The cover of a printed programme, and the head of a personal one."""

from collections.abc import Sequence
from typing import Any

from expo.documents.motif import draw_hills
from expo.documents.schedule.days import ScheduleDay
from expo.documents.schedule.grids import GridPage
from expo.documents.schedule.lists import ListPage
from expo.documents.schedule.paper import BODY, HEIGHT, INK, QUIET_INK, TEAL, WIDTH, Style, draw_rule
from expo.documents.text import draw_block, fit_text
from expo.pure.layout import MM, Box


def draw_cover(
    canvas: Any, style: Style, subtitle: str, days: Sequence[ScheduleDay], pages: Sequence[ListPage | GridPage]
) -> None:
    """Draw the first page: the title, each day with its page number, and the time of printing."""
    hills = Box(0, 0, WIDTH, 78 * MM)
    draw_hills(canvas, hills, TEAL, 1.0)
    canvas.setFillColor(TEAL)
    canvas.rect(0, HEIGHT - 6 * MM, WIDTH, 6 * MM, stroke=0, fill=1)
    box = Box(22 * MM, 0, WIDTH - 44 * MM, 0)
    top = HEIGHT - 44 * MM
    kicker = fit_text(style.labels.programme, box.width, 30, (16, 10), language=style.language, bold=True, max_lines=1)
    top = draw_block(canvas, kicker, box.x, top, box.width, TEAL, style.align) - 3 * MM
    name = fit_text(title := style.title, box.width, 60 * MM, (39, 16), language=style.language, bold=True, max_lines=4)
    top = draw_block(canvas, name, box.x, top, box.width, INK, style.align) - 3 * MM
    below = fit_text(subtitle, box.width, 24 * MM, (16, 9), language=style.language, max_lines=3)
    top = draw_block(canvas, below, box.x, top, box.width, QUIET_INK, style.align) - 14 * MM
    _draw_contents(canvas, style, days, pages, Box(box.x, hills.top + 14 * MM, box.width, top - hills.top - 14 * MM))
    # Isolated, so that an Arabic sentence does not reorder the date.
    moment = style.labels.as_of.format(moment=f"\u2066{style.generated_at:%Y-%m-%d %H:%M}\u2069")
    note = style.wrap(moment, box.width, 9, max_lines=1)
    draw_block(canvas, note, box.x, hills.top + 10 * MM, box.width, QUIET_INK, style.align)
    canvas.bookmarkPage("cover")
    canvas.addOutlineEntry(title, "cover", 0, closed=False)


def _draw_contents(
    canvas: Any, style: Style, days: Sequence[ScheduleDay], pages: Sequence[ListPage | GridPage], box: Box
) -> None:
    """Draw a linked line for each day with its first page."""
    if not days:
        return
    height = min(24.0, box.height / len(days))
    size = min(12.0, height * 0.55)
    for place, day in enumerate(days):
        row = Box(box.x, box.top - (place + 1) * height, box.width, height)
        number = next(at for at, page in enumerate(pages, 2) if page.day is day)
        draw_rule(canvas, row.x, row.right, row.y, 0.5)
        label = style.wrap(day.label, row.width - 20 * MM, size, bold=True, max_lines=1)
        page = style.wrap(str(number), 18 * MM, size, max_lines=1)
        label_box = style.place(Box(row.x, row.y, row.width - 20 * MM, height))
        page_box = style.place(Box(row.right - 18 * MM, row.y, 18 * MM, height))
        top = row.y + (height + label.height) / 2
        draw_block(canvas, label, label_box.x, top, label_box.width, INK, style.align)
        draw_block(canvas, page, page_box.x, top, page_box.width, QUIET_INK, style.far)
        canvas.linkRect("", f"page-{number}", (row.x, row.y, row.right, row.top), relative=1, thickness=0)


def draw_personal_head(canvas: Any, style: Style, name: str) -> float:
    """Draw the head of a personal programme and return the position where its rows begin."""
    draw_hills(canvas, Box(0, HEIGHT - 26 * MM, WIDTH, 26 * MM), TEAL, 0.7)
    top = HEIGHT - 29 * MM
    kicker = style.wrap(f"{style.title} · {style.labels.programme}", BODY.width, 9, max_lines=1)
    top = draw_block(canvas, kicker, BODY.x, top, BODY.width, TEAL, style.align)
    who = fit_text(name, BODY.width, 14 * MM, (25, 12), language=style.language, bold=True, max_lines=1)
    return draw_block(canvas, who, BODY.x, top, BODY.width, INK, style.align) - 2 * MM
