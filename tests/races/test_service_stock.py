"""Many companies order the last units of a service: exactly the stock is ordered."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.exhibitors.models import Service, ServiceOrder
from expo.exhibitors.queries import get_service
from expo.exhibitors.rules import ServiceRequest
from expo.exhibitors.services import create_service, order_service, orders
from expo.infra.db import atomic, db
from tests.domains.exhibitors.page_makers import make_company
from tests.races.racing import Act, Meeting, counts, race_processes, race_threads, switch_off_sqlite_writer

RACERS = 6
STOCK = 2
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)


def ordering(edition_id: int, service_id: int, slugs: list[str]) -> Act:
    """Prepare: each racer orders one unit for a company of its own."""

    def act(n: int) -> str:
        order_service(SYSTEM, edition_id, slugs[n], service_id, 1, NOW)
        return "ordered"

    return act


def _take_in_two_steps(patch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()

    def take(service_id: int, change: int) -> None:
        row = db.session.execute(select(Service.stock, Service.ordered).where(Service.id == service_id)).one()
        if row.ordered + change > (row.stock or 0):
            raise Conflict("service_sold_out", field="amount", left=0)
        meeting.wait()
        db.session.execute(update(Service).where(Service.id == service_id).values(ordered=Service.ordered + change))

    patch.setattr(orders, "reserve_stock", take)


@pytest.fixture
def in_two_steps(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    _take_in_two_steps(monkeypatch)
    switch_on = switch_off_sqlite_writer() if db.engine.dialect.name == "sqlite" else None
    yield
    if switch_on:
        switch_on()


@pytest.fixture
def racers(each_app: Flask, edition: EditionFacts, now: datetime) -> tuple[int, list[str]]:
    service = create_service(SYSTEM, edition.id, ServiceRequest({"en": "Power"}, {}, {}, 100, stock=STOCK), now)
    return service, [make_company(edition, now, f"Company {n}") for n in range(RACERS)]


def _ordered() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.sum(ServiceOrder.amount))) or 0


def test_last_units_when_threads_order_them_then_exactly_the_stock_is_ordered(
    each_app: Flask, edition: EditionFacts, racers: tuple[int, list[str]]
) -> None:
    outcomes = race_threads(each_app, ordering(edition.id, *racers), RACERS)

    assert counts(outcomes) == {"done": STOCK, "service_sold_out": RACERS - STOCK}
    assert (_ordered(), get_service(edition.id, racers[0]).ordered) == (STOCK, STOCK)


def test_last_units_when_processes_order_them_then_exactly_the_stock_is_ordered(
    each_app: Flask, edition: EditionFacts, racers: tuple[int, list[str]]
) -> None:
    outcomes = race_processes(each_app, ordering, (edition.id, *racers), RACERS)

    assert counts(outcomes) == {"done": STOCK, "service_sold_out": RACERS - STOCK}
    assert _ordered() == STOCK


def test_last_units_when_threads_take_them_in_two_steps_then_too_many_are_ordered(
    each_app: Flask, edition: EditionFacts, racers: tuple[int, list[str]], in_two_steps: None
) -> None:
    # Two racers surely meet before the last unit, so there is only one.
    with atomic():
        db.session.execute(update(Service).values(stock=1))

    race_threads(each_app, ordering(edition.id, *racers), RACERS)

    assert _ordered() > 1
