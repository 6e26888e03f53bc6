"""A day as a grid: rooms as columns, hours as rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from reportlab.lib.colors import HexColor

from expo.documents.schedule.days import ScheduleDay, ScheduleSession, list_rooms
from expo.documents.schedule.paper import BODY, INK, QUIET_INK, RULE, TEAL, Style, draw_rule
from expo.documents.text import draw_block, draw_line, fit_text, set_line, wrap_text
from expo.pure.layout import MM, Box, lanes, share_columns

GRID_GROUND = HexColor("#f8fafc")
_MAX_ROOMS = 6
_LONGEST = timedelta(hours=12)
_ROOM_HEAD = 9 * MM
_TIME_AXIS = 12 * MM
# A grid with fewer points per minute is unreadable, so the day continues on another page.
_MIN_SCALE = 0.72
_MIN_BOX = 6.0


@dataclass(frozen=True)
class GridPage:
    """One page of a day's grid: some of its rooms, for some of its hours."""

    day: ScheduleDay
    header: str
    rooms: tuple[str, ...]
    first: datetime
    last: datetime
    bookmarks: tuple[tuple[int, str], ...] = ()


def plan_grids(day: ScheduleDay) -> Iterator[tuple[tuple[str, ...], datetime, datetime]]:
    """Yield (rooms, first moment, last moment) for each page of a day's grid."""
    rooms = list_rooms(day)
    placed = [session for session in day.sessions if session.room]
    if not placed:
        return
    windows = _windows([(session.start, session.end) for session in placed])
    start = 0
    for count in share_columns(len(rooms), _MAX_ROOMS):
        part = rooms[start : start + count]
        start += count
        for first, last in windows:
            if any(one.room in part and one.start < last and one.end > first for one in placed):
                yield part, first, last


def _windows(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Split the day into parts that are readable on a page, at full hours."""
    first = min(start for start, _ in spans)
    first = first.replace(minute=0 if first.minute < 30 else 30, second=0, microsecond=0)  # noqa: PLR2004 - half hours
    # A session longer than half a day does not extend the grid: it is cut at the end.
    last = max(end if end - start <= _LONGEST else start + timedelta(hours=1) for start, end in spans)
    hours = max(1, -(-(last - first).total_seconds() // 3600))
    most = int((BODY.height - _ROOM_HEAD) / _MIN_SCALE / 60)
    parts = int(-(-hours // most))
    length = timedelta(hours=-(-hours // parts))
    cuts = [first + length * number for number in range(parts)] + [max(last, first + timedelta(hours=1))]
    return list(pairwise(cuts))


def draw_grid(canvas: Any, page: GridPage, style: Style) -> None:
    """Draw rooms as columns with the hours down the page."""
    ground = Box(BODY.x + _TIME_AXIS, BODY.y, BODY.width - _TIME_AXIS, BODY.height - _ROOM_HEAD)
    column = ground.width / len(page.rooms)
    minutes = (page.last - page.first).total_seconds() / 60
    scale = ground.height / minutes
    _draw_hours(canvas, page, style, ground, scale)
    for place, room in enumerate(page.rooms):
        head = style.place(Box(ground.x + place * column, ground.top, column, _ROOM_HEAD))
        name = fit_text(
            room, head.width - 4, _ROOM_HEAD - 2, (8.5, 5.5), language=style.language, bold=True, max_lines=2
        )
        draw_block(canvas, name, head.x + 2, head.y + name.height + 2, head.width - 4, INK, "center")
        _draw_column(canvas, page, style, room, Box(ground.x + place * column, ground.y, column, ground.height), scale)
    for place in range(len(page.rooms) + 1):
        edge = style.place(Box(ground.x + place * column, ground.y, 0, 0))
        _draw_upright(canvas, edge.x, ground.y, ground.top + _ROOM_HEAD)


def _draw_hours(canvas: Any, page: GridPage, style: Style, ground: Box, scale: float) -> None:
    moment = page.first
    while moment <= page.last:
        y = ground.top - (moment - page.first).total_seconds() / 60 * scale
        line = style.place(Box(ground.x - (2 if moment.minute == 0 else 0), y, ground.width + 2, 0))
        draw_rule(canvas, line.x, line.right, y, 0.6 if moment.minute == 0 else 0.25)
        if moment.minute == 0 or moment == page.first:
            label = set_line(f"{moment:%H:%M}", style.language)
            axis = style.place(Box(BODY.x, y, _TIME_AXIS - 4, 0))
            slack = 0.0 if style.mirrored else axis.width - label.width * 7.5 / 1000
            draw_line(canvas, label, axis.x + slack, y - 2.6, 7.5, QUIET_INK)
        moment += timedelta(minutes=30)


def _draw_column(canvas: Any, page: GridPage, style: Style, room: str, column: Box, scale: float) -> None:
    sessions = [
        session
        for session in page.day.sessions
        if session.room == room and session.start < page.last and session.end > page.first
    ]
    spans = [
        (
            max(0.0, (session.start - page.first).total_seconds() / 60),
            min((session.end - page.first).total_seconds() / 60, column.height / scale),
        )
        for session in sessions
    ]
    for session, (start, end), (lane, count) in zip(sessions, spans, lanes(spans), strict=True):
        width = column.width / count
        height = max((end - start) * scale, _MIN_BOX)
        box = Box(column.x + lane * width, column.top - start * scale - height, width, height)
        _draw_session(canvas, session, style, style.place(box))


def _draw_session(canvas: Any, session: ScheduleSession, style: Style, box: Box) -> None:
    color = style.tracks.get(session.track or "", TEAL)
    inner = Box(box.x + 0.8, box.y + 0.5, box.width - 1.6, box.height - 1)
    canvas.setFillColor(GRID_GROUND)
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.rect(inner.x, inner.y, inner.width, inner.height, stroke=1, fill=1)
    canvas.setFillColor(color)
    canvas.rect(inner.right - 1.8 if style.mirrored else inner.x, inner.y, 1.8, inner.height, stroke=0, fill=1)
    text = Box(inner.x + (1.5 if style.mirrored else 3.6), inner.y, inner.width - 5.1, inner.height - 1)
    largest = min(7.2, max(4.2, text.height * 0.72))
    lines = max(1, int(text.height / (largest * 1.2)))
    title = fit_text(
        session.title, text.width, text.height, (largest, min(largest, 5.2)), language=style.language, bold=True,
        max_lines=lines,
    )  # fmt: skip
    below = draw_block(canvas, title, text.x, text.top, text.width, INK, style.align)
    left = below - text.y
    if session.speakers and left > 7:  # noqa: PLR2004 - one line of the size below
        speakers = wrap_text(
            ", ".join(session.speakers), text.width, 5.6, language=style.language, max_lines=max(1, int(left / 8))
        )
        if speakers.height <= left:
            draw_block(canvas, speakers, text.x, below, text.width, QUIET_INK, style.align)


def _draw_upright(canvas: Any, x: float, low: float, high: float) -> None:
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(x, low, x, high)
