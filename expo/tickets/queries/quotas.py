"""Queries on quotas."""

from dataclasses import dataclass

from sqlalchemy import select

from expo.infra.db import db
from expo.pure.capacity import places_left
from expo.tickets.models import AddOn, Quota, QuotaAddOn, QuotaTicketType, TicketType


@dataclass(frozen=True)
class QuotaRow:
    """A quota with the ticket types and add-ons that share it."""

    id: int
    name: str
    size: int | None
    taken: int
    ticket_type_codes: tuple[str, ...]
    add_on_codes: tuple[str, ...] = ()

    @property
    def left(self) -> int | None:
        """The places left; None means unlimited."""
        return places_left(self.size, self.taken)


def list_quotas(edition_id: int) -> list[QuotaRow]:
    """Return the quotas of an edition by name, each with its ticket types and add-ons."""
    codes: dict[int, list[str]] = {}
    for quota_id, code in db.session.execute(
        select(QuotaTicketType.quota_id, TicketType.code)
        .join(TicketType, TicketType.id == QuotaTicketType.ticket_type_id)
        .where(TicketType.edition_id == edition_id)
        .order_by(TicketType.position, TicketType.number)
    ):
        codes.setdefault(quota_id, []).append(code)
    add_ons: dict[int, list[str]] = {}
    for quota_id, code in db.session.execute(
        select(QuotaAddOn.quota_id, AddOn.code)
        .join(AddOn, AddOn.id == QuotaAddOn.add_on_id)
        .where(AddOn.edition_id == edition_id)
        .order_by(AddOn.position, AddOn.id)
    ):
        add_ons.setdefault(quota_id, []).append(code)
    quotas = db.session.execute(
        select(Quota.id, Quota.name, Quota.size, Quota.taken)
        .where(Quota.edition_id == edition_id)
        .order_by(Quota.name, Quota.id)
    )
    return [QuotaRow(*row, tuple(codes.get(row.id, ())), tuple(add_ons.get(row.id, ()))) for row in quotas]
