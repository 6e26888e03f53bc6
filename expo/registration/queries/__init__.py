"""Reads of ticket types, quotas, orders and attendees: frozen rows, always of one edition."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, false, func, select, union

from expo.accounts.rules import fold_email
from expo.editions.models import Edition
from expo.infra.audit import Act, AuditEntry
from expo.infra.db import db, run_core
from expo.pure.capacity import places_left, scarcest
from expo.pure.door_days import DayRange
from expo.pure.names import identity_key
from expo.registration.errors import AttendeeMissing, OrderMissing, TicketTypeMissing
from expo.registration.models import Attendee, Order, OrderLine, Quota, QuotaTicketType, TicketType
from expo.registration.queries.ordering import AttendeeOrder, order_by
from expo.registration.queries.search import find_similar, match_score, matches
from expo.registration.rules import HOLDING_STATES, AttendeeState, OrderState, SaleState, is_paid, sale_state

# Fewer than this are shown together with those whose names are alike.
FEW = 10
DEFAULT_LIMIT = 50
MAX_LIMIT = 500


@dataclass(frozen=True)
class TicketTypeRow:
    """A ticket type as offered, with what is left of it."""

    id: int
    number: int
    code: str
    name: dict[str, str]
    description: dict[str, str]
    price_cents: int
    currency: str
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    max_per_order: int
    requires_approval: bool
    is_public: bool
    band: int
    valid_from: date
    valid_days: int
    position: int
    places_left: int | None
    sale_state: SaleState


@dataclass(frozen=True)
class QuotaRow:
    """A quota with the ticket types that take from it."""

    id: int
    name: str
    size: int | None
    taken: int
    ticket_type_codes: tuple[str, ...]

    @property
    def left(self) -> int | None:
        """How many places are left; None is without limit."""
        return places_left(self.size, self.taken)


@dataclass(frozen=True)
class QuotaCount:
    """A quota's counter beside the places that attendees really hold."""

    quota_id: int
    name: str
    taken: int
    counted: int

    @property
    def agrees(self) -> bool:
        """Whether the counter is right."""
        return self.taken == self.counted


@dataclass(frozen=True)
class AttendeeRow:
    """An attendee with what pages, badges and the API say of the ticket type and the order."""

    id: int
    edition_id: int
    code: str
    order_id: int
    order_code: str
    order_state: OrderState
    order_person_id: int
    is_paid: bool
    person_id: int
    name: str
    latin_name: str
    email: str
    country: str
    company: str
    job_title: str
    language: str
    state: AttendeeState
    ticket_type_id: int
    ticket_type_code: str
    ticket_type_number: int
    ticket_type_name: dict[str, str]
    band: int
    valid_from: date
    valid_days: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class OrderRow:
    """An order with its attendees in the order in which they were entered."""

    id: int
    edition_id: int
    code: str
    person_id: int
    email: str
    language: str
    state: OrderState
    total_cents: int
    currency: str
    paid_at: datetime | None
    paid_cents: int
    is_paid: bool
    source: str
    terms_version: str | None
    created_at: datetime
    confirmed_at: datetime | None
    expires_at: datetime | None
    attendees: tuple[AttendeeRow, ...]


@dataclass(frozen=True)
class AttendeeFilter:
    """What to look for among attendees; what is None or empty does not narrow the search."""

    q: str = ""
    ticket_type: str | None = None
    state: AttendeeState | None = None
    country: str | None = None
    updated_since: datetime | None = None
    is_paid: bool | None = None
    registered_after: datetime | None = None
    # Those whose order expires by then unless it is confirmed.
    expires_by: datetime | None = None
    codes: tuple[str, ...] = ()
    # Ids, as a query of a domain that stands above this one.
    among: Select[int] | None = None


@dataclass(frozen=True)
class AttendeePage:
    """Some of the attendees found, in order; `next_cursor` asks for those after them, None ends the list."""

    rows: tuple[AttendeeRow, ...]
    next_cursor: int | None


def ticket_days(edition_id: int) -> dict[int, DayRange]:
    """Return the days that each ticket type of an edition is for."""
    rows = run_core(_TICKET_DAYS, {"edition_id": edition_id})
    return {row.id: DayRange.of(row.valid_from, row.valid_days) for row in rows}


