"""The programme on paper: a cover, a list of every day by time, and a grid of every day by room.

Pages are planned first and drawn afterwards, so every page knows how many there are. In a language that is read from
right to left the whole page is mirrored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from expo.documents.motif import draw_hills
from expo.documents.text import Fitted, draw_block, draw_line, fit_text, set_line, wrap_text
from expo.documents.typefaces import fonts_lock
from expo.pure.layout import A4, MM, Block, Box, lanes, paginate, share_columns

_INK = HexColor("#0f172a")
_QUIET_INK = HexColor("#475569")
_TEAL = HexColor("#0f766e")
_RULE = HexColor("#e2e8f0")
_GRID_GROUND = HexColor("#f8fafc")
_TRACK_COLORS = tuple(
    HexColor(code) for code in ("#0f766e", "#4338ca", "#b45309", "#b91c1c", "#15803d", "#0284c7", "#7e22ce", "#334155")
)
_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "ug", "yi", "dv", "ps")

_WIDTH, _HEIGHT = A4
_MARGIN = 15 * MM
_BODY = Box(_MARGIN, 17 * MM, _WIDTH - 2 * _MARGIN, _HEIGHT - 17 * MM - 25 * MM)
_TIME_COLUMN = 17 * MM
_ROOM_COLUMN = 36 * MM
_GUTTER = 4 * MM
_TITLE_COLUMN = _BODY.width - _TIME_COLUMN - _ROOM_COLUMN - 2 * _GUTTER
_ROW_PADDING = 3.2
_MOST_ROOMS = 6
_LONGEST = timedelta(hours=12)
_ROOM_HEAD = 9 * MM
_TIME_AXIS = 12 * MM
# Below this many points a minute a grid cannot be read, so the day goes on to another page.
_LEAST_SCALE = 0.72
_LEAST_BOX = 6.0


@dataclass(frozen=True)
class ScheduleSession:
    """One session, its times already in the edition's zone."""

    start: datetime
    end: datetime
    room: str | None
    hall: str | None
    title: str
    speakers: tuple[str, ...]
    track: str | None
    language: str | None
    kind: str | None


@dataclass(frozen=True)
class ScheduleDay:
    """One day under its written date. `rooms` gives their order; rooms left out follow by name."""

    label: str
    sessions: tuple[ScheduleSession, ...]
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScheduleLabels:
    """The words of the paper in its language. `page` has {page} and {pages}, `as_of` has {moment}."""

    programme: str = "Schedule"
    by_time: str = "By time"
    by_room: str = "By room"
    page: str = "Page {page} of {pages}"
    as_of: str = "As of {moment}"
    nothing: str = "Nothing is planned for this day yet."


@dataclass(frozen=True)
class _Row:
    """A session as it will stand in a list, set and measured."""

    session: ScheduleSession
    title: Fitted
    speakers: Fitted
    tags: Fitted
    room: Fitted
    # A day's date above its first row, where several days share a page.
    heading: Fitted | None

    @property
    def height(self) -> float:
        text = self.title.height + self.speakers.height + self.tags.height
        return max(text, self.room.height, 14) + 2 * _ROW_PADDING + self.heading_height

    @property
    def heading_height(self) -> float:
        return self.heading.height + 14 if self.heading else 0.0


@dataclass(frozen=True)
class _ListPage:
    day: ScheduleDay
    header: str
    rows: tuple[_Row, ...]
    # Where an entry of the outline points, with its level and title.
    bookmarks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class _GridPage:
    day: ScheduleDay
    header: str
    rooms: tuple[str, ...]
    first: datetime
    last: datetime
    bookmarks: tuple[tuple[int, str], ...] = ()


_Page = _ListPage | _GridPage


