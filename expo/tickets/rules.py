"""When a ticket type or add-on is on sale, and how many of it one order may contain. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from expo.errors import Conflict, Invalid
from expo.pure.capacity import places_left
from expo.tickets.errors import AddOnMissing, AddOnSoldOut, SoldOut, TicketTypeMissing


class SaleState(StrEnum):
    """Whether a ticket type is on sale."""

    NOT_YET = "not_yet"
    ON_SALE = "on_sale"
    ENDED = "ended"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True)
class Offer:
    """A ticket type as needed to check an order. `quotas`: (size, taken) of each quota it takes places from."""

    id: int
    code: str
    name: dict[str, str]
    number: int
    band: int
    valid_from: date
    valid_days: int
    price_cents: int
    currency: str
    requires_approval: bool
    is_public: bool
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    max_per_order: int
    quotas: tuple[tuple[int | None, int], ...] = ()


@dataclass(frozen=True)
class AddOnOffer:
    """An add-on as needed to check an order. `quotas`: the id of each quota it takes places from, and what is left."""

    id: int
    code: str
    price_cents: int
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    max_per_attendee: int
    is_public: bool
    ticket_type_codes: tuple[str, ...] = ()
    quotas: tuple[tuple[int, int | None], ...] = ()


@dataclass(frozen=True)
class AddOnUnits:
    """A number of units of an add-on, each of which takes a place."""

    add_on_id: int
    code: str
    quantity: int


# What one attendee wants: the code of the ticket type, and of each unit of an add-on.
AddOnRequest = tuple[str, Sequence[str]]


def sale_state(
    sale_starts_at: datetime | None, sale_ends_at: datetime | None, left: int | None, now: datetime
) -> SaleState:
    """Return the sale state of a ticket type or add-on; the sale period takes precedence over the places left."""
    if sale_starts_at is not None and now < sale_starts_at:
        return SaleState.NOT_YET
    if sale_ends_at is not None and now >= sale_ends_at:
        return SaleState.ENDED
    return SaleState.SOLD_OUT if left == 0 else SaleState.ON_SALE


def check_offers(codes: Iterable[str], offers: Mapping[str, Offer], now: datetime, *, for_public: bool) -> None:
    """Check that ticket types are on sale, in numbers allowed per order; `codes` has one entry per attendee.

    The public may order public types during their sale period; staff and API clients may issue any type at any time.
    Raises TicketTypeMissing, Conflict `not_on_sale` or `sale_ended`, Invalid `too_many_of_type`.
    """
    for code, count in Counter(codes).items():
        offer = offers.get(code)
        if offer is None or (for_public and not offer.is_public):
            raise TicketTypeMissing(code)
        if not for_public:
            continue
        state = sale_state(offer.sale_starts_at, offer.sale_ends_at, None, now)
        if state is SaleState.NOT_YET:
            raise Conflict("not_on_sale", ticket_type=code)
        if state is SaleState.ENDED:
            raise Conflict("sale_ended", ticket_type=code)
        if count > offer.max_per_order:
            raise Invalid("too_many_of_type", field="attendees", ticket_type=code, maximum=offer.max_per_order)


def check_places_left(codes: Iterable[str], offers: Mapping[str, Offer]) -> None:
    """Check that every quota has a place left for these ticket types. Raises SoldOut."""
    for code in codes:
        if any(places_left(size, taken) == 0 for size, taken in offers[code].quotas):
            raise SoldOut(code, 0)


def check_add_ons(
    wishes: Iterable[AddOnRequest], offers: Mapping[str, AddOnOffer], now: datetime, *, for_public: bool
) -> None:
    """Check that the add-ons of each attendee are offered to them, in numbers allowed per attendee.

    The public may choose public add-ons that are offered with the ticket during their sale period; staff and API
    clients may give any add-on at any time. Raises AddOnMissing, Conflict `add_on_not_on_sale`, `add_on_sale_ended` or
    `add_on_not_offered`, Invalid `too_many_of_add_on`.
    """
    for number, (ticket_type_code, codes) in enumerate(wishes):
        field = f"attendees-{number}-add_ons"
        for code, count in Counter(codes).items():
            offer = offers.get(code)
            if offer is None or (for_public and not offer.is_public):
                raise AddOnMissing(code)
            if count > offer.max_per_attendee:
                raise Invalid("too_many_of_add_on", field=field, add_on=code, maximum=offer.max_per_attendee)
            if for_public:
                _check_public_offer(offer, ticket_type_code, field, now)


def check_add_ons_left(wishes: Iterable[AddOnRequest], offers: Mapping[str, AddOnOffer]) -> None:
    """Check that every quota has a place left for these add-ons. Raises AddOnSoldOut."""
    for _ticket_type_code, codes in wishes:
        for code in codes:
            if any(left == 0 for _quota_id, left in offers[code].quotas):
                raise AddOnSoldOut(code, 0)


def _check_public_offer(offer: AddOnOffer, ticket_type_code: str, field: str, now: datetime) -> None:
    if offer.ticket_type_codes and ticket_type_code not in offer.ticket_type_codes:
        raise Conflict("add_on_not_offered", field=field, add_on=offer.code)
    state = sale_state(offer.sale_starts_at, offer.sale_ends_at, None, now)
    if state is SaleState.NOT_YET:
        raise Conflict("add_on_not_on_sale", field=field, add_on=offer.code)
    if state is SaleState.ENDED:
        raise Conflict("add_on_sale_ended", field=field, add_on=offer.code)
