"""Queries on add-ons."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from expo.editions.models import Edition
from expo.infra.db import db
from expo.pure.capacity import scarcest
from expo.pure.versions import version_of
from expo.tickets.errors import AddOnMissing
from expo.tickets.models import AddOn, AddOnTicketType, TicketType
from expo.tickets.queries.quotas import QuotaRow, list_quotas
from expo.tickets.rules import AddOnOffer, SaleState, sale_state


@dataclass(frozen=True)
class AddOnRow:
    """An add-on as offered, with the places left. Without ticket types, it is offered with all of them.

    `own_quota` is the quota that only this add-on uses, from which its number of places is taken.
    """

    id: int
    code: str
    name: dict[str, str]
    description: dict[str, str]
    price_cents: int
    currency: str
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    max_per_attendee: int
    is_public: bool
    position: int
    ticket_type_codes: tuple[str, ...]
    own_quota: QuotaRow | None
    shared_quotas: tuple[QuotaRow, ...]
    places_left: int | None
    sale_state: SaleState

    @property
    def size(self) -> int | None:
        """The number of places of its own; None means unlimited."""
        return self.own_quota.size if self.own_quota else None

    @property
    def version(self) -> str:
        """Identifies the values, for detecting concurrent changes; how many places are taken is not part of it."""
        return version_of(
            self.name,
            self.description,
            self.price_cents,
            self.sale_starts_at,
            self.sale_ends_at,
            self.max_per_attendee,
            self.is_public,
            self.ticket_type_codes,
            self.size,
            [each.name for each in self.shared_quotas],
        )

    def is_offered_with(self, ticket_type_code: str) -> bool:
        """Return whether it is offered with a ticket type."""
        return not self.ticket_type_codes or ticket_type_code in self.ticket_type_codes


def list_add_ons(edition_id: int, now: datetime, *, public_only: bool = False) -> list[AddOnRow]:
    """Return the add-ons of an edition in order, each with the places left and whether it is on sale."""
    query = (
        select(AddOn, Edition.currency)
        .join(Edition, Edition.id == AddOn.edition_id)
        .where(AddOn.edition_id == edition_id)
        .order_by(AddOn.position, AddOn.id)
    )
    if public_only:
        query = query.where(AddOn.is_public)
    rows = db.session.execute(query).all()
    if not rows:
        return []
    types = _types_by_add_on(edition_id)
    quotas = list_quotas(edition_id)
    return [_row(each, currency, types.get(each.id, []), quotas, now) for each, currency in rows]


def get_add_on(edition_id: int, code: str, now: datetime) -> AddOnRow:
    """Return one add-on of an edition. Raises AddOnMissing."""
    found = next((each for each in list_add_ons(edition_id, now) if each.code == code), None)
    if found is None:
        raise AddOnMissing(code)
    return found


def name_add_ons(edition_id: int) -> dict[str, dict[str, str]]:
    """Return the names of an edition's add-ons by code, in their order."""
    rows = db.session.execute(
        select(AddOn.code, AddOn.name).where(AddOn.edition_id == edition_id).order_by(AddOn.position, AddOn.id)
    )
    return {row.code: row.name for row in rows}


def find_add_on_offers(edition_id: int, codes: Collection[str]) -> dict[str, AddOnOffer]:
    """Return the add-ons with these codes as needed to check an order, by code."""
    if not codes:
        return {}
    rows = db.session.execute(
        select(
            AddOn.id,
            AddOn.code,
            AddOn.price_cents,
            AddOn.sale_starts_at,
            AddOn.sale_ends_at,
            AddOn.max_per_attendee,
            AddOn.is_public,
        ).where(AddOn.edition_id == edition_id, AddOn.code.in_(sorted(set(codes))))
    ).all()
    types = _types_by_add_on(edition_id)
    quotas = list_quotas(edition_id)
    return {
        row.code: replace(
            AddOnOffer(*row),
            ticket_type_codes=tuple(types.get(row.id, ())),
            quotas=tuple((each.id, each.left) for each in quotas if row.code in each.add_on_codes),
        )
        for row in rows
    }


def _types_by_add_on(edition_id: int) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for add_on_id, code in db.session.execute(
        select(AddOnTicketType.add_on_id, TicketType.code)
        .join(TicketType, TicketType.id == AddOnTicketType.ticket_type_id)
        .where(TicketType.edition_id == edition_id)
        .order_by(TicketType.position, TicketType.number)
    ):
        found.setdefault(add_on_id, []).append(code)
    return found


def _row(each: AddOn, currency: str, types: Sequence[str], quotas: Iterable[QuotaRow], now: datetime) -> AddOnRow:
    used = [quota for quota in quotas if each.code in quota.add_on_codes]
    own = [quota for quota in used if not quota.ticket_type_codes and quota.add_on_codes == (each.code,)]
    left = scarcest(quota.left for quota in used)
    return AddOnRow(
        id=each.id,
        code=each.code,
        name=each.name,
        description=each.description,
        price_cents=each.price_cents,
        currency=currency,
        sale_starts_at=each.sale_starts_at,
        sale_ends_at=each.sale_ends_at,
        max_per_attendee=each.max_per_attendee,
        is_public=each.is_public,
        position=each.position,
        ticket_type_codes=tuple(types),
        own_quota=own[0] if own else None,
        shared_quotas=tuple(quota for quota in used if quota not in own[:1]),
        places_left=left,
        sale_state=sale_state(each.sale_starts_at, each.sale_ends_at, left, now),
    )
