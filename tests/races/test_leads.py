"""Two members scan the same visitor at once: one lead, two visits, and neither scan is lost."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.infra.inserting import insert_row
from expo.leads.models import Lead, LeadScan
from expo.leads.rules import LeadEntry
from expo.leads.services import record_scans, scans
from tests.exhibitors import make_exhibitor, make_member
from tests.make import make_attendee
from tests.races.racing import Act, Meeting, counts, race_processes, race_threads, switch_off_sqlite_writer

RACERS = 6
NOW = datetime(2027, 3, 26, 2, 0, tzinfo=UTC)


def scanning(edition_id: int, slug: str, people: list[int], token: str) -> Act:
    """Prepare: each racer is a member who scans the same badge."""

    def scan(n: int) -> str:
        actor = Actor("person", people[n], edition_id, label=f"Member {n}")
        entry = LeadEntry(str(UUID(int=n + 1)), NOW, NOW, token=token, note=f"Note {n}")
        return record_scans(actor, edition_id, slug, [entry], NOW)[0].outcome.value

    return scan


def _look_first(patch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()

    def begin_lead(exhibitor_id: int, attendee_id: int, scanned_at: datetime) -> bool:
        found = db.session.scalar(
            select(Lead.id).where(Lead.exhibitor_id == exhibitor_id, Lead.attendee_id == attendee_id)
        )
        meeting.wait()
        if found is None:
            insert_row(
                Lead,
                exhibitor_id=exhibitor_id,
                attendee_id=attendee_id,
                code=f"CODE{attendee_id}",
                first_at=scanned_at,
                last_at=scanned_at,
            )
        return found is None

    patch.setattr(scans, "_begin_lead", begin_lead)


@pytest.fixture
def slug(each_app: Flask, edition: EditionFacts) -> str:
    return make_exhibitor(edition)


@pytest.fixture
def people(edition: EditionFacts, slug: str, now: datetime) -> list[int]:
    return [make_member(edition, slug, now, f"Member {n}").id or 0 for n in range(RACERS)]


def _counted() -> tuple[int, int]:
    db.session.rollback()
    return tuple(  # type: ignore[return-value]
        db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Lead, LeadScan)
    )


def test_visitor_when_scanned_by_members_in_2_processes_at_once_then_one_lead_and_every_visit(
    each_app: Flask, edition: EditionFacts, slug: str, people: list[int], now: datetime
) -> None:
    token = make_attendee(edition, now).token

    outcomes = race_processes(each_app, scanning, (edition.id, slug, people, token), RACERS, processes=2)

    assert [outcome for outcome in outcomes if outcome != ("done", "saved")] == []
    assert _counted() == (1, RACERS)


def test_visitor_when_members_look_before_they_write_then_a_scan_is_lost(
    each_app: Flask, edition: EditionFacts, slug: str, people: list[int], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = make_attendee(edition, now).token
    _look_first(monkeypatch)
    switch_on = switch_off_sqlite_writer() if db.engine.dialect.name == "sqlite" else None

    try:
        outcomes = race_threads(each_app, scanning(edition.id, slug, people, token), RACERS)
    finally:
        if switch_on:
            switch_on()

    assert counts(outcomes).get("IntegrityError", 0) >= 1
    assert _counted()[1] < RACERS
