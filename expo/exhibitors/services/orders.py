"""Acts on services: organizers offer them, companies order, change and cancel."""

from datetime import datetime

from sqlalchemy import func, or_, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.editions.queries import get_edition
from expo.errors import Conflict, Missing
from expo.exhibitors.models import Service, ServiceOrder
from expo.exhibitors.queries.members import require_member
from expo.exhibitors.queries.orders import get_service
from expo.exhibitors.rules import ExhibitorState, TeamAction
from expo.exhibitors.rules.orders import MAX_SERVICES, ServiceRequest, check_order, check_service
from expo.exhibitors.services.pages import lock_exhibitor
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, retried


@retried
def create_service(actor: Actor, edition_id: int, request: ServiceRequest, now: datetime) -> int:
    """Offer a service and return its id. Raises Invalid (see `check_service`), Conflict `services_too_many`."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    wanted = check_service(request)
    with atomic():
        count = db.session.scalar(select(func.count()).where(Service.edition_id == edition_id)) or 0
        if count >= MAX_SERVICES:
            raise Conflict("services_too_many", maximum=MAX_SERVICES)
        service = Service(edition_id=edition_id, ordered=0)
        _apply(service, wanted)
        db.session.add(service)
        db.session.flush()
        _record(actor, "exhibitors.create_service", service, now)
        return service.id


@retried
def edit_service(actor: Actor, edition_id: int, service_id: int, request: ServiceRequest, now: datetime) -> None:
    """Change a service; orders keep their price.

    Raises Missing `service_missing`, Invalid (see `check_service`), Conflict `stock_below_orders`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    wanted = check_service(request)
    with atomic():
        service = _lock_service(edition_id, service_id)
        if wanted.stock is not None and wanted.stock < service.ordered:
            raise Conflict("stock_below_orders", field="stock", ordered=service.ordered)
        _apply(service, wanted)
        _record(actor, "exhibitors.edit_service", service, now)


@retried
def delete_service(actor: Actor, edition_id: int, service_id: int, now: datetime) -> None:
    """Delete a service that nobody ordered. Raises Missing `service_missing`, Conflict `service_ordered`."""
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        service = _lock_service(edition_id, service_id)
        count = db.session.scalar(select(func.count()).where(ServiceOrder.service_id == service_id)) or 0
        if count:
            raise Conflict("service_ordered", count=count)
        _record(actor, "exhibitors.delete_service", service, now)
        db.session.delete(service)
        db.session.flush()


@retried
def order_service(actor: Actor, edition_id: int, slug: str, service_id: int, amount: int, now: datetime) -> None:
    """Order an amount of a service for a company, instead of what it ordered before; 0 cancels.

    Only approved companies order; others may still reduce and cancel. Raises ExhibitorMissing, PermissionMissing,
    Missing `service_missing`, Invalid `amount_out_of_range`, Conflict `service_closed`, `service_sold_out` or
    `exhibitor_state`.
    """
    member = require_member(actor, edition_id, slug, TeamAction.ORDER_SERVICES)
    today = now.astimezone(get_edition(edition_id).zone).date()
    with atomic():
        # Orders of one company follow each other; companies compete only in the statement that takes the stock.
        lock_exhibitor(member.exhibitor_id)
        service = get_service(edition_id, service_id)
        check_order(amount, service.maximum, service.last_day, today)
        order = db.session.get(ServiceOrder, (member.exhibitor_id, service_id), populate_existing=True)
        before = order.amount if order else 0
        if amount == before:
            return
        if amount > before and member.state is not ExhibitorState.APPROVED:
            raise Conflict("exhibitor_state")
        reserve_stock(service_id, amount - before)
        if order is None:
            order = ServiceOrder(
                exhibitor_id=member.exhibitor_id,
                service_id=service_id,
                amount=amount,
                price_cents=service.price_cents,
                ordered_at=now,
                changed_at=now,
            )
            db.session.add(order)
        elif amount == 0:
            db.session.delete(order)
        else:
            order.amount, order.changed_at = amount, now
        db.session.flush()
        record_act(
            actor,
            "exhibitors.order_service",
            now,
            edition_id=edition_id,
            subject="exhibitor",
            subject_id=member.exhibitor_id,
            service=service_id,
            before=before,
            after=amount,
        )


def reserve_stock(service_id: int, change: int) -> None:
    """Add to what is ordered of a service, in one statement that never exceeds the stock.

    Raises Conflict `service_sold_out`.
    """
    enough = or_(Service.stock.is_(None), Service.ordered + change <= Service.stock)
    taken = db.session.execute(
        update(Service)
        .where(Service.id == service_id, enough if change > 0 else Service.id == service_id)
        .values(ordered=Service.ordered + change)
        .returning(Service.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        stock, ordered = db.session.execute(
            select(Service.stock, Service.ordered).where(Service.id == service_id)
        ).one()
        raise Conflict("service_sold_out", field="amount", left=max((stock or 0) - ordered, 0))


def merge_orders(survivor_id: int, duplicate_id: int) -> None:
    """Add a company's orders to those of another one for the same services, in the open transaction."""
    for order in list(db.session.scalars(select(ServiceOrder).where(ServiceOrder.exhibitor_id == duplicate_id))):
        own = db.session.get(ServiceOrder, (survivor_id, order.service_id), populate_existing=True)
        if own is None:
            order.exhibitor_id = survivor_id
        else:
            own.amount += order.amount
            db.session.delete(order)
    db.session.flush()


def cancel_orders(exhibitor_id: int) -> None:
    """Release what a company ordered that is about to be deleted, in the open transaction."""
    for order in list(db.session.scalars(select(ServiceOrder).where(ServiceOrder.exhibitor_id == exhibitor_id))):
        reserve_stock(order.service_id, -order.amount)
        db.session.delete(order)
    db.session.flush()


def _apply(service: Service, request: ServiceRequest) -> None:
    service.name, service.text, service.unit = dict(request.name), dict(request.text), dict(request.unit)
    service.price_cents, service.last_day = request.price_cents, request.last_day
    service.maximum, service.stock = request.maximum, request.stock


def _lock_service(edition_id: int, service_id: int) -> Service:
    service = lock(Service, service_id)
    if service is None or service.edition_id != edition_id:
        raise Missing("service_missing")
    return service


def _record(actor: Actor, action: str, service: Service, now: datetime) -> None:
    db.session.flush()
    record_act(
        actor,
        action,
        now,
        edition_id=service.edition_id,
        subject="exhibitor_service",
        subject_id=service.id,
        name=service.name,
    )
