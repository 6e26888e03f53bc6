"""What the hub of a hall copies from this installation: everything at first, then what has changed.

It follows the cursors of snapshots (`snapshots.py`), so that no change is missed. A copy has parts: some attendees at a
time in the order of their ids, each with everything about them. A hub that has stored a part continues after it.
"""

import base64
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, func, or_, select

from expo.badges.models import Badge, FormerBadge, SigningKey
from expo.checkin.models import Checkpoint, CheckpointTicketType, Device, DeviceCheckpoint, Scan, Zone
from expo.checkin.queries.snapshots import (
    Changes,
    Frame,
    complete_until,
    list_changes_since,
    read_cursor,
    read_frame,
)
from expo.checkin.rules import Reason, Verdict
from expo.checkin.rules.copies import COPIED
from expo.checkin.rules.devices import Profile
from expo.editions.models import Edition
from expo.infra.db import Base, begin_consistent_read, db
from expo.program.models import SeatHold, Session
from expo.registration.models import Attendee, Order, OrderLine
from expo.tickets.models import AddOn, TicketType

# Ids named in one statement.
AT_ONCE = 500

_MODELS: dict[str, type[Base]] = {
    "edition": Edition,
    "signing_key": SigningKey,
    "ticket_type": TicketType,
    "add_on": AddOn,
    "session": Session,
    "zone": Zone,
    "checkpoint": Checkpoint,
    "checkpoint_ticket_type": CheckpointTicketType,
    "device": Device,
    "device_checkpoint": DeviceCheckpoint,
    "order": Order,
    "attendee": Attendee,
    "badge": Badge,
    "former_badge": FormerBadge,
    "order_line": OrderLine,
    "seat_hold": SeatHold,
    "scan": Scan,
}
COPIED_TABLES: dict[str, Table] = {name: cast("Table", model.__table__) for name, model in _MODELS.items()}
_attendee, _badge = COPIED_TABLES["attendee"], COPIED_TABLES["badge"]


