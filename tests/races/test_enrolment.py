"""Many phones scan the code of one device in the same instant: one of them is enrolled."""

import threading
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from expo.checkin.models import Device
from expo.checkin.queries.devices import secret_digest
from expo.checkin.services.devices import enrol_device
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.infra.db import atomic, db
from tests.domains.checkin.devices import make_code
from tests.races.racing import counts, race_threads

pytestmark = pytest.mark.postgresql

RACERS = 6


def test_code_when_used_by_many_at_once_then_enrols_one(pg_app: Flask, edition: EditionFacts, now: datetime) -> None:
    code = make_code(edition, now)
    db.session.rollback()

    outcomes = race_threads(pg_app, lambda _n: enrol_device(code, now).device.id, RACERS)

    assert counts(outcomes) == {"done": 1, "enrolment_code_wrong": RACERS - 1}


def test_code_when_looked_at_first_and_used_up_afterwards_then_enrols_all(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    """The twin: what the one statement of `enrol_device` prevents."""
    code = make_code(edition, now)
    db.session.rollback()
    all_have_looked = threading.Barrier(RACERS)

    def enrol_after_looking(n: int) -> int:
        device_id = db.session.scalar(select(Device.id).where(Device.code_digest == secret_digest(code)))
        if device_id is None:
            raise Invalid("enrolment_code_wrong")
        all_have_looked.wait(240)
        with atomic():
            values = {"code_digest": None, "token_digest": secret_digest(str(n))}
            db.session.execute(update(Device).where(Device.id == device_id).values(values))
        return device_id

    outcomes = race_threads(pg_app, enrol_after_looking, RACERS)

    assert counts(outcomes) == {"done": RACERS}
