"""The grid of a day: rooms side by side, time from top to bottom. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from expo.program.rules.agendas import Timed


class Placed(Timed, Protocol):
    """A session as the grid needs it."""

    @property
    def room(self) -> "Named | None":
        """The room."""


class Named(Protocol):
    """A room as the grid needs it."""

    @property
    def slug(self) -> str:
        """The unique key of the room."""

    @property
    def name(self) -> dict[str, str]:
        """The name of the room."""


P = TypeVar("P", bound=Placed)

# A session that runs longer than this, such as a hackathon, does not extend the day shown.
LONGEST_IN_GRID = timedelta(hours=12)


@dataclass(frozen=True)
class GridCell(Generic[P]):
    """A session in the grid: its column, its first row and how many rows it takes, counted in steps."""

    column: int
    row: int
    span: int
    session: P


@dataclass(frozen=True)
class Grid(Generic[P]):
    """Rooms side by side over one day; `hours` are (row, moment)."""

    rooms: tuple[Named, ...]
    hours: tuple[tuple[int, datetime], ...]
    cells: tuple[GridCell[P], ...]


def hour_of(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the beginning of the hour on the clocks of a zone; some zones are half an hour apart."""
    return moment.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def lay_out_grid(
    sessions: Sequence[P], rooms_in_order: Sequence[str], step: timedelta, max_rooms: int, max_rows: int, zone: ZoneInfo
) -> Grid[P] | None:
    """Return the grid of one day's sessions; None if it would exceed the given size or be empty.

    Rooms in use follow the order of the given slugs; any others come after them. Sessions must be ordered by time and
    room. Sessions that share a room at the same time also share its column, one over the other.
    """
    placed = [each for each in sessions if each.room and each.starts_at and each.ends_at]
    if not placed:
        return None
    begins = hour_of(min(each.starts_at for each in placed if each.starts_at), zone)
    ends = max(_end_in_grid(each, begins + step * max_rows) for each in placed)
    rooms = {each.room.slug: each.room for each in placed if each.room}
    ordered = [rooms[slug] for slug in dict.fromkeys([*rooms_in_order, *rooms]) if slug in rooms]
    if len(ordered) > max_rooms:
        return None
    # A session that continues into the next day ends at the end of the grid.
    placed = [each for each in placed if each.starts_at and each.starts_at < ends]
    columns = {room.slug: column for column, room in enumerate(ordered)}
    cells = [
        GridCell(
            column=columns[each.room.slug],
            row=int((each.starts_at - begins) / step),
            span=max(1, round((min(each.ends_at, ends) - each.starts_at) / step)),
            session=each,
        )
        for each in placed
        if each.room and each.starts_at and each.ends_at
    ]
    hour = timedelta(hours=1)
    hours = [(int(hour / step) * n, begins + hour * n) for n in range(int((ends - begins) / hour) + 1)]
    return Grid(tuple(ordered), tuple(hours), tuple(cells))


def _end_in_grid(session: Timed, latest: datetime) -> datetime:
    """Return the time until which a session extends the grid: its end, or its start if it is very long."""
    if session.starts_at is None or session.ends_at is None:
        raise ValueError("a session without a time has no place in a grid")
    is_long = session.ends_at - session.starts_at > LONGEST_IN_GRID
    return min(session.starts_at + timedelta(hours=1) if is_long else session.ends_at, latest)
