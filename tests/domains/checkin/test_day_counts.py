"""Counts of a day that are remembered: the same as a fresh count, whatever was received in between."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from expo.checkin.models import Scan
from expo.checkin.queries.arrivals import QuarterCount, list_quarter_counts
from expo.checkin.queries.day_counts import count_day_arrivals, list_day_counts
from expo.editions.queries import EditionFacts
from expo.infra.db import atomic, db
from tests.conftest import make_edition
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.domains.checkin.stored_scans import store_scan
from tests.make import make_attendee

DAY = (OPENING - timedelta(hours=6), OPENING + timedelta(hours=18))
LATER = OPENING + timedelta(hours=3)


def _after(minutes: int) -> datetime:
    return OPENING + timedelta(minutes=minutes)


@pytest.fixture
def edition(each_app: Flask, now: datetime) -> EditionFacts:
    edition = make_edition(now)
    for code in ("main", "south"):
        make_checkpoint(edition, now, code)
    return edition


def _count(edition: EditionFacts, at: datetime) -> tuple[list[QuarterCount], Any]:
    return list_day_counts(edition.id, *DAY, at), count_day_arrivals(edition.id, *DAY, at)


def test_counts_when_scans_arrive_late_or_are_undone_then_as_recounted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    early, late, gone = (make_attendee(edition, now).id for _ in range(3))
    store_scan(edition, early, _after(40))
    store_scan(edition, gone, _after(41))
    store_scan(edition, None, _after(42), verdict="refused", reason="unknown_token")
    before = _count(edition, _after(45))

    # From a device that had no network, another one on time, and one that is taken back.
    store_scan(edition, early, _after(2), "south", received_at=LATER)
    store_scan(edition, late, _after(170), received_at=LATER)
    with atomic() as session:
        session.execute(update(Scan).where(Scan.attendee_id == gone).values(undone_at=LATER))
    db.session.rollback()
    again = _count(edition, LATER)
    each_app.extensions.pop("expo_recent")
    anew = _count(edition, LATER)

    assert again == anew
    assert again[0] == list_quarter_counts(edition.id, *DAY)
    assert (sum(each.entries for each in before[0]), sum(each.entries for each in again[0])) == (2, 3)
    assert (before[1].total(), sorted(again[1].values())) == (2, [1, 1])
    assert sorted(quarter for _door, quarter in again[1]) == [OPENING, _after(165)]


def test_counts_when_nothing_was_received_then_nothing_is_counted_again(edition: EditionFacts, now: datetime) -> None:
    store_scan(edition, make_attendee(edition, now).id, _after(1))
    first = _count(edition, LATER)
    with atomic() as session:
        session.execute(update(Scan).values(verdict="refused"))  # as if by nobody: no act does this
    db.session.rollback()

    assert _count(edition, LATER) == first


def test_counts_when_another_day_or_expo_is_asked_for_then_its_own(edition: EditionFacts, now: datetime) -> None:
    other = make_edition(now, slug="other")
    store_scan(edition, make_attendee(edition, now).id, _after(1))
    _count(edition, LATER)

    next_day = [each + timedelta(days=1) for each in DAY]
    assert list_day_counts(edition.id, next_day[0], next_day[1], LATER) == []
    assert list_day_counts(other.id, *DAY, LATER) == []
    assert count_day_arrivals(other.id, *DAY, LATER).total() == 0
