"""Services for quotas: how many places there are, and which ticket types share them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict, Invalid, Missing
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.pure.fields import check_text
from expo.tickets.errors import TicketTypeMissing
from expo.tickets.models import Quota, QuotaTicketType, TicketType


def lock_quotas(edition_id: int) -> None:
    """Lock all ticket types of an edition, so that their quotas cannot change during the transaction.

    Transactions that take a place either have committed or wait until this one commits, so places counted from here on
    are exact.
    """
    db.session.execute(
        select(TicketType.id).where(TicketType.edition_id == edition_id).order_by(TicketType.id).with_for_update()
    )


def create_quota(
    actor: Actor,
    edition_id: int,
    name: str,
    size: int | None,
    ticket_type_codes: Sequence[str],
    held: int,
    now: datetime,
) -> int:
    """Create a quota of `size` places shared by ticket types (None means unlimited), and return its id.

    `held` is the number of places already held, counted after `lock_quotas` in this transaction. Raises Conflict
    `quota_exists` or `quota_below_taken`, TicketTypeMissing.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    name = check_text(name, "name")
    with atomic():
        if db.session.scalar(select(Quota.id).where(Quota.edition_id == edition_id, Quota.name == name)):
            raise Conflict("quota_exists", name=name)
        quota = Quota(edition_id=edition_id, name=name, size=None, taken=0)
        db.session.add(quota)
        db.session.flush()
        _set_quota(edition_id, quota.id, size, ticket_type_codes, held)
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
) -> None:
    """Change the size or ticket types of a quota; its counter becomes `held`.

    `held` is the number of places already held, counted after `lock_quotas` in this transaction. Raises Missing
    `quota_missing`, Conflict `quota_below_taken`, TicketTypeMissing.
    """
    require(actor, Permission.TICKETS_MANAGE, edition_id)
    with atomic():
        if not db.session.scalar(select(Quota.id).where(Quota.id == quota_id, Quota.edition_id == edition_id)):
            raise Missing("quota_missing")
        _set_quota(edition_id, quota_id, size, ticket_type_codes, held)
        record_act(
            actor,
            "registration.change_quota",
            now,
            edition_id=edition_id,
            subject="quota",
            subject_id=quota_id,
            size=size,
            ticket_types=list(ticket_type_codes),
        )


def _set_quota(edition_id: int, quota_id: int, size: int | None, ticket_type_codes: Sequence[str], held: int) -> None:
    if size is not None and size < 0:
        raise Invalid("number_out_of_range", field="size", maximum=0)
    rows = db.session.execute(select(TicketType.code, TicketType.id).where(TicketType.edition_id == edition_id))
    types = {row.code: row.id for row in rows}
    for code in ticket_type_codes:
        if code not in types:
            raise TicketTypeMissing(code)
    quota = lock(Quota, quota_id)
    if quota is None:
        raise Missing("quota_missing")
    db.session.execute(delete(QuotaTicketType).where(QuotaTicketType.quota_id == quota_id))
    if ticket_type_codes:
        links = [{"quota_id": quota_id, "ticket_type_id": types[code]} for code in dict.fromkeys(ticket_type_codes)]
        db.session.execute(insert(QuotaTicketType), links)
    if size is not None and size < held:
        raise Conflict("quota_below_taken", taken=held, size=size)
    db.session.execute(update(Quota).where(Quota.id == quota_id).values(size=size, taken=held))
