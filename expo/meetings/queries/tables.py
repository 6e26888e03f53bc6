"""Reads of tables to meet at, and of the slots in which none is left."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from expo.editions.models import Hall
from expo.exhibitors.models import Booth, Exhibitor, ExhibitorBooth
from expo.infra.db import db
from expo.meetings.errors import MeetingTableMissing
from expo.meetings.models import MeetingHold, MeetingTable
from expo.meetings.rules import HoldKind
from expo.pure.free_slots import Slot, steps_between
from expo.pure.plane import Point


@dataclass(frozen=True)
class TableRow:
    """A table as listed."""

    id: int
    code: str
    seats: int
    is_active: bool
    hall_id: int | None
    hall_code: str | None
    hall_name: dict[str, str] | None
    exhibitor_id: int | None
    exhibitor_name: str | None
    x: float | None = None
    y: float | None = None

    @property
    def point(self) -> Point | None:
        """The middle of the table on the plan of its hall, if it has a place there."""
        return (self.x, self.y) if self.x is not None and self.y is not None else None


@dataclass(frozen=True)
class Places:
    """Where an exhibitor or attendee can meet: at the booth, or else at one of these tables."""

    booth_code: str = ""
    booth_hall: str = ""
    tables: tuple[TableRow, ...] = ()

    @property
    def hall(self) -> str:
        """The hall, if there is only one."""
        if self.booth_code:
            return self.booth_hall
        halls = {each.hall_code or "" for each in self.tables}
        return halls.pop() if len(halls) == 1 else ""


def list_tables(edition_id: int, *, only_active: bool = False, for_exhibitor_id: int | None = None) -> list[TableRow]:
    """Return the tables of an edition by hall and code: all, or those that are shared or of one company."""
    query = (
        select(
            MeetingTable.id,
            MeetingTable.code,
            MeetingTable.seats,
            MeetingTable.is_active,
            MeetingTable.hall_id,
            Hall.code,
            Hall.name,
            MeetingTable.exhibitor_id,
            Exhibitor.name,
            MeetingTable.x,
            MeetingTable.y,
        )
        .outerjoin(Hall, Hall.id == MeetingTable.hall_id)
        .outerjoin(Exhibitor, Exhibitor.id == MeetingTable.exhibitor_id)
        .where(MeetingTable.edition_id == edition_id)
        .order_by(Hall.position, Hall.id, MeetingTable.code, MeetingTable.id)
    )
    if only_active:
        query = query.where(MeetingTable.is_active)
    if for_exhibitor_id is not None:
        query = query.where(or_(MeetingTable.exhibitor_id.is_(None), MeetingTable.exhibitor_id == for_exhibitor_id))
    return [TableRow(*row) for row in db.session.execute(query)]


def find_table(edition_id: int, code: str) -> int:
    """Return the id of a table by its name. Raises MeetingTableMissing."""
    table_id = db.session.scalar(
        select(MeetingTable.id).where(
            MeetingTable.edition_id == edition_id, MeetingTable.code == code, MeetingTable.is_active
        )
    )
    if table_id is None:
        raise MeetingTableMissing
    return table_id


def find_places(edition_id: int, exhibitor_id: int | None, *, tables_beside_booth: bool = True) -> Places:
    """Return where a company meets people: at its booth or its tables, else at shared ones; attendees share.

    Without `tables_beside_booth`, the tables of a company with a booth are left out.
    """
    code, hall = _find_booth(exhibitor_id) if exhibitor_id is not None else ("", "")
    if code and not tables_beside_booth:
        return Places(code, hall)
    tables = list_tables(edition_id, only_active=True, for_exhibitor_id=exhibitor_id or 0)
    own = tuple(each for each in tables if each.exhibitor_id is not None)
    return Places(code, hall, own or tuple(tables))


def _find_booth(exhibitor_id: int) -> tuple[str, str]:
    """Return the code of a company's first booth, and of its hall."""
    booth = db.session.execute(_FIRST_BOOTH, {"exhibitor_id": exhibitor_id}).one_or_none()
    return (booth[0], booth[1] or "") if booth else ("", "")


def list_taken_tables(table_ids: Sequence[int], starts_at: datetime, ends_at: datetime) -> set[int]:
    """Return which of these tables are taken at some moment between two."""
    return set(
        db.session.scalars(
            select(MeetingHold.resource_id).where(
                MeetingHold.kind == HoldKind.TABLE.value,
                MeetingHold.resource_id.in_(table_ids),
                MeetingHold.slot_at.in_(steps_between(starts_at, ends_at)),
            )
        )
    )


def list_full_slots(tables: Sequence[TableRow], slots: Sequence[Slot]) -> dict[str, set[datetime]]:
    """Return by hall the starts of the slots in which all of its tables are taken at some moment."""
    counts = Counter(each.hall_code or "" for each in tables)
    if not slots or not tables:
        return {hall: set() for hall in counts}
    halls = {each.hall_id: each.hall_code or "" for each in tables}
    values = {
        "ids": [each.id for each in tables],
        "first": min(slot.starts_at for slot in slots),
        "last": max(slot.ends_at for slot in slots),
    }
    full: dict[str, set[datetime]] = {hall: set() for hall in counts}
    for hall_id, moment, taken in db.session.execute(_TAKEN, values):
        if taken >= counts[halls[hall_id]]:
            full[halls[hall_id]].add(moment)
    return {
        hall: {
            slot.starts_at
            for slot in slots
            if moments and moments.intersection(steps_between(slot.starts_at, slot.ends_at))
        }
        for hall, moments in full.items()
    }


# How many tables of each hall are taken at each moment. A span of time instead of each moment in it, which would be
# hundreds.
_TAKEN = (
    select(MeetingTable.hall_id, MeetingHold.slot_at, func.count())
    .join(MeetingTable, MeetingTable.id == MeetingHold.resource_id)
    .where(
        MeetingHold.kind == HoldKind.TABLE.value,
        MeetingHold.slot_at >= bindparam("first"),
        MeetingHold.slot_at < bindparam("last"),
        MeetingHold.resource_id.in_(bindparam("ids", expanding=True)),
    )
    .group_by(MeetingTable.hall_id, MeetingHold.slot_at)
)
_FIRST_BOOTH = (
    select(Booth.code, Hall.code)
    .join(ExhibitorBooth, ExhibitorBooth.booth_id == Booth.id)
    .outerjoin(Hall, Hall.id == Booth.hall_id)
    .where(ExhibitorBooth.exhibitor_id == bindparam("exhibitor_id"))
    .order_by(ExhibitorBooth.position, Booth.id)
    .limit(1)
)
