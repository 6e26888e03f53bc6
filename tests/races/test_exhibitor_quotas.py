"""Passes and packages of exhibitors at once: exactly as many are given as there are; without the lock, more."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import (
    CompanyRecord,
    Licences,
    count_passes_used,
    get_licences,
    list_members,
    list_packages,
    recount_packages,
)
from expo.exhibitors.rules import CompanyDetails, MemberRole
from expo.exhibitors.services import assign_licence, change_company, companies, licences, passes, remove_member
from expo.exhibitors.services.packages import find_package_id
from expo.flows.exhibitor_passes import PassHolder, issue_pass
from expo.infra.db import db
from tests.domains.exhibitors.makers import make_company, make_member, make_package
from tests.make import make_ticket_type
from tests.races.racing import Meeting, counts, race_processes, race_threads, switch_off_sqlite_writer

pytestmark = pytest.mark.postgresql

PASSES = 2
RACERS = 4
PROCESSES = 2
_REPLACE = pytest.MonkeyPatch()
HOLDER = PassHolder("李娜", "CN")


def _prepare_issuing(slug: str, member_ids: list[int], now: datetime) -> Callable[[int], Any]:
    """Return the act of a process: issue the pass of a member."""
    return lambda number: issue_pass(SYSTEM, 1, slug, member_ids[number], HOLDER, now)


def _make_team(edition: EditionFacts, now: datetime, members: int, passes: int = PASSES) -> CompanyRecord:
    make_ticket_type(edition, now, "exhibitor", is_public=False)
    make_package(edition, now, "Gold", passes=passes, pass_ticket="exhibitor")
    company = make_company(edition, now, package="gold")
    for _number in range(members):
        make_member(edition, company, now)
    return company


def test_passes_when_more_members_than_passes_at_once_then_exactly_the_passes_are_issued(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = _make_team(edition, now, RACERS)
    ids = [each.id for each in list_members(company.id)]

    outcomes = race_processes(each_app, _prepare_issuing, (company.slug, ids, now), RACERS, PROCESSES)

    assert counts(outcomes) == {"done": PASSES, "passes_used_up": RACERS - PASSES}
    assert count_passes_used(company.id) == PASSES


def _prepare_issuing_without_lock(slug: str, member_ids: list[int], now: datetime) -> Callable[[int], Any]:
    """Return the act of a process that counts the passes, and issues one when somebody else has counted, too."""
    _remove_the_lock(_REPLACE)
    return _prepare_issuing(slug, member_ids, now)


def _remove_the_lock(patch: pytest.MonkeyPatch) -> None:
    count, meeting = count_passes_used, Meeting()

    def count_and_meet(exhibitor_id: int) -> int:
        used = count(exhibitor_id)
        meeting.wait()
        return used

    patch.setattr(passes, "lock_exhibitor", lambda exhibitor_id: db.session.get_one(Exhibitor, exhibitor_id))
    patch.setattr(passes, "count_passes_used", count_and_meet)


def test_passes_when_the_company_is_not_locked_then_more_are_issued_than_there_are(
    each_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = _make_team(edition, now, 2, passes=1)
    ids = [each.id for each in list_members(company.id)]
    _remove_the_lock(monkeypatch)
    db.session.rollback()
    switch_on = switch_off_sqlite_writer() if db.engine.dialect.name == "sqlite" else lambda: None
    try:
        outcomes = race_threads(each_app, _prepare_issuing(company.slug, ids, now), 2)
    finally:
        switch_on()

    assert (counts(outcomes), count_passes_used(company.id)) == ({"done": 2}, 2)


def test_passes_when_processes_do_not_lock_the_company_then_more_are_issued_than_there_are(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = _make_team(edition, now, 2, passes=1)
    ids = [each.id for each in list_members(company.id)]

    outcomes = race_processes(pg_app, _prepare_issuing_without_lock, (company.slug, ids, now), 2, PROCESSES)

    assert (counts(outcomes), count_passes_used(company.id)) == ({"done": 2}, 2)


def _make_licensed_team(edition: EditionFacts, now: datetime, members: int, licences: int) -> CompanyRecord:
    make_package(edition, now, "Gold", lead_licences=licences)
    company = make_company(edition, now, package="gold")
    for _number in range(members):
        make_member(edition, company, now)
    return company


def test_lead_licences_when_more_are_assigned_than_bought_at_once_then_exactly_those_bought(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = _make_licensed_team(edition, now, RACERS, PASSES)
    ids = [each.id for each in list_members(company.id)]
    db.session.rollback()

    outcomes = race_threads(each_app, lambda n: assign_licence(SYSTEM, edition.id, company.slug, ids[n], now), RACERS)

    assert counts(outcomes) == {"done": PASSES, "lead_licences_used": RACERS - PASSES}
    assert len(get_licences(company.id).holders) == PASSES


def test_lead_licences_when_the_company_is_not_locked_then_more_are_assigned_than_bought(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = _make_licensed_team(edition, now, 2, licences=1)
    ids = [each.id for each in list_members(company.id)]
    meeting = Meeting()

    def read_and_meet(exhibitor_id: int) -> Licences:
        found = get_licences(exhibitor_id)
        meeting.wait()
        return found

    monkeypatch.setattr(licences, "lock_team", lambda *_its: db.session.get_one(Exhibitor, company.id))
    monkeypatch.setattr(licences, "get_licences", read_and_meet)
    db.session.rollback()

    outcomes = race_threads(pg_app, lambda n: assign_licence(SYSTEM, edition.id, company.slug, ids[n], now), 2)

    assert (counts(outcomes), len(get_licences(company.id).holders)) == ({"done": 2}, 2)


def test_packages_when_more_companies_than_packages_at_once_then_exactly_as_many_get_one(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_package(edition, now, "Gold", size=PASSES)
    booked = [make_company(edition, now) for _ in range(RACERS)]
    db.session.rollback()

    outcomes = race_threads(each_app, lambda n: _book(edition, booked[n], now), RACERS)

    assert counts(outcomes) == {"done": PASSES, "package_sold_out": RACERS - PASSES}
    assert [(each.taken, each.agrees) for each in recount_packages(edition.id)] == [(PASSES, True)]


def test_packages_when_counted_before_they_are_taken_then_more_companies_get_one_than_there_are(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_package(edition, now, "Gold", size=1)
    booked = [make_company(edition, now) for _ in range(2)]
    meeting = Meeting()

    def look_and_take(edition_id: int, slug: str) -> int:
        (package,) = list_packages(edition_id)
        if package.free == 0:
            raise Conflict("package_sold_out")
        meeting.wait()
        return find_package_id(edition_id, slug)

    monkeypatch.setattr(companies, "take_package", look_and_take)
    db.session.rollback()

    outcomes = race_threads(pg_app, lambda n: _book(edition, booked[n], now), 2)

    assert counts(outcomes) == {"done": 2}
    assert [each.counted for each in recount_packages(edition.id)] == [2]


def test_owners_when_all_leave_at_once_then_one_stays(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    company = make_company(edition, now)
    pairs = [make_member(edition, company, now) for _ in range(3)]
    db.session.rollback()

    outcomes = race_threads(
        each_app, lambda n: remove_member(pairs[n][0], edition.id, company.slug, pairs[n][1].id, now), 3
    )

    assert counts(outcomes) == {"done": 2, "last_owner": 1}
    assert [each.role for each in list_members(company.id)] == [MemberRole.OWNER]


def _book(edition: EditionFacts, company: CompanyRecord, now: datetime) -> None:
    details = CompanyDetails(company.name, country="CN", package="gold")
    change_company(SYSTEM, edition.id, company.slug, details, None, now)