# Core, and built once: this is read with every registration.
_TICKET_DAYS = select(TicketType.id, TicketType.valid_from, TicketType.valid_days).where(
    TicketType.edition_id == bindparam("edition_id")
)


def list_ticket_types(edition_id: int, now: datetime, *, public_only: bool = False) -> list[TicketTypeRow]:
    """Return the ticket types of an edition in their order, each with the places left and whether it is on sale."""
    left = _places_left_by_type(edition_id)
    query = (
        select(TicketType, Edition.currency)
        .join(Edition, Edition.id == TicketType.edition_id)
        .where(TicketType.edition_id == edition_id)
        .order_by(TicketType.position, TicketType.number)
    )
    if public_only:
        query = query.where(TicketType.is_public)
    return [_ticket_type_row(each, currency, left.get(each.id), now) for each, currency in db.session.execute(query)]


def get_ticket_type(edition_id: int, code: str, now: datetime) -> TicketTypeRow:
    """Return one ticket type of an edition. Raises TicketTypeMissing."""
    for each in list_ticket_types(edition_id, now):
        if each.code == code:
            return each
    raise TicketTypeMissing(code)


def list_quotas(edition_id: int) -> list[QuotaRow]:
    """Return the quotas of an edition by name, each with its ticket types."""
    codes: dict[int, list[str]] = {}
    for quota_id, code in db.session.execute(
        select(QuotaTicketType.quota_id, TicketType.code)
        .join(TicketType, TicketType.id == QuotaTicketType.ticket_type_id)
        .where(TicketType.edition_id == edition_id)
        .order_by(TicketType.position, TicketType.number)
    ):
        codes.setdefault(quota_id, []).append(code)
    quotas = db.session.execute(
        select(Quota.id, Quota.name, Quota.size, Quota.taken)
        .where(Quota.edition_id == edition_id)
        .order_by(Quota.name, Quota.id)
    )
    return [QuotaRow(*row, tuple(codes.get(row.id, ()))) for row in quotas]


def recount_quotas(edition_id: int) -> list[QuotaCount]:
    """Return every quota of an edition with its counter and the places that attendees really hold."""
    held = (
        select(QuotaTicketType.quota_id, func.count(Attendee.id).label("counted"))
        .join(Attendee, Attendee.ticket_type_id == QuotaTicketType.ticket_type_id)
        .where(Attendee.edition_id == edition_id, Attendee.state.in_([state.value for state in HOLDING_STATES]))
        .group_by(QuotaTicketType.quota_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Quota.id, Quota.name, Quota.taken, func.coalesce(held.c.counted, 0))
        .outerjoin(held, held.c.quota_id == Quota.id)
        .where(Quota.edition_id == edition_id)
        .order_by(Quota.id)
    )
    return [QuotaCount(*row) for row in rows]


