"""Services for add-ons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict, Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.tickets.errors import AddOnMissing, TicketTypeMissing
from expo.tickets.models import AddOn, AddOnTicketType, QuotaAddOn, TicketType
from expo.tickets.services.types import check_code

MAX_PER_ATTENDEE = 20
CHANGEABLE = frozenset(
    {
        "name",
        "description",
        "price_cents",
        "sale_starts_at",
        "sale_ends_at",
        "max_per_attendee",
        "is_public",
        "ticket_type_codes",
    }
)
_DEFAULTS: Mapping[str, Any] = {
    "description": {},
    "price_cents": 0,
    "sale_starts_at": None,
    "sale_ends_at": None,
    "max_per_attendee": 1,
    "is_public": True,
    "ticket_type_codes": (),
}


def create_add_on(actor: Actor, edition_id: int, code: str, now: datetime, **values: Any) -> int:
    """Create an add-on after the others, and return its id. Without ticket types it is offered with all of them.

    `values` are its name and other columns, and `ticket_type_codes`. Raises Invalid, TicketTypeMissing, or Conflict
    `add_on_exists`.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    code = check_code(code)
    values = {**_DEFAULTS, **values}
    _check_values(values)
    types: Sequence[str] = values.pop("ticket_type_codes")
    with atomic():
        if db.session.scalar(select(AddOn.id).where(AddOn.edition_id == edition_id, AddOn.code == code)):
            raise Conflict("add_on_exists", field="code", add_on=code)
        last = db.session.scalar(select(func.max(AddOn.position)).where(AddOn.edition_id == edition_id))
        row = AddOn(edition_id=edition_id, code=code, position=(last or 0) + 1, **values)
        db.session.add(row)
        db.session.flush()
        _set_ticket_types(row, types)
        _record(actor, "registration.create_add_on", row, now)
        return row.id


def change_add_on(actor: Actor, edition_id: int, add_on_id: int, now: datetime, **changes: Any) -> None:
    """Change an add-on; what was booked stays as it is, at its price.

    `changes` are columns of an add-on other than its code, and `ticket_type_codes`. Raises AddOnMissing, Invalid,
    TicketTypeMissing.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise TypeError(f"cannot be changed: {sorted(unknown)}")
    with atomic():
        row = _lock(edition_id, add_on_id)
        columns = {name: value for name, value in changes.items() if name != "ticket_type_codes"}
        _check_values({name: getattr(row, name) for name in CHANGEABLE - {"ticket_type_codes"}} | columns)
        for name, value in columns.items():
            setattr(row, name, value)
        db.session.flush()
        if "ticket_type_codes" in changes:
            _set_ticket_types(row, changes["ticket_type_codes"])
        _record(actor, "registration.change_add_on", row, now, changed=sorted(changes))


def delete_add_on(actor: Actor, edition_id: int, add_on_id: int, now: datetime) -> None:
    """Delete an add-on that was never booked; the caller has checked that. Raises AddOnMissing."""
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        row = _lock(edition_id, add_on_id)
        for link in (AddOnTicketType, QuotaAddOn):
            db.session.execute(delete(link).where(link.add_on_id == add_on_id))
        db.session.delete(row)
        db.session.flush()
        _record(actor, "registration.delete_add_on", row, now)


def _lock(edition_id: int, add_on_id: int) -> AddOn:
    row = lock(AddOn, add_on_id)
    if row is None or row.edition_id != edition_id:
        raise AddOnMissing(str(add_on_id))
    return row


def _set_ticket_types(row: AddOn, codes: Sequence[str]) -> None:
    rows = db.session.execute(select(TicketType.code, TicketType.id).where(TicketType.edition_id == row.edition_id))
    types = {each.code: each.id for each in rows}
    for code in codes:
        if code not in types:
            raise TicketTypeMissing(code)
    db.session.execute(delete(AddOnTicketType).where(AddOnTicketType.add_on_id == row.id))
    if codes:
        links = [{"add_on_id": row.id, "ticket_type_id": types[code]} for code in dict.fromkeys(codes)]
        db.session.execute(insert(AddOnTicketType), links)


def _check_values(values: Mapping[str, Any]) -> None:
    if not values.get("name") or not all(values["name"].values()):
        raise Invalid("name_empty", field="name")
    if values["price_cents"] < 0:
        raise Invalid("price_negative", field="price_cents")
    if not 1 <= values["max_per_attendee"] <= MAX_PER_ATTENDEE:
        raise Invalid("number_out_of_range", field="max_per_attendee", minimum=1, maximum=MAX_PER_ATTENDEE)
    starts, ends = values["sale_starts_at"], values["sale_ends_at"]
    if starts is not None and ends is not None and ends <= starts:
        raise Invalid("dates_reversed", field="sale_ends_at")


def _record(actor: Actor, action: str, row: AddOn, now: datetime, **details: object) -> None:
    record_act(
        actor,
        action,
        now,
        edition_id=row.edition_id,
        subject="add_on",
        subject_id=row.id,
        code=row.code,
        **details,
    )
