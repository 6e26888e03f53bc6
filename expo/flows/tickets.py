"""Tickets: ticket types, the quotas they take places from, and the places that are held already."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Missing
from expo.infra.db import atomic, retried
from expo.registration.queries import count_held_places
from expo.tickets import services
from expo.tickets.queries import TicketTypeRow, list_quotas
from expo.tickets.services import change_ticket_type, create_ticket_type, lock_quotas


@retried
def offer_ticket_type(
    actor: Actor, edition_id: int, code: str, values: Mapping[str, Any], quota_ids: Sequence[int], now: datetime
) -> int:
    """Offer a ticket type that takes its places from these quotas, and return its id.

    Raises what `create_ticket_type` and `change_quota` raise.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        type_id = create_ticket_type(actor, edition_id, code=code, now=now, **values)
        _take_from(actor, edition_id, code, quota_ids, now)
        return type_id


@retried
def reoffer_ticket_type(
    actor: Actor,
    edition_id: int,
    row: TicketTypeRow,
    values: Mapping[str, Any],
    quota_ids: Sequence[int],
    now: datetime,
) -> None:
    """Change a ticket type and the quotas that it takes its places from.

    Raises what `change_ticket_type` and `change_quota` raise.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        changes = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changes:
            change_ticket_type(actor, edition_id, row.id, now, **changes)
        _take_from(actor, edition_id, row.code, quota_ids, now)


@retried
def create_quota(
    actor: Actor, edition_id: int, name: str, size: int | None, ticket_type_codes: Sequence[str], now: datetime
) -> int:
    """Limit ticket types to `size` places that they share (None counts without a limit), and return the quota's id.

    Places that attendees hold already count. Raises Conflict `quota_exists` or `quota_below_taken`, TicketTypeMissing.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        lock_quotas(edition_id)
        held = count_held_places(edition_id, ticket_type_codes)
        return services.create_quota(actor, edition_id, name, size, ticket_type_codes, held, now)


@retried
def change_quota(
    actor: Actor, edition_id: int, quota_id: int, size: int | None, ticket_type_codes: Sequence[str], now: datetime
) -> None:
    """Give a quota another size or other ticket types; the places that attendees hold are counted again.

    Raises Missing `quota_missing`, Conflict `quota_below_taken`, TicketTypeMissing.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        lock_quotas(edition_id)
        held = count_held_places(edition_id, ticket_type_codes)
        services.change_quota(actor, edition_id, quota_id, size, ticket_type_codes, held, now)


def _take_from(actor: Actor, edition_id: int, code: str, quota_ids: Sequence[int], now: datetime) -> None:
    """Let a ticket type take from these quotas and no others; quotas that stay as they are, are not touched."""
    quotas = list_quotas(edition_id)
    if not set(quota_ids) <= {each.id for each in quotas}:
        raise Missing("quota_missing")
    for quota in quotas:
        takes = code in quota.ticket_type_codes
        if takes == (quota.id in quota_ids):
            continue
        others = [each for each in quota.ticket_type_codes if each != code]
        change_quota(actor, edition_id, quota.id, quota.size, others if takes else [*others, code], now)