def search_attendees(
    edition_id: int,
    wanted: AttendeeFilter,
    *,
    cursor: int | None = None,
    limit: int = DEFAULT_LIMIT,
    order: AttendeeOrder | None = None,
) -> AttendeePage:
    """Return attendees of an edition who match every part of the filter, page by page.

    Unless an `order` is given the newest come first; with words to search for, those who match them best. Where few
    match, those whose names differ by a typing error follow.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    conditions = _conditions(edition_id, wanted)
    few = _find_few(edition_id, wanted, conditions)
    if few is not None:
        if order is not None:
            ordered = order_by(
                select(Attendee.id).where(Attendee.id.in_(few)), order.key(), is_descending=order.is_descending
            )
            few = list(db.session.scalars(ordered))
        start = few.index(cursor) + 1 if cursor in few else len(few) if cursor is not None else 0
        page = few[start : start + limit]
        return AttendeePage(tuple(list_attendees(edition_id, page)), page[-1] if len(few) > start + limit else None)
    query = _attendee_query().where(*conditions, *_words_match(wanted)).limit(limit + 1)
    if order is not None:
        query = order_by(query, order.key(), is_descending=order.is_descending, cursor=cursor)
    elif wanted.q.strip():
        query = order_by(query, match_score(wanted.q), is_descending=True, cursor=cursor)
    else:
        query = query.order_by(Attendee.id.desc())
        if cursor is not None:
            query = query.where(Attendee.id < cursor)
    rows = [_attendee_row(row) for row in db.session.execute(query)]
    more = len(rows) > limit
    return AttendeePage(tuple(rows[:limit]), rows[limit - 1].id if more else None)


def count_attendees(edition_id: int, wanted: AttendeeFilter) -> int:
    """Return how many attendees of an edition match the filter."""
    conditions = _conditions(edition_id, wanted)
    few = _find_few(edition_id, wanted, conditions)
    if few is not None:
        return len(few)
    query = select(func.count()).select_from(Attendee).where(*conditions, *_words_match(wanted))
    return db.session.scalar(query) or 0


def _words_match(wanted: AttendeeFilter) -> list[ColumnElement[bool]]:
    return [matches(wanted.q)] if wanted.q.strip() else []


def _find_few(edition_id: int, wanted: AttendeeFilter, conditions: list[ColumnElement[bool]]) -> list[int] | None:
    """Return the ids of all who match where they are few, with those found by a typing error behind them."""
    if not wanted.q.strip():
        return None
    # Not in their order yet: the database stops at the tenth, so what is frequent costs next to nothing.
    found = db.session.execute(
        select(Attendee.id, match_score(wanted.q)).where(*conditions, matches(wanted.q)).limit(FEW)
    ).all()
    if len(found) == FEW:
        return None
    exact = [attendee_id for attendee_id, _score in sorted(found, key=lambda row: (-row[1], -row[0]))]
    similar = find_similar(edition_id, wanted.q)
    kept = (
        set(db.session.scalars(select(Attendee.id).where(*conditions, Attendee.id.in_(similar)))) if similar else set()
    )
    return exact + [each for each in similar if each in kept and each not in exact]


def get_attendee(edition_id: int, code: str) -> AttendeeRow:
    """Return the attendee of an edition with this code. Raises AttendeeMissing."""
    return _one_attendee(Attendee.edition_id == edition_id, Attendee.code == code)


def get_attendee_by_id(edition_id: int, attendee_id: int) -> AttendeeRow:
    """Return one attendee of an edition. Raises AttendeeMissing."""
    return _one_attendee(Attendee.edition_id == edition_id, Attendee.id == attendee_id)


def list_attendees(edition_id: int, attendee_ids: Sequence[int]) -> list[AttendeeRow]:
    """Return those of an edition's attendees who have these ids, in the order of the ids."""
    query = _attendee_query().where(Attendee.edition_id == edition_id, Attendee.id.in_(attendee_ids))
    found = {row.id: row for row in map(_attendee_row, db.session.execute(query))}
    return [found[attendee_id] for attendee_id in attendee_ids if attendee_id in found]


def list_attendees_of_person(person_id: int, edition_id: int) -> list[AttendeeRow]:
    """Return the attendees whom a person sees under /me: themselves, and those they registered."""
    # Two look-ups by index; one condition over both would read every attendee of the edition.
    ids = union(
        select(Attendee.id).where(Attendee.person_id == person_id),
        select(Attendee.id).join(Order, Order.id == Attendee.order_id).where(Order.person_id == person_id),
    )
    query = _attendee_query().where(Attendee.edition_id == edition_id, Attendee.id.in_(ids)).order_by(Attendee.id)
    return [_attendee_row(row) for row in db.session.execute(query)]


def list_confirmed_ids(edition_id: int, *, ticket_type: str | None = None, limit: int | None = None) -> list[int]:
    """Return the ids of confirmed attendees of an edition, by id: for printing and lists of tokens."""
    query = (
        select(Attendee.id)
        .where(Attendee.edition_id == edition_id, Attendee.state == AttendeeState.CONFIRMED.value)
        .order_by(Attendee.id)
    )
    if ticket_type is not None:
        query = query.join(TicketType, TicketType.id == Attendee.ticket_type_id).where(TicketType.code == ticket_type)
    return list(db.session.scalars(query.limit(limit) if limit is not None else query))


