"""The pages of a printed programme, all planned before drawing so that each can show the total."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from expo.documents.schedule.covers import draw_cover, draw_personal_head
from expo.documents.schedule.days import ScheduleDay, ScheduleLabels, name_halls
from expo.documents.schedule.grids import GridPage, draw_grid, plan_grids
from expo.documents.schedule.lists import ListPage, draw_rows, list_rows, paginate_rows
from expo.documents.schedule.paper import (
    BODY,
    Style,
    color_tracks,
    draw_empty_note,
    draw_footer,
    draw_header,
    finish_paper,
    new_canvas,
)
from expo.pure.layout import MM


def render_schedule(
    title: str,
    subtitle: str,
    days: Sequence[ScheduleDay],
    language: str,
    labels: ScheduleLabels,
    generated_at: datetime,
) -> bytes:
    """Return the programme of an edition as a PDF: a cover, then each day by time and by room.

    `generated_at` is printed as given, in the edition's zone. The text can be searched and copied.
    """
    style = Style(title, language, labels, generated_at, color_tracks(days))
    pages = [page for day in days for page in _plan_day(day, style)]
    canvas, out = new_canvas(title, subtitle, style)
    draw_cover(canvas, style, subtitle, days, pages)
    canvas.showPage()
    for number, page in enumerate(pages, 2):
        _draw_page(canvas, page, style, number, len(pages) + 1)
        canvas.showPage()
    return finish_paper(canvas, out)


def render_personal_schedule(
    title: str,
    name: str,
    days: Sequence[ScheduleDay],
    language: str,
    labels: ScheduleLabels,
    generated_at: datetime,
) -> bytes:
    """Return one person's sessions as a PDF, day after day."""
    style = Style(title, language, labels, generated_at, color_tracks(days))
    rows = [row for day in days for row in list_rows(day, style, with_heading=True)]
    canvas, out = new_canvas(title, name, style)
    head = 46 * MM
    plans = paginate_rows(rows, BODY.height, first_page_room=BODY.height - head + 10 * MM)
    for number, plan in enumerate(plans or [()], 1):
        if number == 1:
            top = draw_personal_head(canvas, style, name)
            if not plan:
                draw_empty_note(canvas, style, top)
        else:
            draw_header(canvas, style, name, "")
            top = BODY.top
        draw_footer(canvas, style, number, max(len(plans), 1))
        draw_rows(canvas, plan, style, top)
        canvas.showPage()
    return finish_paper(canvas, out)


def _plan_day(day: ScheduleDay, style: Style) -> Iterator[ListPage | GridPage]:
    """Yield the pages of a day: the list, then the grid."""
    labels = style.labels
    marks: tuple[tuple[int, str], ...]
    rows = list_rows(day, style, with_heading=False)
    for number, part in enumerate(paginate_rows(rows, BODY.height) or [()]):
        marks = ((0, day.label), (1, labels.by_time)) if number == 0 else ()
        yield ListPage(day, name_halls([row.session for row in part]) or labels.by_time, part, marks)
    is_first = True
    for rooms, first, last in plan_grids(day):
        shown = [session for session in day.sessions if session.room in rooms]
        marks = ((1, labels.by_room),) if is_first else ()
        yield GridPage(day, name_halls(shown) or labels.by_room, rooms, first, last, marks)
        is_first = False


def _draw_page(canvas: Any, page: ListPage | GridPage, style: Style, number: int, count: int) -> None:
    canvas.bookmarkPage(f"page-{number}")
    for level, title in page.bookmarks:
        # ReportLab identifies an entry by the name of its target: two entries on one page need two names.
        canvas.bookmarkPage(f"page-{number}-{level}")
        canvas.addOutlineEntry(title, f"page-{number}-{level}", level, closed=level > 0)
    draw_header(canvas, style, page.day.label, page.header)
    draw_footer(canvas, style, number, count)
    if isinstance(page, GridPage):
        draw_grid(canvas, page, style)
    elif page.rows:
        draw_rows(canvas, page.rows, style, BODY.top)
    else:
        draw_empty_note(canvas, style, BODY.top)
