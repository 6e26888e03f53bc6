"""Several workers check the alarms at the same moment: each alarm is raised once, and no worker fails for it."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.checkin.models import Alarm
from expo.checkin.queries.alarms import AlarmState, list_open_alarms
from expo.checkin.rules.alarms import AlarmKind
from expo.checkin.services import alarms
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.infra.inserting import insert_row
from tests.races.racing import Meeting, Outcome, counts, race_threads

pytestmark = pytest.mark.postgresql

DUE = {(AlarmKind.ZONE_FULL, number): AlarmState({"en": f"Hall {number}"}, 96) for number in range(3)}


def _race(
    app: Flask, edition: EditionFacts, racers: int, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> list[Outcome]:
    """Let workers check, at least two of which have seen that no alarm is open."""
    meeting = Meeting()

    def look_and_meet(edition_id: int) -> dict[tuple[AlarmKind, int], datetime]:
        opened = list_open_alarms(edition_id)
        meeting.wait()
        return opened

    monkeypatch.setattr(alarms, "list_open_alarms", look_and_meet)
    db.session.rollback()
    return race_threads(app, lambda _n: len(alarms.update_alarms(edition.id, DUE, now)), racers)


def _count_alarms() -> int:
    return db.session.scalar(select(func.count()).select_from(Alarm)) or 0


def test_alarms_when_workers_check_at_once_then_each_is_raised_once_and_nobody_fails(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes = _race(pg_app, edition, 6, now, monkeypatch)

    assert counts(outcomes) == {"done": 6}
    assert (sum(raised for _kind, raised in outcomes), _count_alarms()) == (len(DUE), len(DUE))


def test_alarms_when_inserted_without_looking_for_a_conflict_then_one_of_two_workers_fails(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "insert_new", insert_row)

    outcomes = _race(pg_app, edition, 2, now, monkeypatch)

    assert (counts(outcomes)["done"], _count_alarms()) == (1, len(DUE))
