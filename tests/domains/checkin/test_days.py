"""A badge opens the door on every day it is for, though nobody was scanned out the evening before."""

from datetime import datetime, timedelta

from flask import Flask

from expo.checkin.queries.checkpoints import get_checkpoint
from expo.checkin.queries.zones import count_inside, list_wrong_counters
from expo.checkin.rules import Reason
from expo.checkin.services.days import end_days
from expo.editions.queries import EditionFacts
from tests.domains.checkin.doors import OPENING, make_checkpoint, scan_once
from tests.make import make_attendee

NEXT_MORNING = OPENING + timedelta(hours=21)


def test_entry_when_nobody_was_scanned_out_then_open_again_the_next_day(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now, capacity=1)
    token = make_attendee(edition, now).token
    scan_once(edition, token)
    same_evening = end_days(OPENING + timedelta(hours=10))
    refused = scan_once(edition, token)

    let_out = end_days(NEXT_MORNING)
    again = end_days(NEXT_MORNING)

    assert (same_evening, refused.reason, let_out, again) == (0, Reason.ALREADY_ADMITTED, 1, 0)
    assert (count_inside(edition.id), list_wrong_counters(edition.id)) == ({"main": 0}, {})
    assert scan_once(edition, token, scanned_at=NEXT_MORNING).reason is None
    assert get_checkpoint(edition.id, "main").inside == 1
    assert scan_once(edition, token, scanned_at=NEXT_MORNING).reason is Reason.ALREADY_ADMITTED


def test_end_of_day_when_somebody_came_this_morning_then_stays_inside(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    scan_once(edition, make_attendee(edition, now).token, scanned_at=NEXT_MORNING)
    assert (end_days(NEXT_MORNING + timedelta(hours=3)), count_inside(edition.id)) == (0, {"main": 1})
