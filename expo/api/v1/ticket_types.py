"""Ticket types that attendees can register for."""

from datetime import date

from pydantic import AwareDatetime, Field

from expo.api.authentication import Call
from expo.api.pagination import read_cursor, write_cursor
from expo.api.schemas import Page, PageQuery, Schema, Texts
from expo.api.v1.version import v1
from expo.tickets.queries import TicketTypeRow, list_ticket_types
from expo.tickets.rules import SaleState


class TicketTypeOut(Schema):
    """A ticket type and its current availability."""

    code: str
    name: Texts
    description: Texts
    price_cents: int
    currency: str
    sale_starts_at: AwareDatetime | None
    sale_ends_at: AwareDatetime | None
    sale_state: SaleState
    places_left: int | None = Field(description="null if there is no limit")
    max_per_order: int
    requires_approval: bool
    is_public: bool
    band: int
    valid_from: date
    valid_days: int
    party: int = Field(description="How many people one badge admits")


@v1.route("GET", "/ticket-types", group="Registration")
def get_ticket_types(call: Call, query: PageQuery) -> Page[TicketTypeOut]:
    """List ticket types."""
    after = read_cursor(query.cursor) or 0
    rows = sorted(
        (row for row in list_ticket_types(call.edition_id, call.now) if row.id > after), key=lambda row: row.id
    )
    page = rows[: query.limit]
    return Page[TicketTypeOut](
        items=[_out(row) for row in page], next=write_cursor(page[-1].id) if len(rows) > query.limit else None
    )


def _out(row: TicketTypeRow) -> TicketTypeOut:
    return TicketTypeOut(
        code=row.code,
        name=row.name,
        description=row.description,
        price_cents=row.price_cents,
        currency=row.currency,
        sale_starts_at=row.sale_starts_at,
        sale_ends_at=row.sale_ends_at,
        sale_state=row.sale_state,
        places_left=row.places_left,
        max_per_order=row.max_per_order,
        requires_approval=row.requires_approval,
        is_public=row.is_public,
        band=row.band,
        valid_from=row.valid_from,
        valid_days=row.valid_days,
        party=row.party,
    )
