"""When a ticket type is on sale, and how many of it one order may contain. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from expo.errors import Conflict, Invalid
from expo.pure.capacity import places_left
from expo.tickets.errors import SoldOut, TicketTypeMissing


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


def sale_state(
    sale_starts_at: datetime | None, sale_ends_at: datetime | None, left: int | None, now: datetime
) -> SaleState:
    """Return the sale state of a ticket type at `now`; the sale period takes precedence over the places left."""
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