@dataclass(frozen=True)
class _Style:
    """What every page of one paper shares."""

    title: str
    language: str
    labels: ScheduleLabels
    generated_at: datetime
    tracks: dict[str, Color]

    @property
    def mirrored(self) -> bool:
        return self.language.lower().replace("_", "-").split("-")[0] in _RIGHT_TO_LEFT

    @property
    def align(self) -> str:
        return "right" if self.mirrored else "left"

    @property
    def far(self) -> str:
        return "left" if self.mirrored else "right"

    def place(self, box: Box) -> Box:
        """Return where a box stands on this paper."""
        return box.mirrored(_WIDTH) if self.mirrored else box

    def wrap(self, text: str, width: float, size: float, *, bold: bool = False, max_lines: int | None = None) -> Fitted:
        return wrap_text(text, width, size, language=self.language, bold=bold, max_lines=max_lines)


def render_schedule(
    title: str,
    subtitle: str,
    days: Sequence[ScheduleDay],
    language: str,
    labels: ScheduleLabels,
    generated_at: datetime,
) -> bytes:
    """Return the programme of an edition as a PDF: cover, then each day by time and by room.

    `generated_at` is printed as it is given, in the edition's zone. Text can be searched and copied.
    """
    style = _Style(title, language, labels, generated_at, _colors_of_tracks(days))
    pages = [page for day in days for page in _plan_day(day, style)]
    canvas, out = _new_canvas(title, subtitle, style)
    _draw_cover(canvas, style, subtitle, days, pages)
    canvas.showPage()
    for number, page in enumerate(pages, 2):
        _draw_page(canvas, page, style, number, len(pages) + 1)
        canvas.showPage()
    return _finish(canvas, out)


def render_personal_schedule(
    title: str,
    name: str,
    days: Sequence[ScheduleDay],
    language: str,
    labels: ScheduleLabels,
    generated_at: datetime,
) -> bytes:
    """Return one person's own sessions as a PDF, the days one after the other."""
    style = _Style(title, language, labels, generated_at, _colors_of_tracks(days))
    rows = [row for day in days for row in _rows_of(day, style, with_heading=True)]
    canvas, out = _new_canvas(title, name, style)
    head = 46 * MM
    plans = _pages_of_rows(rows, _BODY.height, first_page_room=_BODY.height - head + 10 * MM)
    for number, plan in enumerate(plans or [()], 1):
        if number == 1:
            top = _draw_personal_head(canvas, style, name)
            if not plan:
                _draw_nothing(canvas, style, top)
        else:
            _draw_header(canvas, style, name, "")
            top = _BODY.top
        _draw_footer(canvas, style, number, max(len(plans), 1))
        _draw_rows(canvas, plan, style, top)
        canvas.showPage()
    return _finish(canvas, out)


def _new_canvas(title: str, subject: str, style: _Style) -> tuple[Any, BytesIO]:
    out = BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1, lang=style.language)
    canvas.setTitle(f"{title} · {style.labels.programme}")
    canvas.setAuthor(title)
    canvas.setSubject(subject)
    canvas.setCreator("Expo")
    return canvas, out


def _finish(canvas: Any, out: BytesIO) -> bytes:
    with fonts_lock:
        canvas.save()
    return out.getvalue()


def _colors_of_tracks(days: Sequence[ScheduleDay]) -> dict[str, Color]:
    names = sorted({session.track for day in days for session in day.sessions if session.track})
    return {name: _TRACK_COLORS[place % len(_TRACK_COLORS)] for place, name in enumerate(names)}


# Planning


def _plan_day(day: ScheduleDay, style: _Style) -> Iterator[_Page]:
    """Yield the pages of a day: the list, then the grid."""
    labels = style.labels
    marks: tuple[tuple[int, str], ...]
    rows = _rows_of(day, style, with_heading=False)
    for number, part in enumerate(_pages_of_rows(rows, _BODY.height) or [()]):
        marks = ((0, day.label), (1, labels.by_time)) if number == 0 else ()
        yield _ListPage(day, _halls_of([row.session for row in part]) or labels.by_time, part, marks)
    is_first = True
    for rooms, first, last in _grids_of(day):
        shown = [session for session in day.sessions if session.room in rooms]
        marks = ((1, labels.by_room),) if is_first else ()
        yield _GridPage(day, _halls_of(shown) or labels.by_room, rooms, first, last, marks)
        is_first = False


