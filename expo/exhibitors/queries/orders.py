"""Reads of services and of what companies ordered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from expo.errors import Missing
from expo.exhibitors.models import Exhibitor, Service, ServiceOrder
from expo.infra.db import db
from expo.pure.names import search_terms


@dataclass(frozen=True)
class ServiceRow:
    """A service; `ordered` is the sum of all orders."""

    id: int
    name: Mapping[str, str]
    text: Mapping[str, str]
    unit: Mapping[str, str]
    price_cents: int
    last_day: date | None
    maximum: int | None
    stock: int | None
    ordered: int

    @property
    def left(self) -> int | None:
        """How much can still be ordered; None without a limit."""
        return None if self.stock is None else max(self.stock - self.ordered, 0)

    def is_open(self, today: date) -> bool:
        """Return whether it can be ordered, changed and cancelled today."""
        return self.last_day is None or today <= self.last_day


@dataclass(frozen=True)
class OrderedService:
    """A service and what a company ordered of it; `price_cents` is the price of one unit in this order.

    `ordered_at` is when the amount was last changed.
    """

    service: ServiceRow
    amount: int
    price_cents: int
    ordered_at: datetime | None = None

    @property
    def total_cents(self) -> int:
        """The price of the whole amount."""
        return self.amount * self.price_cents


@dataclass(frozen=True)
class CompanyOrder:
    """What a company ordered of one service."""

    slug: str
    company: str
    service_id: int
    amount: int
    price_cents: int
    changed_at: datetime

    @property
    def total_cents(self) -> int:
        """The price of the whole amount."""
        return self.amount * self.price_cents


def list_services(edition_id: int) -> list[ServiceRow]:
    """Return the services of an edition in the order in which they were added."""
    rows = db.session.scalars(select(Service).where(Service.edition_id == edition_id).order_by(Service.id))
    return [_row_of(row) for row in rows]


def get_service(edition_id: int, service_id: int) -> ServiceRow:
    """Return a service. Raises Missing `service_missing`."""
    row = db.session.get(Service, service_id)
    if row is None or row.edition_id != edition_id:
        raise Missing("service_missing")
    return _row_of(row)


def list_services_of(edition_id: int, exhibitor_id: int) -> list[OrderedService]:
    """Return every service with what a company ordered of it."""
    orders = {
        row.service_id: row
        for row in db.session.scalars(select(ServiceOrder).where(ServiceOrder.exhibitor_id == exhibitor_id))
    }
    return [
        OrderedService(
            service, orders[service.id].amount, orders[service.id].price_cents, orders[service.id].changed_at
        )
        if service.id in orders
        else OrderedService(service, 0, service.price_cents)
        for service in list_services(edition_id)
    ]


def list_orders(
    edition_id: int, service_id: int | None = None, q: str = "", limit: int | None = None, offset: int = 0
) -> list[CompanyOrder]:
    """Return the orders of an edition, of one service or of all, whose companies match, by company."""
    query = _matching(
        edition_id,
        service_id,
        q,
        Exhibitor.slug,
        Exhibitor.name,
        ServiceOrder.service_id,
        ServiceOrder.amount,
        ServiceOrder.price_cents,
        ServiceOrder.changed_at,
    )
    query = query.order_by(Exhibitor.name, Exhibitor.id, ServiceOrder.service_id).limit(limit).offset(offset)
    return [CompanyOrder(*row) for row in db.session.execute(query)]


def count_orders(edition_id: int, service_id: int | None = None, q: str = "") -> int:
    """Return how many orders `list_orders` finds."""
    return db.session.scalar(_matching(edition_id, service_id, q, func.count())) or 0


def sum_orders(edition_id: int) -> dict[int, int]:
    """Return the prices of everything that was ordered of each service."""
    total = func.sum(ServiceOrder.amount * ServiceOrder.price_cents)
    query = _matching(edition_id, None, "", ServiceOrder.service_id, total).group_by(ServiceOrder.service_id)
    return {service_id: int(cents) for service_id, cents in db.session.execute(query)}


def _matching(edition_id: int, service_id: int | None, q: str, *columns: Any) -> Select[*tuple[Any, ...]]:
    query = (
        select(*columns)
        .select_from(ServiceOrder)
        .join(Exhibitor, Exhibitor.id == ServiceOrder.exhibitor_id)
        .where(Exhibitor.edition_id == edition_id)
    )
    if service_id is not None:
        query = query.where(ServiceOrder.service_id == service_id)
    for term in search_terms(q):
        query = query.where(Exhibitor.search_text.like(f"% {term}%"))
    return query


def _row_of(row: Service) -> ServiceRow:
    return ServiceRow(
        row.id, row.name, row.text, row.unit, row.price_cents, row.last_day, row.maximum, row.stock, row.ordered
    )
