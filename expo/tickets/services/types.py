"""Services for ticket types."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import lock_dates
from expo.errors import Conflict, Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.door_days import DayRange, move_days
from expo.tickets.errors import TicketTypeMissing
from expo.tickets.models import TicketType

BANDS = 8
MAX_DAYS = 255
MAX_TYPES = 255
MAX_CODE_LENGTH = 32
MAX_PARTY = 1000
CHANGEABLE = frozenset(
    {
        "name",
        "description",
        "price_cents",
        "sale_starts_at",
        "sale_ends_at",
        "max_per_order",
        "requires_approval",
        "is_public",
        "band",
        "valid_from",
        "valid_days",
        "position",
        "door_note",
        "party",
    }
)


def create_ticket_type(
    actor: Actor,
    edition_id: int,
    *,
    code: str,
    name: dict[str, str],
    now: datetime,
    description: dict[str, str] | None = None,
    price_cents: int = 0,
    sale_starts_at: datetime | None = None,
    sale_ends_at: datetime | None = None,
    max_per_order: int = 10,
    requires_approval: bool = False,
    is_public: bool = True,
    band: int = 0,
    valid_from: date | None = None,
    valid_days: int | None = None,
    door_note: dict[str, str] | None = None,
    party: int = 1,
) -> int:
    """Create a ticket type and return its id; by default it is valid on all days of the edition.

    Raises Invalid, or Conflict `ticket_type_exists`.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    code = check_code(code)
    values: dict[str, Any] = {
        "name": name,
        "description": description or {},
        "price_cents": price_cents,
        "sale_starts_at": sale_starts_at,
        "sale_ends_at": sale_ends_at,
        "max_per_order": max_per_order,
        "requires_approval": requires_approval,
        "is_public": is_public,
        "band": band,
        "door_note": door_note or {},
        "party": party,
    }
    with atomic():
        expo = lock_dates(edition_id)
        values["valid_from"] = valid_from or expo.first
        values["valid_days"] = valid_days or expo.days
        _check_values(values, expo.first)
        highest, exists = db.session.execute(
            select(func.max(TicketType.number), func.count().filter(TicketType.code == code)).where(
                TicketType.edition_id == edition_id
            )
        ).one()
        if exists:
            raise Conflict("ticket_type_exists", ticket_type=code)
        if (highest or 0) >= MAX_TYPES:
            raise Invalid("number_out_of_range", field="code", maximum=MAX_TYPES)
        number = (highest or 0) + 1
        ticket_type = TicketType(edition_id=edition_id, code=code, number=number, position=number, **values)
        db.session.add(ticket_type)
        db.session.flush()
        record_act(
            actor,
            "registration.create_ticket_type",
            now,
            edition_id=edition_id,
            subject="ticket_type",
            subject_id=ticket_type.id,
            code=code,
        )
        return ticket_type.id


def change_ticket_type(actor: Actor, edition_id: int, ticket_type_id: int, now: datetime, **changes: Any) -> None:
    """Change a ticket type; badges already issued keep their days.

    `changes` are columns of a ticket type other than its code and number. Raises TicketTypeMissing, Invalid.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    unknown = set(changes) - CHANGEABLE
    if unknown:
        raise TypeError(f"cannot be changed: {sorted(unknown)}")
    with atomic():
        expo = lock_dates(edition_id)
        row = lock(TicketType, ticket_type_id)
        if row is None or row.edition_id != edition_id:
            raise TicketTypeMissing(str(ticket_type_id))
        _check_values({name: getattr(row, name) for name in CHANGEABLE} | changes, expo.first)
        for name, value in changes.items():
            setattr(row, name, value)
        db.session.flush()
        record_act(
            actor,
            "registration.change_ticket_type",
            now,
            edition_id=edition_id,
            subject="ticket_type",
            subject_id=ticket_type_id,
            changed=sorted(changes),
        )


def move_ticket_days(edition_id: int, before: DayRange, after: DayRange) -> None:
    """Move the days of ticket types along with the expo's, in the open transaction."""
    for row in db.session.scalars(select(TicketType).where(TicketType.edition_id == edition_id)):
        moved = move_days(DayRange.of(row.valid_from, row.valid_days), before, after)
        row.valid_from, row.valid_days = moved.first, moved.days
    db.session.flush()


def check_code(code: str) -> str:
    """Return the code of a ticket type or add-on. Raises Invalid `code_invalid`."""
    if not code or len(code) > MAX_CODE_LENGTH or not code.replace("-", "").replace("_", "").isalnum():
        raise Invalid("code_invalid", field="code")
    return code


def _check_values(values: dict[str, Any], first_day: date) -> None:
    if not values["name"] or not all(values["name"].values()):
        raise Invalid("name_empty", field="name")
    if values["price_cents"] < 0:
        raise Invalid("price_negative", field="price_cents")
    limits = (("max_per_order", 1, 50), ("band", 0, BANDS - 1), ("valid_days", 1, MAX_DAYS), ("party", 1, MAX_PARTY))
    for field, lowest, highest in limits:
        if not lowest <= values[field] <= highest:
            raise Invalid("number_out_of_range", field=field, minimum=lowest, maximum=highest)
    if not 0 <= (values["valid_from"] - first_day).days <= MAX_DAYS:
        raise Invalid("valid_from_outside", field="valid_from")
    starts, ends = values["sale_starts_at"], values["sale_ends_at"]
    if starts is not None and ends is not None and ends <= starts:
        raise Invalid("dates_reversed", field="sale_ends_at")
