"""Sessions listed by time: rows are typeset and measured, paginated, and drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from expo.documents.schedule.days import ScheduleDay, ScheduleSession, list_rooms
from expo.documents.schedule.paper import BODY, INK, QUIET_INK, TEAL, Style, draw_rule
from expo.documents.text import Fitted, draw_block
from expo.pure.layout import MM, Block, Box, paginate

_TIME_COLUMN = 17 * MM
_ROOM_COLUMN = 36 * MM
_GUTTER = 4 * MM
_TITLE_COLUMN = BODY.width - _TIME_COLUMN - _ROOM_COLUMN - 2 * _GUTTER
_ROW_PADDING = 3.2


@dataclass(frozen=True)
class ListRow:
    """A session in a list, typeset and measured."""

    session: ScheduleSession
    title: Fitted
    speakers: Fitted
    tags: Fitted
    room: Fitted
    # The day's date above its first row, if several days share a page.
    heading: Fitted | None

    @property
    def height(self) -> float:
        """The height of the row with its heading."""
        text = self.title.height + self.speakers.height + self.tags.height
        return max(text, self.room.height, 14) + 2 * _ROW_PADDING + self.heading_height

    @property
    def heading_height(self) -> float:
        """The height of the day's date above the row; 0 without one."""
        return self.heading.height + 14 if self.heading else 0.0


@dataclass(frozen=True)
class ListPage:
    """One page of a day's list."""

    day: ScheduleDay
    header: str
    rows: tuple[ListRow, ...]
    # The target of an outline entry, with its level and title.
    bookmarks: tuple[tuple[int, str], ...] = ()


def list_rows(day: ScheduleDay, style: Style, *, with_heading: bool) -> list[ListRow]:
    """Return a day's sessions as rows by time and room; the first may have the day's date above it."""
    order = {room: place for place, room in enumerate(list_rooms(day))}
    # By moments: when clocks go back, the times of an hour come twice.
    sessions = sorted(
        day.sessions,
        key=lambda one: (one.start.timestamp(), order.get(one.room or "", -1), one.end.timestamp(), one.title),
    )
    return [
        _set_row(session, style, heading=day.label if with_heading and place == 0 else None)
        for place, session in enumerate(sessions)
    ]


def _set_row(session: ScheduleSession, style: Style, *, heading: str | None) -> ListRow:
    width = _TITLE_COLUMN
    tags = (_times(session), session.track, session.kind, session.language)
    room = session.room or ""
    if session.hall and session.hall not in room:
        room = f"{room} · {session.hall}" if room else session.hall
    return ListRow(
        session=session,
        title=style.wrap(session.title, width, 9.5, bold=True, max_lines=4),
        speakers=style.wrap(", ".join(session.speakers), width, 8, max_lines=3),
        tags=style.wrap("  ·  ".join(tag for tag in tags if tag), width, 7, max_lines=2),
        room=style.wrap(room, _ROOM_COLUMN, 8, max_lines=3),
        heading=style.wrap(heading, BODY.width, 14, bold=True) if heading else None,
    )


def _times(session: ScheduleSession) -> str:
    later = (session.end.date() - session.start.date()).days
    return f"{session.start:%H:%M}–{session.end:%H:%M}" + (f" +{later}" if later else "")


def paginate_rows(
    rows: Sequence[ListRow], room: float, first_page_room: float | None = None
) -> list[tuple[ListRow, ...]]:
    """Return the rows of each page; rows that start at the same time stay together."""
    blocks = []
    group = 0
    for place, row in enumerate(rows):
        if place and row.session.start != rows[place - 1].session.start:
            group += 1
        blocks.append(Block(row.height, group))
    if first_page_room is not None and blocks:
        first = paginate(blocks, first_page_room)[0]
        rest = paginate(blocks[first.stop :], room)
        ranges = [first, *(range(part.start + first.stop, part.stop + first.stop) for part in rest)]
    else:
        ranges = paginate(blocks, room)
    return [tuple(rows[place] for place in part) for part in ranges]


def draw_rows(canvas: Any, rows: Sequence[ListRow], style: Style, top: float) -> None:
    """Draw rows downwards from `top`, each start time only once."""
    previous: datetime | None = None
    for row in rows:
        if row.heading is not None:
            draw_block(canvas, row.heading, BODY.x, top - 8, BODY.width, INK, style.align)
            top -= row.heading_height
            previous = None
        begins = row.session.start != previous
        _draw_row(canvas, row, style, top, begins=begins)
        previous = row.session.start
        top -= row.height - row.heading_height


def _draw_row(canvas: Any, row: ListRow, style: Style, top: float, *, begins: bool) -> None:
    time = style.place(Box(BODY.x, 0, _TIME_COLUMN, 0))
    room = style.place(Box(BODY.x + _TIME_COLUMN, 0, _ROOM_COLUMN, 0))
    text = style.place(Box(BODY.x + _TIME_COLUMN + _ROOM_COLUMN + 2 * _GUTTER, 0, _TITLE_COLUMN, 0))
    bar = style.place(Box(BODY.x + _TIME_COLUMN + _ROOM_COLUMN + _GUTTER, 0, 2, 0))
    rule = style.place(
        Box(BODY.x + (0 if begins else _TIME_COLUMN), 0, BODY.width - (0 if begins else _TIME_COLUMN), 0)
    )
    draw_rule(canvas, rule.x, rule.right, top, 0.6 if begins else 0.4)
    inner = top - _ROW_PADDING
    if begins:
        start = style.wrap(f"{row.session.start:%H:%M}", time.width, 10.5, bold=True)
        draw_block(canvas, start, time.x, inner, time.width, TEAL, style.align)
    draw_block(canvas, row.room, room.x, inner, room.width, QUIET_INK, style.align)
    color = style.tracks.get(row.session.track or "")
    if color is not None:
        canvas.setFillColor(color)
        height = row.height - row.heading_height - 2 * _ROW_PADDING
        canvas.rect(bar.x, inner - height + 1, 2, height - 2, stroke=0, fill=1)
    below = draw_block(canvas, row.title, text.x, inner, text.width, INK, style.align)
    below = draw_block(canvas, row.speakers, text.x, below, text.width, INK, style.align)
    draw_block(canvas, row.tags, text.x, below, text.width, QUIET_INK, style.align)
