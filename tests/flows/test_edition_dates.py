"""Moving the expo breaks no badge, no registration, and nothing happens before it has been shown."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st

from expo.accounts.rules import SYSTEM
from expo.badges.models import Badge
from expo.badges.queries import find_badge_of, public_keys
from expo.checkin.rules import Direction, Reason
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts, get_edition
from expo.editions.rules import EditionChange
from expo.editions.services import change_edition
from expo.errors import Conflict, Invalid
from expo.flows.edition_dates import change_edition_with_dates, preview_dates
from expo.flows.registration import confirm_registration
from expo.infra.audit import list_audit_records
from expo.infra.db import db
from expo.pure.door_days import DayRange
from expo.pure.tokens import read_day, verify_token
from expo.tickets.queries import get_ticket_type
from expo.tickets.services import change_ticket_type
from tests.domains.checkin.doors import make_checkpoint, scan_once
from tests.make import attendee_request, make_attendee, make_registration, make_ticket_type, order_request

MOVES = [
    ("2027-09-11", "2027-09-13"),  # the reported case: four months later
    ("2027-05-25", "2027-05-28"),  # a day earlier
    ("2027-05-26", "2027-05-30"),
    ("2027-05-27", "2027-05-27"),
    ("2020-01-01", "2020-01-09"),
    ("2031-12-30", "2032-01-01"),
]


def _facts(edition: EditionFacts) -> EditionChange:
    now = get_edition(edition.id)
    return EditionChange(**{name: getattr(now, name) for name in EditionChange.__dataclass_fields__})


def _move(edition: EditionFacts, first: date, last: date, now: datetime) -> None:
    confirmed = (get_edition(edition.id).day_range, DayRange(first, last))
    change = replace(_facts(edition), starts_on=first, ends_on=last)
    change_edition_with_dates(SYSTEM, edition.id, change, now, confirmed)


def _reason_on(edition: EditionFacts, token: str, day: date, hour: int = 10) -> Reason | None:
    at = datetime.combine(day, time(hour), edition.zone)
    reason = scan_once(edition, token, scanned_at=at).reason
    scan_once(edition, token, scanned_at=at + timedelta(hours=1), direction=Direction.EXIT)
    return reason


@pytest.mark.parametrize(("first", "last"), MOVES)
def test_move_when_badges_are_out_then_they_and_registrations_hold(
    each_app: Flask, edition: EditionFacts, now: datetime, first: str, last: str
) -> None:
    make_checkpoint(edition, now)
    make_ticket_type(edition, now, "day-2", valid_from=date(2027, 5, 27), valid_days=1)
    out, day_two = make_attendee(edition, now), make_attendee(edition, now, "day-2")
    placed = make_registration(edition, now)

    _move(edition, date.fromisoformat(first), date.fromisoformat(last), now)

    confirm_registration(placed.id, now)
    late = make_attendee(edition, now)
    after = get_edition(edition.id)
    confirmed = find_badge_of(placed.attendees[0].id)
    assert confirmed is not None
    for token in (out.token, confirmed.token, late.token):
        assert [_reason_on(after, token, day) for day in after.days] == [None] * len(after.days)
    assert [_reason_on(after, day_two.token, day) for day in after.days].count(None) == 1
    for token in (confirmed.token, late.token):
        said = verify_token(token, public_keys(edition.id))
        assert read_day(after.day_zero, said.first_day, after.starts_on) == after.starts_on
        assert said.days == len(after.days)


def test_move_when_not_confirmed_then_refused_and_nothing_changed(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    made = make_attendee(edition, now)
    change = replace(_facts(edition), starts_on=date(2027, 5, 27), ends_on=date(2027, 5, 29))
    elsewhere = (DayRange(date(2027, 5, 1), date(2027, 5, 3)), DayRange(change.starts_on, change.ends_on))

    for confirmed in (None, elsewhere):
        with pytest.raises(Conflict) as refused:
            change_edition_with_dates(SYSTEM, edition.id, change, now, confirmed)
        assert refused.value.code == "dates_unconfirmed"
    with pytest.raises(Conflict):
        change_edition(SYSTEM, edition.id, change, now)

    assert get_edition(edition.id) == edition
    assert find_badge_of(made.id) == made.badge


def test_move_when_no_badge_is_out_and_tickets_are_for_all_days_then_not_asked(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now)
    change = replace(_facts(edition), starts_on=date(2027, 6, 1), ends_on=date(2027, 6, 5))

    change_edition_with_dates(SYSTEM, edition.id, change, now)

    ticket = get_ticket_type(edition.id, "visitor", now)
    assert (ticket.valid_from, ticket.valid_days) == (date(2027, 6, 1), 5)


def test_preview_when_asked_then_says_badges_and_days_and_changes_nothing(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    day = make_ticket_type(edition, now, "day-2", valid_from=date(2027, 5, 27), valid_days=1)
    make_attendee(edition, now)
    make_attendee(edition, now)
    make_attendee(edition, now, "day-2")
    change_ticket_type(SYSTEM, edition.id, day.id, now, valid_from=date(2027, 5, 28))

    change = preview_dates(SYSTEM, edition.id, DayRange(date(2027, 9, 11), date(2027, 9, 13)), now)

    assert change.badges == 3
    assert [(each.name["en"], each.badges, each.before.first, each.after) for each in change.moves] == [
        ("Day-2", 0, date(2027, 5, 28), DayRange(date(2027, 9, 13), date(2027, 9, 13))),
        ("Day-2", 1, date(2027, 5, 27), DayRange(date(2027, 9, 12), date(2027, 9, 12))),
        ("Visitor", 2, date(2027, 5, 26), DayRange(date(2027, 9, 11), date(2027, 9, 13))),
    ]
    assert get_edition(edition.id) == edition


def test_move_when_done_then_on_record_and_day_zero_stays(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_attendee(edition, now)

    _move(edition, date(2028, 1, 1), date(2028, 1, 2), now)

    [moved] = [each for each in list_audit_records("edition", edition.id) if each.action == "edition.move"]
    assert moved.details == {
        "before": ["2027-05-26", "2027-05-28"],
        "after": ["2028-01-01", "2028-01-02"],
        "badges": 1,
    }
    assert get_edition(edition.id).day_zero == edition.starts_on == edition.day_zero


def test_move_when_longer_than_a_ticket_can_be_valid_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        _move(edition, date(2027, 1, 1), date(2027, 12, 31), now)

    assert refused.value.code == "expo_too_long"


days = st.integers(-2000, 2000).map(lambda n: date(2027, 5, 26) + timedelta(days=n))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(days, st.integers(1, 6)), min_size=1, max_size=3))
def test_move_when_any_dates_in_turn_then_every_badge_opens_and_everybody_can_register(
    app: Flask, edition: EditionFacts, now: datetime, moves: list[tuple[date, int]]
) -> None:
    """The expo continues from wherever the example before left it: badges of all of them stay in force."""
    if not db.session.query(Edition).filter_by(id=edition.id).one().tagline:
        make_checkpoint(edition, now)
        make_ticket_type(edition, now, "day-2", valid_from=date(2027, 5, 27), valid_days=1)
        change = replace(_facts(edition), tagline={"en": "prepared"})
        change_edition_with_dates(SYSTEM, edition.id, change, now)
    made = [make_attendee(edition, now), make_attendee(edition, now, "day-2")]
    for hour, (first, length) in enumerate(moves, start=6):
        _move(edition, first, first + timedelta(days=length - 1), now)
        placed = make_registration(edition, now, order_request(attendee_request(), attendee_request("day-2")))
        confirm_registration(placed.id, now)
        after = get_edition(edition.id)

        assert [_reason_on(after, made[0].token, day, 2 * hour) for day in after.days] == [None] * length
        assert None in [_reason_on(after, made[1].token, day, 2 * hour) for day in after.days]
        stand = db.session.query(Badge.valid_from, Badge.valid_days).distinct().all()
        assert all(after.day_range.holds(each.valid_from) for each in stand)
    db.session.rollback()
