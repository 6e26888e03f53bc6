"""Offer add-ons, considering what is booked, and give them to attendees."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from expo.accounts.rules import Actor, Permission, require
from expo.badges.queries import find_badge_of
from expo.badges.rules import is_valid
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.rules.facts import Rule
from expo.errors import Conflict, Missing
from expo.flows.desk import correct_attendee
from expo.flows.emails import notify_attendee
from expo.flows.tickets import change_quota, create_quota
from expo.infra.db import atomic, retried
from expo.pure.versions import require_version
from expo.registration.queries import AttendeeRow, is_add_on_booked
from expo.registration.rules import AttendeeChange, AttendeeState
from expo.registration.services import change_attendee_add_ons, exchange_add_ons
from expo.tickets import services
from expo.tickets.queries import AddOnRow, get_add_on, list_quotas
from expo.tickets.services import create_add_on, delete_quota, lock_quotas

MAX_QUOTA_NAME = 100


@retried
def offer_add_on(
    actor: Actor,
    edition_id: int,
    code: str,
    values: Mapping[str, Any],
    size: int | None,
    quota_ids: Sequence[int],
    now: datetime,
) -> None:
    """Create an add-on with `size` places of its own (None means unlimited) that also takes places from these quotas.

    Raises the errors of `create_add_on` and `change_quota`.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        create_add_on(actor, edition_id, code, now, **values)
        row = get_add_on(edition_id, code, now)
        _set_size(actor, edition_id, row, size, now)
        _set_shared_quotas(actor, edition_id, row, quota_ids, now)


@retried
def reoffer_add_on(
    actor: Actor,
    edition_id: int,
    code: str,
    values: Mapping[str, Any],
    size: int | None,
    quota_ids: Sequence[int],
    now: datetime,
    version: str | None = None,
) -> None:
    """Change an add-on, the number of its places, and the quotas that it shares.

    Raises AddOnMissing, Outdated, and the errors of `change_add_on` and `change_quota`.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        lock_quotas(edition_id)
        row = get_add_on(edition_id, code, now)
        require_version(version, row.version)
        changes = {name: value for name, value in values.items() if getattr(row, name) != value}
        if changes:
            services.change_add_on(actor, edition_id, row.id, now, **changes)
        _set_size(actor, edition_id, row, size, now)
        _set_shared_quotas(actor, edition_id, row, quota_ids, now)


@retried
def stop_selling_add_on(actor: Actor, edition_id: int, code: str, now: datetime) -> None:
    """End the sale of an add-on now; what is booked stays. Raises AddOnMissing, Conflict `add_on_sale_ended`."""
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        row = get_add_on(edition_id, code, now)
        if row.sale_ends_at is not None and row.sale_ends_at <= now:
            raise Conflict("add_on_sale_ended", add_on=code)
        starts_at = row.sale_starts_at if row.sale_starts_at is None or row.sale_starts_at < now else None
        services.change_add_on(actor, edition_id, row.id, now, sale_starts_at=starts_at, sale_ends_at=now)


@retried
def remove_add_on(actor: Actor, edition_id: int, code: str, now: datetime, version: str | None = None) -> None:
    """Delete an add-on that was never booked and that no checkpoint asks for, with the quota of its own.

    Raises AddOnMissing, Outdated, Conflict `add_on_in_use`.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        lock_quotas(edition_id)
        row = get_add_on(edition_id, code, now)
        require_version(version, row.version)
        if is_add_on_booked(row.id) or checkpoints_asking_for(edition_id, code):
            raise Conflict("add_on_in_use", add_on=code)
        services.delete_add_on(actor, edition_id, row.id, now)
        if row.own_quota is not None:
            delete_quota(actor, edition_id, row.own_quota.id, now)


@retried
def change_add_ons(
    actor: Actor, edition_id: int, attendee_id: int, wanted: Mapping[str, int], now: datetime
) -> AttendeeRow:
    """Give an attendee exactly these add-ons, all or nothing: price and places are updated and an e-mail is sent.

    Raises AttendeeMissing, AddOnMissing, AddOnSoldOut, Invalid `too_many_of_add_on`, Conflict `attendee_state`.
    """
    with atomic():
        exchange = change_attendee_add_ons(actor, edition_id, attendee_id, wanted, now)
        attendee = exchange.attendee
        if not exchange.is_changed:
            return attendee
        if attendee.state is not AttendeeState.UNCONFIRMED:
            badge = find_badge_of(attendee.id)
            # The code stays the same; what is printed below the ticket does not.
            has_badge = badge is not None and is_valid(badge.revoked_at)
            notify_attendee("registration/add_ons_changed", attendee, now, with_badge=has_badge)
        exchange_add_ons(exchange)
        return attendee


@retried
def correct_with_add_ons(
    actor: Actor,
    edition_id: int,
    attendee_id: int,
    change: AttendeeChange,
    now: datetime,
    *,
    email: str | None = None,
    ticket_type_code: str | None = None,
    add_ons: Mapping[str, int] | None = None,
) -> AttendeeRow:
    """Change details, address, ticket and add-ons of an attendee, all or nothing; unchanged values are skipped.

    Raises the errors of `correct_attendee` and `change_add_ons`.
    """
    with atomic():
        attendee = correct_attendee(
            actor, edition_id, attendee_id, change, now, email=email, ticket_type_code=ticket_type_code
        )
        return attendee if add_ons is None else change_add_ons(actor, edition_id, attendee_id, add_ons, now)


def checkpoints_asking_for(edition_id: int, code: str) -> list[dict[str, str]]:
    """Return the names of the checkpoints whose rules refer to an add-on."""
    return [each.name for each in list_checkpoints(edition_id) if code in _named(each.rule)]


def _named(rule: Rule | None) -> Iterator[str]:
    for name, value in (rule or {}).items():
        if name in ("all", "any"):
            for each in value:
                yield from _named(each)
        elif name == "not":
            yield from _named(value)
        elif name == "add_on":
            yield from value


def _set_size(actor: Actor, edition_id: int, row: AddOnRow, size: int | None, now: datetime) -> None:
    """Set the number of places that an add-on has of its own."""
    if row.own_quota is not None:
        if size != row.own_quota.size:
            change_quota(actor, edition_id, row.own_quota.id, size, (), now)
    elif size is not None:
        taken = {each.name for each in list_quotas(edition_id)}
        name = next(iter(row.name.values()), row.code)[: MAX_QUOTA_NAME - len(row.code) - 3]
        create_quota(actor, edition_id, f"{name} ({row.code})" if name in taken else name, size, (), now, (row.code,))


def _set_shared_quotas(actor: Actor, edition_id: int, row: AddOnRow, quota_ids: Sequence[int], now: datetime) -> None:
    """Make an add-on take places from exactly these quotas besides its own; unaffected quotas are not written."""
    quotas = {each.id: each for each in list_quotas(edition_id)}
    if not set(quota_ids) <= set(quotas):
        raise Missing("quota_missing")
    shared = {each.id for each in row.shared_quotas}
    for quota_id in sorted(shared ^ set(quota_ids)):
        quota = quotas[quota_id]
        others = [each for each in quota.add_on_codes if each != row.code]
        codes = others if quota_id in shared else [*others, row.code]
        change_quota(actor, edition_id, quota_id, quota.size, quota.ticket_type_codes, now, codes)
