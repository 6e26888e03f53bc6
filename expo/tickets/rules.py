"""When a ticket type can be had, and how many of it one order may hold. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from expo.errors import Conflict, Invalid
from expo.pure.capacity import places_left
from expo.tickets.errors import SoldOut, TicketTypeMissing


class SaleState(StrEnum):
    """Whether a ticket type can be had now."""

    NOT_YET = "not_yet"
    ON_SALE = "on_sale"
    ENDED = "ended"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True)
class Offer:
    """A ticket type as an order asks for it. `quotas`: (size, taken) of each that it takes a place from."""

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


def sale_state(
    sale_starts_at: datetime | None, sale_ends_at: datetime | None, left: int | None, now: datetime
) -> SaleState:
    """Return whether a ticket type can be had at `now`; the window counts before the places."""
    if sale_starts_at is not None and now < sale_starts_at:
        return SaleState.NOT_YET
    if sale_ends_at is not None and now >= sale_ends_at:
        return SaleState.ENDED
    return SaleState.SOLD_OUT if left == 0 else SaleState.ON_SALE


def check_offers(codes: Iterable[str], offers: Mapping[str, Offer], now: datetime, *, for_public: bool) -> None:
    """Accept ticket types that are offered now, in numbers that one order may hold; `codes` names one per attendee.

    The public sees public types within their window; staff and programs may give out any type at any time.
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
    """Accept ticket types none of whose quotas is full. Raises SoldOut."""
    for code in codes:
        if any(places_left(size, taken) == 0 for size, taken in offers[code].quotas):
            raise SoldOut(code, 0)
