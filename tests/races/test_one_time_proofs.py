"""Many use one sign-in link, one code or one recovery code in the same instant: one of them gets in."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import update

from expo.accounts.models import Person
from expo.accounts.queries import find_person
from expo.accounts.services import ensure_person
from expo.accounts.services.links import use_sign_in_link
from expo.accounts.services.second_factors import use_code
from expo.errors import Refused
from expo.infra.clock import utcnow
from expo.infra.db import atomic, db
from tests.races.racing import Act, counts, race_threads
from tests.second_factors import add_authenticator, add_recovery_codes

pytestmark = pytest.mark.postgresql

RACERS = 6


def using_a_link(person_id: int, now: datetime) -> Act:
    return lambda _n: use_sign_in_link(person_id, 0, now).id


def using_a_code(person_id: int, now: datetime) -> Act:
    secret = add_authenticator(person_id)
    later = now + timedelta(minutes=2)  # whatever the time is by now, its code is newer than the one that was used up
    code = pyotp.TOTP(secret).at(later)
    return lambda _n: use_code(person_id, code, later)


def using_a_recovery_code(person_id: int, now: datetime) -> Act:
    add_authenticator(person_id)
    code = add_recovery_codes(person_id)[0]
    return lambda _n: use_code(person_id, code, now)


@pytest.mark.parametrize("prepare", [using_a_link, using_a_code, using_a_recovery_code])
def test_proof_when_used_by_many_at_once_then_works_for_one(
    pg_app: Flask, prepare: Callable[[int, datetime], Act]
) -> None:
    now = utcnow()
    act = prepare(ensure_person("li@example.org", "", "en", now), now)
    db.session.rollback()

    outcomes = race_threads(pg_app, act, RACERS)

    assert counts(outcomes)["done"] == 1
    assert sum(counts(outcomes).values()) == RACERS


def test_link_when_looked_at_first_and_used_up_afterwards_then_works_for_all(pg_app: Flask) -> None:
    """The twin: what the one statement of `use_sign_in_link` prevents."""
    now = utcnow()
    person_id = ensure_person("li@example.org", "", "en", now)
    db.session.rollback()
    all_have_looked = threading.Barrier(RACERS)

    def use_after_looking(_n: int) -> int:
        person = find_person(person_id)
        if person is None or person.sign_in_count != 0:
            raise Refused("link_used")
        all_have_looked.wait(240)
        with atomic():
            db.session.execute(update(Person).where(Person.id == person_id).values(sign_in_count=1))
        return person.id

    assert counts(race_threads(pg_app, use_after_looking, RACERS)) == {"done": RACERS}
