"""Acts on tables to meet at."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import list_halls
from expo.errors import Conflict, Invalid
from expo.exhibitors.queries import get_plan
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.meetings.errors import MeetingTableMissing
from expo.meetings.models import Meeting, MeetingTable
from expo.meetings.queries.parties import find_company
from expo.meetings.rules import MeetingState, TableRequest, check_table
from expo.meetings.rules.tables import MAX_TABLES_AT_ONCE, check_places
from expo.pure.plane import Point


def add_tables(actor: Actor, edition_id: int, requests: Sequence[TableRequest], now: datetime) -> int:
    """Add tables, all or none, and return how many.

    Raises Invalid `tables_too_many`, `table_code_invalid`, `table_seats_invalid` or `hall_missing`, ExhibitorMissing,
    Conflict `table_exists`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    if not 1 <= len(requests) <= MAX_TABLES_AT_ONCE:
        raise Invalid("tables_too_many", field="count", maximum=MAX_TABLES_AT_ONCE)
    checked = [_check(edition_id, each) for each in requests]
    with atomic():
        known = set(db.session.scalars(select(MeetingTable.code).where(MeetingTable.edition_id == edition_id)))
        for each in checked:
            if each.code in known:
                raise Conflict("table_exists", table=each.code)
            known.add(each.code)
            db.session.add(
                MeetingTable(
                    edition_id=edition_id,
                    code=each.code,
                    hall_id=each.hall_id,
                    seats=each.seats,
                    exhibitor_id=each.exhibitor_id,
                )
            )
        db.session.flush()
        _record(actor, "meetings.add_tables", edition_id, now, codes=[each.code for each in checked])
        return len(checked)


def change_table(actor: Actor, edition_id: int, table_id: int, request: TableRequest, now: datetime) -> None:
    """Change a table.

    Raises MeetingTableMissing, Conflict `table_in_use` if meetings are scheduled there and its hall or company would be
    another (people have planned their walks, and e-mails name the place), and what `add_tables` raises.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    checked = _check(edition_id, request)
    with atomic():
        table = _lock_table(edition_id, table_id)
        other = select(MeetingTable.id).where(
            MeetingTable.edition_id == edition_id, MeetingTable.code == checked.code, MeetingTable.id != table_id
        )
        if db.session.scalar(other) is not None:
            raise Conflict("table_exists", table=checked.code)
        if (table.hall_id, table.exhibitor_id) != (checked.hall_id, checked.exhibitor_id) and (
            MeetingState.SCHEDULED.value in _list_states(table_id)
        ):
            raise Conflict("table_in_use", table=table.code)
        if table.hall_id != checked.hall_id:
            table.x = table.y = None
        table.code, table.hall_id, table.seats = checked.code, checked.hall_id, checked.seats
        table.exhibitor_id, table.is_active = checked.exhibitor_id, checked.is_active
        db.session.flush()
        _record(actor, "meetings.change_table", edition_id, now, code=checked.code)


def place_tables(
    actor: Actor, edition_id: int, hall_code: str, places: Mapping[int, Point | None], now: datetime
) -> None:
    """Put tables on the plan of their hall by their ids, or take them off it: all or none.

    Raises PlanMissing, MeetingTableMissing, Invalid `table_place_outside`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    plan = get_plan(edition_id, hall_code)
    checked = check_places(places, plan.width, plan.depth)
    with atomic():
        placed = []
        for table_id, place in sorted(checked.items()):
            table = _lock_table(edition_id, table_id)
            if table.hall_id != plan.hall_id:
                raise MeetingTableMissing
            if (table.x, table.y) != (place or (None, None)):
                table.x, table.y = place or (None, None)
                placed.append(table.code)
        db.session.flush()
        if placed:
            _record(actor, "meetings.place_tables", edition_id, now, hall=hall_code, codes=placed)


def remove_table(actor: Actor, edition_id: int, table_id: int, now: datetime) -> bool:
    """Remove a table; one at which meetings were held is only taken out of use. Returns whether it was deleted.

    Raises MeetingTableMissing, Conflict `table_in_use` if a scheduled meeting needs it.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        table = _lock_table(edition_id, table_id)
        states = _list_states(table_id)
        if MeetingState.SCHEDULED.value in states:
            raise Conflict("table_in_use", table=table.code)
        _record(actor, "meetings.remove_table", edition_id, now, code=table.code)
        if states:
            table.is_active = False
            db.session.flush()
            return False
        db.session.delete(table)
        db.session.flush()
        return True


def _list_states(table_id: int) -> set[str]:
    """Return the states that meetings at a table have."""
    return set(db.session.scalars(select(Meeting.state).where(Meeting.table_id == table_id).distinct()))


def _check(edition_id: int, request: TableRequest) -> TableRequest:
    checked = check_table(request)
    if checked.hall_id is not None and checked.hall_id not in {hall.id for hall in list_halls(edition_id)}:
        raise Invalid("hall_missing", field="hall_id")
    if checked.exhibitor_id is not None and find_company(edition_id, checked.exhibitor_id) is None:
        raise Invalid("exhibitor_missing", field="exhibitor_id")
    return checked


def _lock_table(edition_id: int, table_id: int) -> MeetingTable:
    table = lock(MeetingTable, table_id)
    if table is None or table.edition_id != edition_id:
        raise MeetingTableMissing
    return table


def _record(actor: Actor, action: str, edition_id: int, now: datetime, **details: object) -> None:
    record_act(actor, action, now, edition_id=edition_id, subject="edition", subject_id=edition_id, **details)
