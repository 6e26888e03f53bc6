"""Somebody who registers while the expo is being moved gets a badge for the new days."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.badges.models import Badge
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.rules import EditionChange
from expo.flows.edition_dates import change_edition_with_dates
from expo.infra.db import db
from expo.pure.door_days import DayRange
from tests.make import make_attendee, make_ticket_type
from tests.races.racing import race_threads

RACERS = 12


def test_badge_when_issued_while_the_expo_moves_then_for_the_new_days(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    facts = get_edition(edition.id)
    change = EditionChange(**{name: getattr(facts, name) for name in EditionChange.__dataclass_fields__})
    after = DayRange(date(2027, 9, 11), date(2027, 9, 14))
    db.session.rollback()

    def act(n: int) -> None:
        if n == RACERS // 2:
            moved = replace(change, starts_on=after.first, ends_on=after.last)
            change_edition_with_dates(SYSTEM, edition.id, moved, now, (facts.day_range, after))
        else:
            make_attendee(edition, now + timedelta(seconds=n))

    outcomes = race_threads(each_app, act, RACERS)

    assert [kind for kind, _value in outcomes] == ["done"] * RACERS, outcomes
    stand = db.session.execute(select(Badge.valid_from, Badge.valid_days)).all()
    assert stand == [(after.first, after.days)] * (RACERS - 1)