def get_order(edition_id: int, code: str) -> OrderRow:
    """Return the order of an edition with this code. Raises OrderMissing."""
    return _one_order(Order.edition_id == edition_id, Order.code == code)


def get_order_by_id(order_id: int) -> OrderRow:
    """Return one order, whatever its edition: for links that name it. Raises OrderMissing."""
    return _one_order(Order.id == order_id)


def attendee_history(edition_id: int, attendee_id: int, limit: int = 100) -> list[Act]:
    """Return what was done to an attendee, their badge and their order, the newest first. Raises AttendeeMissing."""
    attendee = get_attendee_by_id(edition_id, attendee_id)
    on_attendee = (AuditEntry.subject == "attendee") & (AuditEntry.subject_id == attendee_id)
    on_order = (AuditEntry.subject == "order") & (AuditEntry.subject_id == attendee.order_id)
    rows = db.session.execute(
        select(AuditEntry.at, AuditEntry.actor_kind, AuditEntry.actor_id, AuditEntry.action, AuditEntry.details)
        .where(on_attendee | on_order)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [Act(*row) for row in rows]


@dataclass(frozen=True)
class LineRow:
    """What one attendee of an order costs, with tax and discount."""

    attendee_id: int
    ticket_type_id: int
    price_cents: int
    discount_cents: int
    tax_rate: int
    tax_cents: int
    total_cents: int
    cancelled_at: datetime | None


def list_lines(order_id: int) -> list[LineRow]:
    """Return the lines of an order, cancelled ones too, in the order in which they were written."""
    columns = [getattr(OrderLine, name) for name in LineRow.__dataclass_fields__]
    rows = db.session.execute(select(*columns).where(OrderLine.order_id == order_id).order_by(OrderLine.id))
    return [LineRow(*row) for row in rows]


def list_same_person(
    edition_id: int, email: str, name: str, company: str, *, besides: AttendeeRow | None = None
) -> list[AttendeeRow]:
    """Return registrations that hold a place and may be the same person's: same address, or same name and company.

    Of one order the address says nothing, as whoever orders often gives their own for everybody. For staff alone:
    no public page may tell whether somebody is registered.
    """
    same_address = Attendee.email == fold_email(email)
    key = identity_key(name, company)
    same_name = (Attendee.identity_key == key) if key else false()
    query = (
        _attendee_query()
        .where(Attendee.edition_id == edition_id, Attendee.state.in_([state.value for state in HOLDING_STATES]))
        .order_by(Attendee.id)
        .limit(DEFAULT_LIMIT)
    )
    if besides is None:
        query = query.where(same_address | same_name)
    else:
        query = query.where(
            Attendee.id != besides.id, same_name | (same_address & (Attendee.order_id != besides.order_id))
        )
    return [_attendee_row(row) for row in db.session.execute(query)]


def _places_left_by_type(edition_id: int) -> dict[int, int | None]:
    lefts: dict[int, list[int | None]] = {}
    for ticket_type_id, size, taken in db.session.execute(
        select(QuotaTicketType.ticket_type_id, Quota.size, Quota.taken)
        .join(Quota, Quota.id == QuotaTicketType.quota_id)
        .where(Quota.edition_id == edition_id)
    ):
        lefts.setdefault(ticket_type_id, []).append(places_left(size, taken))
    return {ticket_type_id: scarcest(each) for ticket_type_id, each in lefts.items()}


def _ticket_type_row(each: TicketType, currency: str, left: int | None, now: datetime) -> TicketTypeRow:
    return TicketTypeRow(
        id=each.id,
        number=each.number,
        code=each.code,
        name=each.name,
        description=each.description,
        price_cents=each.price_cents,
        currency=currency,
        sale_starts_at=each.sale_starts_at,
        sale_ends_at=each.sale_ends_at,
        max_per_order=each.max_per_order,
        requires_approval=each.requires_approval,
        is_public=each.is_public,
        band=each.band,
        valid_from=each.valid_from,
        valid_days=each.valid_days,
        position=each.position,
        places_left=left,
        sale_state=sale_state(each.sale_starts_at, each.sale_ends_at, left, now),
    )


def _conditions(edition_id: int, wanted: AttendeeFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Attendee.edition_id == edition_id]
    if wanted.ticket_type:
        type_id = select(TicketType.id).where(
            TicketType.edition_id == edition_id, TicketType.code == wanted.ticket_type
        )
        conditions.append(Attendee.ticket_type_id == type_id.scalar_subquery())
    if wanted.state:
        conditions.append(Attendee.state == wanted.state.value)
    if wanted.country:
        conditions.append(Attendee.country == wanted.country.upper())
    if wanted.is_paid is not None:
        owed = select(Order.id).where(Order.edition_id == edition_id, Order.total_cents > 0, Order.paid_at.is_(None))
        unpaid = Attendee.order_id.in_(owed)
        conditions.append(~unpaid if wanted.is_paid else unpaid)
    if wanted.updated_since:
        conditions.append(Attendee.updated_at >= wanted.updated_since)
    if wanted.registered_after:
        conditions.append(Attendee.created_at > wanted.registered_after)
    if wanted.expires_by:
        expiring = select(Order.id).where(
            Order.edition_id == edition_id,
            Order.state == OrderState.UNCONFIRMED.value,
            Order.expires_at <= wanted.expires_by,
        )
        conditions.append(Attendee.order_id.in_(expiring))
    if wanted.codes:
        conditions.append(Attendee.code.in_(wanted.codes))
    if wanted.among is not None:
        conditions.append(Attendee.id.in_(wanted.among))
    return conditions


def _attendee_query() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Attendee.id,
            Attendee.edition_id,
            Attendee.code,
            Attendee.order_id,
            Order.code.label("order_code"),
            Order.state.label("order_state"),
            Order.person_id.label("order_person_id"),
            Order.total_cents,
            Order.paid_at,
            Attendee.person_id,
            Attendee.name,
            Attendee.latin_name,
            Attendee.email,
            Attendee.country,
            Attendee.company,
            Attendee.job_title,
            Attendee.language,
            Attendee.state,
            Attendee.ticket_type_id,
            TicketType.code.label("ticket_type_code"),
            TicketType.number.label("ticket_type_number"),
            TicketType.name.label("ticket_type_name"),
            TicketType.band,
            TicketType.valid_from,
            TicketType.valid_days,
            Attendee.created_at,
            Attendee.updated_at,
        )
        .join(Order, Order.id == Attendee.order_id)
        .join(TicketType, TicketType.id == Attendee.ticket_type_id)
    )


