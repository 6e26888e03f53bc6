"""Several organizers sell one booth at the same moment: one company gets it, and its twin without the condition two."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.exhibitors.errors import BoothTaken
from expo.exhibitors.models import Booth, ExhibitorBooth
from expo.exhibitors.rules import BoothState
from expo.exhibitors.services import RowRequest, add_row, sales, sell_booth
from expo.infra.db import db
from expo.pure.plane import Box
from tests.floor_plans import make_company, make_hall
from tests.races.racing import Act, Meeting, counts, race_processes, race_threads, switch_off_sqlite_writer

RACERS = 6
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)
_REPLACE = pytest.MonkeyPatch()


def selling(edition_id: int, booth_id: int, slugs: list[str]) -> Act:
    """Prepare: each racer sells the booth to a company of their own."""
    return lambda n: sell_booth(SYSTEM, edition_id, booth_id, slugs[n], NOW)


def selling_without_condition(edition_id: int, booth_id: int, slugs: list[str]) -> Act:
    """Prepare the twin: the booth is read first, and written when somebody else has read it too."""
    _remove_the_condition(_REPLACE)
    if db.engine.dialect.name == "sqlite":
        switch_off_sqlite_writer()
    return selling(edition_id, booth_id, slugs)


def _remove_the_condition(patch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()

    def read_then_write(_edition: int, booth_id: int, exhibitor_id: int, state: BoothState, *_rest: object) -> str:
        before, code = db.session.execute(select(Booth.state, Booth.code).where(Booth.id == booth_id)).one()
        if before != BoothState.FREE:
            raise BoothTaken(code)
        meeting.wait()
        db.session.execute(update(Booth).where(Booth.id == booth_id).values(state=state.value, holder_id=exhibitor_id))
        return str(code)

    patch.setattr(sales, "take_booth", read_then_write)


@pytest.fixture
def without_condition(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    _remove_the_condition(monkeypatch)
    switch_on = switch_off_sqlite_writer() if db.engine.dialect.name == "sqlite" else None
    yield
    if switch_on:
        switch_on()


@pytest.fixture
def sale(each_app: Flask, edition: EditionFacts, now: datetime) -> tuple[int, int, list[str]]:
    """A booth, and as many companies as racers."""
    make_hall(edition, now)
    [booth_id] = add_row(SYSTEM, edition.id, "hall-1", RowRequest("A-", 1, Box(0, 0, 3, 3)), now)
    return edition.id, booth_id, [make_company(edition, f"Company {n}", now) for n in range(RACERS)]


def _buyers(booth_id: int) -> list[int]:
    return list(db.session.scalars(select(ExhibitorBooth.exhibitor_id).where(ExhibitorBooth.booth_id == booth_id)))


def _assert_sold_once(booth_id: int, outcomes: list[tuple[str, Any]]) -> None:
    assert counts(outcomes) == {"booth_taken": RACERS - 1, "done": 1}
    holder = db.session.scalar(select(Booth.holder_id).where(Booth.id == booth_id))
    assert _buyers(booth_id) == [holder]


def test_booth_when_threads_sell_it_then_one_company_gets_it(each_app: Flask, sale: tuple[int, int, list[str]]) -> None:
    _assert_sold_once(sale[1], race_threads(each_app, selling(*sale), RACERS))


def test_booth_when_processes_sell_it_then_one_company_gets_it(
    each_app: Flask, sale: tuple[int, int, list[str]]
) -> None:
    _assert_sold_once(sale[1], race_processes(each_app, selling, sale, RACERS))


def test_booth_when_threads_sell_it_without_the_condition_then_several_get_it(
    each_app: Flask, sale: tuple[int, int, list[str]], without_condition: None
) -> None:
    race_threads(each_app, selling(*sale), RACERS)

    assert len(_buyers(sale[1])) > 1


def test_booth_when_processes_sell_it_without_the_condition_then_several_get_it(
    each_app: Flask, sale: tuple[int, int, list[str]]
) -> None:
    race_processes(each_app, selling_without_condition, sale, RACERS)

    assert len(_buyers(sale[1])) > 1
