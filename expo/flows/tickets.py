"""Change ticket types and quotas, considering the places already held."""

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
    """Create a ticket type that takes its places from these quotas, and return its id.

    Raises the errors of `create_ticket_type` and `change_quota`.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        type_id = create_ticket_type(actor, edition_id, code=code, now=now, **values)
        _set_quotas(actor, edition_id, code, quota_ids, now)
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
    """Change a ticket type and the quotas it takes its places from.

    Raises the errors of `change_ticket_type` and `change_quota`.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        changes = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changes:
            change_ticket_type(actor, edition_id, row.id, now, **changes)
        _set_quotas(actor, edition_id, row.code, quota_ids, now)


@retried
def create_quota(
    actor: Actor,
    edition_id: int,
    name: str,
    size: int | None,
    ticket_type_codes: Sequence[str],
    now: datetime,
    add_on_codes: Sequence[str] = (),
) -> int:
    """Create a quota of `size` places shared by ticket types and add-ons (None means unlimited), and return its id.

    Counts places that attendees already hold. Raises Conflict `quota_exists` or `quota_below_taken`, TicketTypeMissing,
    AddOnMissing.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        lock_quotas(edition_id)
        held = count_held_places(edition_id, ticket_type_codes, add_on_codes)
        return services.create_quota(actor, edition_id, name, size, ticket_type_codes, held, now, add_on_codes)


@retried
def change_quota(
    actor: Actor,
    edition_id: int,
    quota_id: int,
    size: int | None,
    ticket_type_codes: Sequence[str],
    now: datetime,
    add_on_codes: Sequence[str] | None = None,
) -> None:
    """Change the size, ticket types or add-ons of a quota and recount the places that attendees hold.

    Without `add_on_codes` its add-ons stay. Raises Missing `quota_missing`, Conflict `quota_below_taken`,
    TicketTypeMissing, AddOnMissing.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        lock_quotas(edition_id)
        if add_on_codes is None:
            add_on_codes = next((each.add_on_codes for each in list_quotas(edition_id) if each.id == quota_id), ())
        held = count_held_places(edition_id, ticket_type_codes, add_on_codes)
        services.change_quota(actor, edition_id, quota_id, size, ticket_type_codes, held, now, add_on_codes)


def _set_quotas(actor: Actor, edition_id: int, code: str, quota_ids: Sequence[int], now: datetime) -> None:
    """Make a ticket type take places from exactly these quotas; unaffected quotas are not written."""
    quotas = list_quotas(edition_id)
    if not set(quota_ids) <= {each.id for each in quotas}:
        raise Missing("quota_missing")
    for quota in quotas:
        is_assigned = code in quota.ticket_type_codes
        if is_assigned == (quota.id in quota_ids):
            continue
        others = [each for each in quota.ticket_type_codes if each != code]
        change_quota(actor, edition_id, quota.id, quota.size, others if is_assigned else [*others, code], now)
