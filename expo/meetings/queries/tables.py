"""Reads of tables to meet at, and of the slots in which none is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from expo.editions.models import Hall
from expo.exhibitors.models import Booth, Exhibitor, ExhibitorBooth
from expo.infra.db import db
from expo.meetings.errors import MeetingTableMissing
from expo.meetings.models import MeetingHold, MeetingTable
from expo.meetings.rules import HoldKind
from expo.pure.free_slots import Slot, steps_between


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


def list_tables(edition_id: int, *, only_active: bool = False) -> list[TableRow]:
    """Return the tables of an edition by hall and code."""
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
        )
        .outerjoin(Hall, Hall.id == MeetingTable.hall_id)
        .outerjoin(Exhibitor, Exhibitor.id == MeetingTable.exhibitor_id)
        .where(MeetingTable.edition_id == edition_id)
        .order_by(Hall.position, Hall.id, MeetingTable.code, MeetingTable.id)
    )
    if only_active:
        query = query.where(MeetingTable.is_active)
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
    tables = list_tables(edition_id, only_active=True)
    own = tuple(each for each in tables if exhibitor_id is not None and each.exhibitor_id == exhibitor_id)
    return Places(code, hall, own or tuple(each for each in tables if each.exhibitor_id is None))


def _find_booth(exhibitor_id: int) -> tuple[str, str]:
    """Return the code of a company's first booth, and of its hall."""
    booth = db.session.execute(
        select(Booth.code, Hall.code)
        .join(ExhibitorBooth, ExhibitorBooth.booth_id == Booth.id)
        .outerjoin(Hall, Hall.id == Booth.hall_id)
        .where(ExhibitorBooth.exhibitor_id == exhibitor_id)
        .order_by(ExhibitorBooth.position, Booth.id)
        .limit(1)
    ).one_or_none()
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


def list_full_slots(table_ids: Sequence[int], slots: Sequence[Slot]) -> set[datetime]:
    """Return the starts of the slots in which all of these tables are taken at some moment."""
    if not slots:
        return set()
    steps = {slot.starts_at: steps_between(slot.starts_at, slot.ends_at) for slot in slots}
    wanted = sorted({step for each in steps.values() for step in each})
    full = set(
        db.session.scalars(
            select(MeetingHold.slot_at)
            .where(
                MeetingHold.kind == HoldKind.TABLE.value,
                MeetingHold.resource_id.in_(table_ids),
                MeetingHold.slot_at.in_(wanted),
            )
            .group_by(MeetingHold.slot_at)
            .having(func.count() >= len(table_ids))
        )
    )
    return {start for start, each in steps.items() if full.intersection(each)}