def _halls_of(sessions: Sequence[ScheduleSession]) -> str:
    """Return the hall of a page where all its sessions are in one or two halls, else nothing."""
    halls = list(dict.fromkeys(session.hall for session in sessions if session.hall))
    return " · ".join(halls) if 0 < len(halls) <= 2 else ""  # noqa: PLR2004 - a header has no place for more


def _rows_of(day: ScheduleDay, style: _Style, *, with_heading: bool) -> list[_Row]:
    order = {room: place for place, room in enumerate(_rooms_of(day))}
    sessions = sorted(day.sessions, key=lambda one: (one.start, order.get(one.room or "", -1), one.end, one.title))
    return [
        _set_row(session, style, heading=day.label if with_heading and place == 0 else None)
        for place, session in enumerate(sessions)
    ]


def _set_row(session: ScheduleSession, style: _Style, *, heading: str | None) -> _Row:
    width = _TITLE_COLUMN
    tags = (_times(session), session.track, session.kind, session.language)
    room = session.room or ""
    if session.hall and session.hall not in room:
        room = f"{room} · {session.hall}" if room else session.hall
    return _Row(
        session=session,
        title=style.wrap(session.title, width, 9.5, bold=True, max_lines=4),
        speakers=style.wrap(", ".join(session.speakers), width, 8, max_lines=3),
        tags=style.wrap("  ·  ".join(tag for tag in tags if tag), width, 7, max_lines=2),
        room=style.wrap(room, _ROOM_COLUMN, 8, max_lines=3),
        heading=style.wrap(heading, _BODY.width, 14, bold=True) if heading else None,
    )


def _times(session: ScheduleSession) -> str:
    later = (session.end.date() - session.start.date()).days
    return f"{session.start:%H:%M}–{session.end:%H:%M}" + (f" +{later}" if later else "")


def _pages_of_rows(rows: Sequence[_Row], room: float, first_page_room: float | None = None) -> list[tuple[_Row, ...]]:
    """Return the rows of each page; rows that begin at the same moment stay in company."""
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


def _rooms_of(day: ScheduleDay) -> tuple[str, ...]:
    used = {session.room for session in day.sessions if session.room}
    known = [room for room in day.rooms if room in used]
    return (*known, *sorted(used - set(known)))


def _grids_of(day: ScheduleDay) -> Iterator[tuple[tuple[str, ...], datetime, datetime]]:
    """Yield (rooms, first moment, last moment) for each page of a day's grid."""
    rooms = _rooms_of(day)
    placed = [session for session in day.sessions if session.room]
    if not placed:
        return
    windows = _windows([(session.start, session.end) for session in placed])
    start = 0
    for count in share_columns(len(rooms), _MOST_ROOMS):
        part = rooms[start : start + count]
        start += count
        for first, last in windows:
            if any(one.room in part and one.start < last and one.end > first for one in placed):
                yield part, first, last