def _attendee_row(row: Any) -> AttendeeRow:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
    paid = is_paid(values.pop("total_cents"), values.pop("paid_at"))
    values.update(is_paid=paid, state=AttendeeState(values["state"]), order_state=OrderState(values["order_state"]))
    return AttendeeRow(**values)


def _one_attendee(*conditions: ColumnElement[bool]) -> AttendeeRow:
    row = db.session.execute(_attendee_query().where(*conditions)).one_or_none()
    if row is None:
        raise AttendeeMissing
    return _attendee_row(row)


def _one_order(*conditions: ColumnElement[bool]) -> OrderRow:
    order = db.session.scalars(
        select(Order).where(*conditions), execution_options={"populate_existing": True}
    ).one_or_none()
    if order is None:
        raise OrderMissing
    query = _attendee_query().where(Attendee.order_id == order.id).order_by(Attendee.position, Attendee.id)
    return OrderRow(
        id=order.id,
        edition_id=order.edition_id,
        code=order.code,
        person_id=order.person_id,
        email=order.email,
        language=order.language,
        state=OrderState(order.state),
        total_cents=order.total_cents,
        currency=order.currency,
        paid_at=order.paid_at,
        paid_cents=order.paid_cents,
        is_paid=is_paid(order.total_cents, order.paid_at),
        source=order.source,
        terms_version=order.terms_version,
        created_at=order.created_at,
        confirmed_at=order.confirmed_at,
        expires_at=order.expires_at,
        attendees=tuple(_attendee_row(row) for row in db.session.execute(query)),
    )
