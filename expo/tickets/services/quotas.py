"""Services for quotas: how many places there are, and which ticket types and add-ons share them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict, Invalid, Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.fields import check_text
from expo.tickets.errors import AddOnMissing, TicketTypeMissing
from expo.tickets.models import AddOn, Quota, QuotaAddOn, QuotaTicketType, TicketType


def lock_quotas(edition_id: int) -> None:
    """Lock all ticket types and add-ons of an edition, so that their quotas cannot change during the transaction.

    Transactions that take a place either have committed or wait until this one commits, so places counted from here on
    are exact.
    """
    db.session.execute(
        select(TicketType.id).where(TicketType.edition_id == edition_id).order_by(TicketType.id).with_for_update()
    )
    db.session.execute(select(AddOn.id).where(AddOn.edition_id == edition_id).order_by(AddOn.id).with_for_update())


def create_quota(
    actor: Actor,
    edition_id: int,
    name: str,
    size: int | None,
    ticket_type_codes: Sequence[str],
    held: int,
    now: datetime,
    add_on_codes: Sequence[str] = (),
) -> int:
    """Create a quota of `size` places shared by ticket types and add-ons, and return its id.

    A size of None means unlimited. `held` is the number of places already held, counted after `lock_quotas` in this
    transaction. Raises Conflict `quota_exists` or `quota_below_taken`, TicketTypeMissing, AddOnMissing.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    name = check_text(name, "name")
    with atomic():
        if db.session.scalar(select(Quota.id).where(Quota.edition_id == edition_id, Quota.name == name)):
            raise Conflict("quota_exists", name=name)
        quota = Quota(edition_id=edition_id, name=name, size=None, taken=0)
        db.session.add(quota)
        db.session.flush()
        _set_quota(edition_id, quota.id, size, ticket_type_codes, add_on_codes, held)
        record_act(
            actor,
            "registration.create_quota",
            now,
            edition_id=edition_id,
            subject="quota",
            subject_id=quota.id,
            name=name,
            size=size,
            ticket_types=list(ticket_type_codes),
            add_ons=list(add_on_codes),
        )
        return quota.id


def change_quota(
    actor: Actor,
    edition_id: int,
    quota_id: int,
    size: int | None,
    ticket_type_codes: Sequence[str],
    held: int,
    now: datetime,
    add_on_codes: Sequence[str] = (),
) -> None:
    """Change the size, ticket types or add-ons of a quota; its counter becomes `held`.

    `held` is the number of places already held, counted after `lock_quotas` in this transaction. Raises Missing
    `quota_missing`, Conflict `quota_below_taken`, TicketTypeMissing, AddOnMissing.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        if not db.session.scalar(select(Quota.id).where(Quota.id == quota_id, Quota.edition_id == edition_id)):
            raise Missing("quota_missing")
        _set_quota(edition_id, quota_id, size, ticket_type_codes, add_on_codes, held)
        record_act(
            actor,
            "registration.change_quota",
            now,
            edition_id=edition_id,
            subject="quota",
            subject_id=quota_id,
            size=size,
            ticket_types=list(ticket_type_codes),
            add_ons=list(add_on_codes),
        )


def delete_quota(actor: Actor, edition_id: int, quota_id: int, now: datetime) -> None:
    """Delete a quota that nothing uses any longer, in the open transaction. Raises Missing `quota_missing`."""
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        quota = lock(Quota, quota_id)
        if quota is None or quota.edition_id != edition_id:
            raise Missing("quota_missing")
        db.session.delete(quota)
        db.session.flush()
        record_act(
            actor,
            "registration.delete_quota",
            now,
            edition_id=edition_id,
            subject="quota",
            subject_id=quota_id,
            name=quota.name,
        )


def _set_quota(
    edition_id: int,
    quota_id: int,
    size: int | None,
    ticket_type_codes: Sequence[str],
    add_on_codes: Sequence[str],
    held: int,
) -> None:
    if size is not None and size < 0:
        raise Invalid("number_out_of_range", field="size", maximum=0)
    types = _ids_by_code(TicketType, edition_id)
    add_ons = _ids_by_code(AddOn, edition_id)
    for code in ticket_type_codes:
        if code not in types:
            raise TicketTypeMissing(code)
    for code in add_on_codes:
        if code not in add_ons:
            raise AddOnMissing(code)
    quota = lock(Quota, quota_id)
    if quota is None:
        raise Missing("quota_missing")
    db.session.execute(delete(QuotaTicketType).where(QuotaTicketType.quota_id == quota_id))
    db.session.execute(delete(QuotaAddOn).where(QuotaAddOn.quota_id == quota_id))
    if ticket_type_codes:
        links = [{"quota_id": quota_id, "ticket_type_id": types[code]} for code in dict.fromkeys(ticket_type_codes)]
        db.session.execute(insert(QuotaTicketType), links)
    if add_on_codes:
        links = [{"quota_id": quota_id, "add_on_id": add_ons[code]} for code in dict.fromkeys(add_on_codes)]
        db.session.execute(insert(QuotaAddOn), links)
    if size is not None and size < held:
        raise Conflict("quota_below_taken", taken=held, size=size)
    db.session.execute(update(Quota).where(Quota.id == quota_id).values(size=size, taken=held))


def _ids_by_code(model: type[TicketType] | type[AddOn], edition_id: int) -> dict[str, int]:
    rows = db.session.execute(select(model.code, model.id).where(model.edition_id == edition_id))
    return {row.code: row.id for row in rows}