@dataclass(frozen=True, slots=True)
class HubCopy:
    """A part of what a hub needs. Rows by table, each with the values of `rules.copies.COPIED` in order.

    `covers` are the ids after and up to which all attendees are in it, without a second one if it is the last part;
    None if only those who changed are. `left` is how many attendees the next parts have.
    """

    cursor: str
    edition_id: int
    rows: dict[str, list[list[Any]]]
    covers: tuple[int, int | None] | None
    left: int

    @property
    def is_whole(self) -> bool:
        """Whether it is everything."""
        return self.covers == (0, None)


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a hub has got: it knows all changes up to `since`, and of those up to `until` the first attendees'.

    With `since` None it knows nothing else. `after` is the last of those attendees.
    """

    until: datetime
    since: datetime | None = None
    after: int = 0

    def cursor(self, frame: Frame) -> str:
        """Return the cursor of a hub that continues from here."""
        since = int(self.since.timestamp() * 1_000_000) if self.since else 0
        return f"{frame.cursor_at(self.until)}-{since}-{self.after}"


def read_copy(hub_id: int, edition_id: int, since: str | None, now: datetime, most: int) -> HubCopy:
    """Return what has changed since a cursor for a hub, which is a device; everything without a cursor.

    It is about at most so many attendees; the cursor leads to the others. Raises EditionMissing.
    """
    # What is not visible yet ends after this, so it is asked first.
    moment = complete_until(now)
    begin_consistent_read()
    frame = read_frame(edition_id)
    place = _find_place(frame, since, moment, now)
    changes = None if place.since is None else list_changes_since(edition_id, place.since)
    attendee_ids, left = _list_next(edition_id, place.after, changes, most)
    rows = {name: _read(query) for name, query in _describe(hub_id, edition_id).items()}
    device_ids = {row[0] for row in rows["device"]}
    people = attendee_ids if changes is None else [each for each in attendee_ids if each in changes.attendees]
    passed = attendee_ids if changes is None else [each for each in attendee_ids if each in changes.passed]
    rows |= {name: _read_for(query, people) for name, query in _people(edition_id).items()}
    rows["scan"] = [_forget_others(row, device_ids) for row in _read_for(_passages(edition_id), passed)]
    until = attendee_ids[-1] if left else None
    return HubCopy(
        frame.cursor_at(place.until) if until is None else _Place(place.until, place.since, until).cursor(frame),
        edition_id,
        rows,
        (place.after, until) if changes is None else None,
        left,
    )


def _find_place(frame: Frame, since: str | None, moment: datetime, now: datetime) -> _Place:
    """Return where a hub with this cursor continues; with one that is too old to be of use, it starts again."""
    return _read_place(frame, since, now) or _Place(moment, read_cursor(frame, since, now))


def _read_place(frame: Frame, since: str | None, now: datetime) -> _Place | None:
    """Return the place within a copy that a cursor names; None if it names none."""
    cursor, *numbers = (since or "").rsplit("-", 2)
    until = read_cursor(frame, cursor, now)
    if until is None or not all(each.isdecimal() and len(each) <= 16 for each in numbers):  # noqa: PLR2004
        return None
    micros, after = map(int, numbers)
    known = datetime.fromtimestamp(micros / 1_000_000, UTC) if micros else None
    return _Place(until, known, after)


def _list_next(edition_id: int, after: int, changes: Changes | None, most: int) -> tuple[list[int], int]:
    """Return the next attendees, and how many come after them."""
    if changes is not None:
        ids = sorted(each for each in changes.attendees | changes.passed if each > after)
        return ids[:most], len(ids[most:])
    coming = select(Attendee.id).where(Attendee.edition_id == edition_id, Attendee.id > after)
    ids = list(db.session.scalars(coming.order_by(Attendee.id).limit(most)))
    last = ids[-1] if ids else after
    left = select(func.count()).where(Attendee.edition_id == edition_id, Attendee.id > last)
    return ids, db.session.scalar(left) or 0


def _describe(hub_id: int, edition_id: int) -> dict[str, Select[Any]]:
    """Return the queries for what concerns no attendee."""
    checkpoint_ids = select(Checkpoint.id).where(Checkpoint.edition_id == edition_id)
    hall = select(DeviceCheckpoint.checkpoint_id).where(DeviceCheckpoint.device_id == hub_id)
    has_hall = db.session.scalar(hall.limit(1)) is not None
    # A device that may scan everywhere may scan in this hall too. A steward's own browser ends with its session, which
    # is known only here.
    elsewhere = select(DeviceCheckpoint.device_id).where(DeviceCheckpoint.checkpoint_id.not_in(hall))
    here = select(DeviceCheckpoint.device_id).where(DeviceCheckpoint.checkpoint_id.in_(hall))
    devices: list[ColumnElement[bool]] = [
        Device.edition_id == edition_id,
        Device.session_id.is_(None),
        Device.profile != Profile.HUB.value,
    ]
    if has_hall:
        devices.append(or_(Device.id.in_(here), Device.id.not_in(elsewhere)))
    return {
        "edition": _columns("edition").order_by(Edition.id),
        "signing_key": _columns("signing_key"),
        "ticket_type": _columns("ticket_type").where(TicketType.edition_id == edition_id),
        "add_on": _columns("add_on").where(AddOn.edition_id == edition_id),
        "session": _columns("session").where(
            Session.edition_id == edition_id,
            or_(
                Session.seat_limit.is_not(None),
                Session.id.in_(select(Checkpoint.session_id).where(Checkpoint.session_id.is_not(None))),
            ),
        ),
        "zone": _columns("zone").where(Zone.edition_id == edition_id),
        "checkpoint": _columns("checkpoint").where(Checkpoint.edition_id == edition_id),
        "checkpoint_ticket_type": _columns("checkpoint_ticket_type").where(
            CheckpointTicketType.checkpoint_id.in_(checkpoint_ids)
        ),
        "device": _columns("device").where(*devices),
        "device_checkpoint": _columns("device_checkpoint").where(
            DeviceCheckpoint.device_id.in_(select(Device.id).where(*devices))
        ),
    }


def _people(edition_id: int) -> dict[str, tuple[Select[Any], ColumnElement[int]]]:
    """Return the queries for what concerns attendees, each with the column of their ids."""
    attendee_id, badge_owner = (cast("ColumnElement[int]", column) for column in (_attendee.c.id, _badge.c.attendee_id))
    seat_owner = cast("ColumnElement[int]", COPIED_TABLES["seat_hold"].c.attendee_id)
    orders = _columns("order").join(Attendee, Attendee.order_id == Order.id).where(_is_of(Order.edition_id, edition_id))
    former = _columns("former_badge").join(Badge, Badge.id == FormerBadge.badge_id)
    # In their order, so that a line that was replaced is cancelled before its successor is stored.
    lines = _columns("order_line").join(AddOn, AddOn.id == OrderLine.add_on_id).order_by(OrderLine.id)
    line_owner = cast("ColumnElement[int]", COPIED_TABLES["order_line"].c.attendee_id)
    seats = _columns("seat_hold").join(Session, Session.id == SeatHold.session_id)
    return {
        "order": (orders.distinct(), attendee_id),
        "attendee": (_columns("attendee").where(_is_of(Attendee.edition_id, edition_id)), attendee_id),
        "badge": (_columns("badge").where(_is_of(Badge.edition_id, edition_id)), badge_owner),
        "former_badge": (former.where(_is_of(Badge.edition_id, edition_id)), badge_owner),
        "order_line": (lines.where(_is_of(AddOn.edition_id, edition_id)), line_owner),
        "seat_hold": (
            seats.where(_is_of(Session.edition_id, edition_id), Session.seat_limit.is_not(None)),
            seat_owner,
        ),
    }


def _passages(edition_id: int) -> tuple[Select[Any], ColumnElement[int]]:
    """Return the query for scans that may show where somebody is, roughly: see `queries/passages.py`."""
    query = _columns("scan").where(
        _is_of(Scan.edition_id, edition_id),
        Scan.attendee_id.is_not(None),
        or_(
            Scan.verdict == Verdict.ADMITTED.value,
            Scan.reason.in_([Reason.ALREADY_ADMITTED.value, Reason.NOT_INSIDE.value]),
        ),
    )
    # Of one attendee after the other, in their order.
    return query.order_by(Scan.attendee_id, Scan.id), cast("ColumnElement[int]", Scan.__table__.c.attendee_id)


def _is_of(column: Any, edition_id: int) -> ColumnElement[bool]:
    """Return whether a row is of the edition, as a condition that is checked and not searched by.

    The ids of attendees are. Without statistics SQLite would read the whole edition for each part of a copy.
    """
    return cast("ColumnElement[bool]", column + 0 == edition_id)


def _columns(name: str) -> Select[Any]:
    table = COPIED_TABLES[name]
    return select(*(table.c[column] for column in COPIED[name]))


def _read(query: Select[Any]) -> list[list[Any]]:
    return [[_write(value) for value in row] for row in db.session.execute(query)]


def _read_for(query: tuple[Select[Any], ColumnElement[int]], attendee_ids: Collection[int]) -> list[list[Any]]:
    statement, column = query
    return [row for part in in_chunks(attendee_ids) for row in _read(statement.where(column.in_(part)))]


def in_chunks(values: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
    """Yield the values in lists of at most this size."""
    everything = list(values)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def _forget_others(row: list[Any], device_ids: Collection[int]) -> list[Any]:
    """Return a scan without its device if the hub does not know the device."""
    place = COPIED["scan"].index("device_id")
    if row[place] not in device_ids:
        row[place] = None
    return row


def _write(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, date):  # and moments, which are dates too
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