def _windows(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Return the day's length in parts that can be read on a page, cut at full hours."""
    first = min(start for start, _ in spans)
    first = first.replace(minute=0 if first.minute < 30 else 30, second=0, microsecond=0)  # noqa: PLR2004 - half hours
    # What runs longer than half a day does not stretch the grid: it goes on to the end of it.
    last = max(end if end - start <= _LONGEST else start + timedelta(hours=1) for start, end in spans)
    hours = max(1, -(-(last - first).total_seconds() // 3600))
    most = int((_BODY.height - _ROOM_HEAD) / _LEAST_SCALE / 60)
    parts = int(-(-hours // most))
    length = timedelta(hours=-(-hours // parts))
    cuts = [first + length * number for number in range(parts)] + [max(last, first + timedelta(hours=1))]
    return list(pairwise(cuts))


# Drawing


def _draw_cover(canvas: Any, style: _Style, subtitle: str, days: Sequence[ScheduleDay], pages: Sequence[_Page]) -> None:
    hills = Box(0, 0, _WIDTH, 78 * MM)
    draw_hills(canvas, hills, _TEAL, 1.0)
    canvas.setFillColor(_TEAL)
    canvas.rect(0, _HEIGHT - 6 * MM, _WIDTH, 6 * MM, stroke=0, fill=1)
    box = Box(22 * MM, 0, _WIDTH - 44 * MM, 0)
    top = _HEIGHT - 44 * MM
    kicker = fit_text(style.labels.programme, box.width, 30, (16, 10), language=style.language, bold=True, max_lines=1)
    top = draw_block(canvas, kicker, box.x, top, box.width, _TEAL, style.align) - 3 * MM
    name = fit_text(title := style.title, box.width, 60 * MM, (39, 16), language=style.language, bold=True, max_lines=4)
    top = draw_block(canvas, name, box.x, top, box.width, _INK, style.align) - 3 * MM
    below = fit_text(subtitle, box.width, 24 * MM, (16, 9), language=style.language, max_lines=3)
    top = draw_block(canvas, below, box.x, top, box.width, _QUIET_INK, style.align) - 14 * MM
    _draw_contents(canvas, style, days, pages, Box(box.x, hills.top + 14 * MM, box.width, top - hills.top - 14 * MM))
    # Isolated, so that an Arabic sentence does not turn the date around.
    moment = style.labels.as_of.format(moment=f"\u2066{style.generated_at:%Y-%m-%d %H:%M}\u2069")
    note = style.wrap(moment, box.width, 9, max_lines=1)
    draw_block(canvas, note, box.x, hills.top + 10 * MM, box.width, _QUIET_INK, style.align)
    canvas.bookmarkPage("cover")
    canvas.addOutlineEntry(title, "cover", 0, closed=False)


def _draw_contents(canvas: Any, style: _Style, days: Sequence[ScheduleDay], pages: Sequence[_Page], box: Box) -> None:
    """Draw a line for each day with the page it begins on, each a link."""
    if not days:
        return
    height = min(24.0, box.height / len(days))
    size = min(12.0, height * 0.55)
    for place, day in enumerate(days):
        row = Box(box.x, box.top - (place + 1) * height, box.width, height)
        number = next(at for at, page in enumerate(pages, 2) if page.day is day)
        _rule(canvas, row.x, row.right, row.y, 0.5)
        label = style.wrap(day.label, row.width - 20 * MM, size, bold=True, max_lines=1)
        page = style.wrap(str(number), 18 * MM, size, max_lines=1)
        label_box = style.place(Box(row.x, row.y, row.width - 20 * MM, height))
        page_box = style.place(Box(row.right - 18 * MM, row.y, 18 * MM, height))
        top = row.y + (height + label.height) / 2
        draw_block(canvas, label, label_box.x, top, label_box.width, _INK, style.align)
        draw_block(canvas, page, page_box.x, top, page_box.width, _QUIET_INK, style.far)
        canvas.linkRect("", f"page-{number}", (row.x, row.y, row.right, row.top), relative=1, thickness=0)


def _draw_page(canvas: Any, page: _Page, style: _Style, number: int, count: int) -> None:
    canvas.bookmarkPage(f"page-{number}")
    for level, title in page.bookmarks:
        # ReportLab knows an entry by its place's name: two entries of one page need two names.
        canvas.bookmarkPage(f"page-{number}-{level}")
        canvas.addOutlineEntry(title, f"page-{number}-{level}", level, closed=level > 0)
    _draw_header(canvas, style, page.day.label, page.header)
    _draw_footer(canvas, style, number, count)
    if isinstance(page, _GridPage):
        _draw_grid(canvas, page, style)
    elif page.rows:
        _draw_rows(canvas, page.rows, style, _BODY.top)
    else:
        _draw_nothing(canvas, style, _BODY.top)


def _draw_header(canvas: Any, style: _Style, left: str, right: str) -> None:
    top = _HEIGHT - 11 * MM
    near = style.place(Box(_MARGIN, 0, _BODY.width * 0.62, 0))
    far = style.place(Box(_MARGIN + _BODY.width * 0.64, 0, _BODY.width * 0.36, 0))
    day = fit_text(left, near.width, 18, (13, 8), language=style.language, bold=True, max_lines=1)
    hall = fit_text(right, far.width, 18, (10, 7), language=style.language, max_lines=1)
    draw_block(canvas, day, near.x, top, near.width, _INK, style.align)
    draw_block(canvas, hall, far.x, top - max(0, day.height - hall.height) / 2, far.width, _QUIET_INK, style.far)
    _rule(canvas, _MARGIN, _WIDTH - _MARGIN, _HEIGHT - 20 * MM, 1.2, _TEAL)


def _draw_footer(canvas: Any, style: _Style, number: int, count: int) -> None:
    near = style.place(Box(_MARGIN, 0, _BODY.width * 0.7, 0))
    far = style.place(Box(_MARGIN + _BODY.width * 0.72, 0, _BODY.width * 0.28, 0))
    title = fit_text(style.title, near.width, 14, (8, 6), language=style.language, max_lines=1)
    page = style.wrap(style.labels.page.format(page=number, pages=count), far.width, 8, max_lines=1)
    _rule(canvas, _MARGIN, _WIDTH - _MARGIN, 14 * MM, 0.5)
    draw_block(canvas, title, near.x, 13 * MM, near.width, _QUIET_INK, style.align)
    draw_block(canvas, page, far.x, 13 * MM, far.width, _QUIET_INK, style.far)


def _draw_nothing(canvas: Any, style: _Style, top: float) -> None:
    note = style.wrap(style.labels.nothing, _BODY.width, 11)
    draw_block(canvas, note, _BODY.x, top - 8 * MM, _BODY.width, _QUIET_INK, style.align)


def _draw_personal_head(canvas: Any, style: _Style, name: str) -> float:
    """Draw the top of a person's own programme and return where its rows begin."""
    draw_hills(canvas, Box(0, _HEIGHT - 26 * MM, _WIDTH, 26 * MM), _TEAL, 0.7)
    top = _HEIGHT - 29 * MM
    kicker = style.wrap(f"{style.title} · {style.labels.programme}", _BODY.width, 9, max_lines=1)
    top = draw_block(canvas, kicker, _BODY.x, top, _BODY.width, _TEAL, style.align)
    who = fit_text(name, _BODY.width, 14 * MM, (25, 12), language=style.language, bold=True, max_lines=1)
    return draw_block(canvas, who, _BODY.x, top, _BODY.width, _INK, style.align) - 2 * MM


def _draw_rows(canvas: Any, rows: Sequence[_Row], style: _Style, top: float) -> None:
    previous: datetime | None = None
    for row in rows:
        if row.heading is not None:
            draw_block(canvas, row.heading, _BODY.x, top - 8, _BODY.width, _INK, style.align)
            top -= row.heading_height
            previous = None
        begins = row.session.start != previous
        _draw_row(canvas, row, style, top, begins=begins)
        previous = row.session.start
        top -= row.height - row.heading_height


def _draw_row(canvas: Any, row: _Row, style: _Style, top: float, *, begins: bool) -> None:
    time = style.place(Box(_BODY.x, 0, _TIME_COLUMN, 0))
    room = style.place(Box(_BODY.x + _TIME_COLUMN, 0, _ROOM_COLUMN, 0))
    text = style.place(Box(_BODY.x + _TIME_COLUMN + _ROOM_COLUMN + 2 * _GUTTER, 0, _TITLE_COLUMN, 0))
    bar = style.place(Box(_BODY.x + _TIME_COLUMN + _ROOM_COLUMN + _GUTTER, 0, 2, 0))
    rule = style.place(
        Box(_BODY.x + (0 if begins else _TIME_COLUMN), 0, _BODY.width - (0 if begins else _TIME_COLUMN), 0)
    )
    _rule(canvas, rule.x, rule.right, top, 0.6 if begins else 0.4)
    inner = top - _ROW_PADDING
    if begins:
        start = style.wrap(f"{row.session.start:%H:%M}", time.width, 10.5, bold=True)
        draw_block(canvas, start, time.x, inner, time.width, _TEAL, style.align)
    draw_block(canvas, row.room, room.x, inner, room.width, _QUIET_INK, style.align)
    color = style.tracks.get(row.session.track or "")
    if color is not None:
        canvas.setFillColor(color)
        height = row.height - row.heading_height - 2 * _ROW_PADDING
        canvas.rect(bar.x, inner - height + 1, 2, height - 2, stroke=0, fill=1)
    below = draw_block(canvas, row.title, text.x, inner, text.width, _INK, style.align)
    below = draw_block(canvas, row.speakers, text.x, below, text.width, _INK, style.align)
    draw_block(canvas, row.tags, text.x, below, text.width, _QUIET_INK, style.align)


def _draw_grid(canvas: Any, page: _GridPage, style: _Style) -> None:
    """Draw rooms side by side with the hours down the page."""
    ground = Box(_BODY.x + _TIME_AXIS, _BODY.y, _BODY.width - _TIME_AXIS, _BODY.height - _ROOM_HEAD)
    column = ground.width / len(page.rooms)
    minutes = (page.last - page.first).total_seconds() / 60
    scale = ground.height / minutes
    _draw_hours(canvas, page, style, ground, scale)
    for place, room in enumerate(page.rooms):
        head = style.place(Box(ground.x + place * column, ground.top, column, _ROOM_HEAD))
        name = fit_text(
            room, head.width - 4, _ROOM_HEAD - 2, (8.5, 5.5), language=style.language, bold=True, max_lines=2
        )
        draw_block(canvas, name, head.x + 2, head.y + name.height + 2, head.width - 4, _INK, "center")
        _draw_column(canvas, page, style, room, Box(ground.x + place * column, ground.y, column, ground.height), scale)
    for place in range(len(page.rooms) + 1):
        edge = style.place(Box(ground.x + place * column, ground.y, 0, 0))
        _upright(canvas, edge.x, ground.y, ground.top + _ROOM_HEAD)


def _draw_hours(canvas: Any, page: _GridPage, style: _Style, ground: Box, scale: float) -> None:
    moment = page.first
    while moment <= page.last:
        y = ground.top - (moment - page.first).total_seconds() / 60 * scale
        line = style.place(Box(ground.x - (2 if moment.minute == 0 else 0), y, ground.width + 2, 0))
        _rule(canvas, line.x, line.right, y, 0.6 if moment.minute == 0 else 0.25)
        if moment.minute == 0 or moment == page.first:
            label = set_line(f"{moment:%H:%M}", style.language)
            axis = style.place(Box(_BODY.x, y, _TIME_AXIS - 4, 0))
            slack = 0.0 if style.mirrored else axis.width - label.width * 7.5 / 1000
            draw_line(canvas, label, axis.x + slack, y - 2.6, 7.5, _QUIET_INK)
        moment += timedelta(minutes=30)


def _draw_column(canvas: Any, page: _GridPage, style: _Style, room: str, column: Box, scale: float) -> None:
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
        height = max((end - start) * scale, _LEAST_BOX)
        box = Box(column.x + lane * width, column.top - start * scale - height, width, height)
        _draw_session(canvas, session, style, style.place(box))


def _draw_session(canvas: Any, session: ScheduleSession, style: _Style, box: Box) -> None:
    color = style.tracks.get(session.track or "", _TEAL)
    inner = Box(box.x + 0.8, box.y + 0.5, box.width - 1.6, box.height - 1)
    canvas.setFillColor(_GRID_GROUND)
    canvas.setStrokeColor(_RULE)
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
    below = draw_block(canvas, title, text.x, text.top, text.width, _INK, style.align)
    left = below - text.y
    if session.speakers and left > 7:  # noqa: PLR2004 - one line of the size below
        speakers = wrap_text(
            ", ".join(session.speakers), text.width, 5.6, language=style.language, max_lines=max(1, int(left / 8))
        )
        if speakers.height <= left:
            draw_block(canvas, speakers, text.x, below, text.width, _QUIET_INK, style.align)


def _rule(canvas: Any, left: float, right: float, y: float, width: float, color: Color = _RULE) -> None:
    canvas.setStrokeColor(color)
    canvas.setLineWidth(width)
    canvas.line(left, y, right, y)


def _upright(canvas: Any, x: float, low: float, high: float) -> None:
    canvas.setStrokeColor(_RULE)
    canvas.setLineWidth(0.5)
    canvas.line(x, low, x, high)
