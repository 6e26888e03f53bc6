"""Queries on ticket types."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, bindparam, select

from expo.editions.models import Edition
from expo.infra.db import core_connection, db
from expo.infra.direct import fetch_direct
from expo.pure.capacity import places_left, scarcest
from expo.tickets.errors import TicketTypeMissing
from expo.tickets.models import Quota, QuotaTicketType, TicketType
from expo.tickets.rules import Offer, SaleState, sale_state


@dataclass(frozen=True)
class TicketTypeRow:
    """A ticket type as offered, with the places left."""

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
    door_note: dict[str, str]
    party: int


def list_ticket_types(edition_id: int, now: datetime, *, public_only: bool = False) -> list[TicketTypeRow]:
    """Return the ticket types of an edition in order, each with the places left and whether it is on sale."""
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


_type, _edition, _quota, _quota_type = (
    cast("Table", model.__table__) for model in (TicketType, Edition, Quota, QuotaTicketType)
)
# A Core statement, built once, because every registration runs it.
_OFFERS = (
    select(
        _type.c.id,
        _type.c.code,
        _type.c.name,
        _type.c.number,
        _type.c.band,
        _type.c.valid_from,
        _type.c.valid_days,
        _type.c.price_cents,
        _edition.c.currency,
        _type.c.requires_approval,
        _type.c.is_public,
        _type.c.sale_starts_at,
        _type.c.sale_ends_at,
        _type.c.max_per_order,
        _quota.c.id.label("quota_id"),
        _quota.c.size,
        _quota.c.taken,
    )
    .join(_edition, _edition.c.id == _type.c.edition_id)
    .outerjoin(_quota_type, _quota_type.c.ticket_type_id == _type.c.id)
    .outerjoin(_quota, _quota.c.id == _quota_type.c.quota_id)
    .where(_type.c.edition_id == bindparam("edition_id"), _type.c.code.in_(bindparam("codes", expanding=True)))
)


def find_offers(edition_id: int, codes: Iterable[str]) -> dict[str, Offer]:
    """Return the ticket types with these codes and their quotas, by code, in one statement."""
    found: dict[str, Offer] = {}
    quotas: dict[str, list[tuple[int | None, int]]] = {}
    values = {"edition_id": edition_id, "codes": sorted(set(codes))}
    for row in fetch_direct(core_connection(), _OFFERS, values):
        *columns, quota_id, size, taken = tuple(row)
        found.setdefault(row.code, Offer(*columns))
        if quota_id is not None:
            quotas.setdefault(row.code, []).append((size, taken))
    return {code: replace(offer, quotas=tuple(quotas.get(code, ()))) for code, offer in found.items()}


def _places_left_by_type(edition_id: int) -> dict[int, int | None]:
    left_by_type: dict[int, list[int | None]] = {}
    for ticket_type_id, size, taken in db.session.execute(
        select(QuotaTicketType.ticket_type_id, Quota.size, Quota.taken)
        .join(Quota, Quota.id == QuotaTicketType.quota_id)
        .where(Quota.edition_id == edition_id)
    ):
        left_by_type.setdefault(ticket_type_id, []).append(places_left(size, taken))
    return {ticket_type_id: scarcest(each) for ticket_type_id, each in left_by_type.items()}


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
        door_note=each.door_note,
        party=each.party,
    )
