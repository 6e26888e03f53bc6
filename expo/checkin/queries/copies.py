"""What the hub of a hall copies from this installation: everything at first, then what has changed.

It follows the cursors of snapshots (`snapshots.py`), so that no change is missed.
"""

import base64
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, or_, select

from expo.badges.models import Badge, FormerBadge, SigningKey
from expo.checkin.models import Checkpoint, CheckpointTicketType, Device, DeviceCheckpoint, Scan, Zone
from expo.checkin.queries.snapshots import complete_until, list_changes, read_frame
from expo.checkin.rules import Reason, Verdict
from expo.checkin.rules.copies import COPIED
from expo.checkin.rules.devices import Profile
from expo.editions.models import Edition
from expo.infra.db import Base, db
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
    """What a hub needs. Rows by table, each with the values of `rules.copies.COPIED` in order."""

    cursor: str
    is_whole: bool
    edition_id: int
    rows: dict[str, list[list[Any]]]


def read_copy(hub_id: int, edition_id: int, since: str | None, now: datetime) -> HubCopy:
    """Return what has changed since a cursor for a hub, which is a device; everything without a cursor.

    Raises EditionMissing.
    """
    frame = read_frame(edition_id)
    moment = complete_until(now)
    changes = list_changes(frame, since, now)
    rows = {name: _read(query) for name, query in _describe(hub_id, edition_id).items()}
    device_ids = {row[0] for row in rows["device"]}
    people, passed = (None, None) if changes is None else (changes.attendees, changes.passed)
    rows |= {name: _read_for(query, people) for name, query in _people(edition_id).items()}
    rows["scan"] = [_forget_others(row, device_ids) for row in _read_for(_passages(edition_id), passed)]
    return HubCopy(frame.cursor_at(moment), changes is None, edition_id, rows)


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
    orders = _columns("order").join(Attendee, Attendee.order_id == Order.id).where(Order.edition_id == edition_id)
    former = _columns("former_badge").join(Badge, Badge.id == FormerBadge.badge_id)
    # In their order, so that a line that was replaced is cancelled before its successor is stored.
    lines = _columns("order_line").join(AddOn, AddOn.id == OrderLine.add_on_id).order_by(OrderLine.id)
    line_owner = cast("ColumnElement[int]", COPIED_TABLES["order_line"].c.attendee_id)
    seats = _columns("seat_hold").join(Session, Session.id == SeatHold.session_id)
    return {
        "order": (orders.distinct(), attendee_id),
        "attendee": (_columns("attendee").where(Attendee.edition_id == edition_id), attendee_id),
        "badge": (_columns("badge").where(Badge.edition_id == edition_id), badge_owner),
        "former_badge": (former.where(Badge.edition_id == edition_id), badge_owner),
        "order_line": (lines.where(AddOn.edition_id == edition_id), line_owner),
        "seat_hold": (
            seats.where(Session.edition_id == edition_id, Session.seat_limit.is_not(None)),
            seat_owner,
        ),
    }


def _passages(edition_id: int) -> tuple[Select[Any], ColumnElement[int]]:
    """Return the query for scans that may show where somebody is, roughly: see `queries/passages.py`."""
    query = _columns("scan").where(
        Scan.edition_id == edition_id,
        Scan.attendee_id.is_not(None),
        or_(
            Scan.verdict == Verdict.ADMITTED.value,
            Scan.reason.in_([Reason.ALREADY_ADMITTED.value, Reason.NOT_INSIDE.value]),
        ),
    )
    return query.order_by(Scan.id), cast("ColumnElement[int]", Scan.__table__.c.attendee_id)


def _columns(name: str) -> Select[Any]:
    table = COPIED_TABLES[name]
    return select(*(table.c[column] for column in COPIED[name]))


def _read(query: Select[Any]) -> list[list[Any]]:
    return [[_write(value) for value in row] for row in db.session.execute(query)]


def _read_for(query: tuple[Select[Any], ColumnElement[int]], attendee_ids: Collection[int] | None) -> list[list[Any]]:
    statement, column = query
    if attendee_ids is None:
        return _read(statement)
    return [row for part in in_parts(sorted(attendee_ids)) for row in _read(statement.where(column.in_(part)))]


def in_parts(values: Iterable[Any], size: int = AT_ONCE) -> Iterator[list[Any]]:
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
