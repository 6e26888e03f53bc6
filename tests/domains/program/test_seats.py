"""Seats: taken, waited for, offered, released; on both databases."""

import itertools
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor
from expo.checkin.models import Checkpoint, Scan, Zone
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.flows.registration import cancel_registration
from expo.flows.seats import (
    accept_seat,
    change_seat_limit,
    release_seat,
    release_unused_seats,
    settle_all_seats,
    take_seat,
)
from expo.infra.db import atomic, db
from expo.mail.models import Email
from expo.program.models import Session
from expo.program.queries import (
    count_seats,
    find_own_seat,
    get_session,
    list_agenda,
    list_own_seats,
    list_people_concerned,
    list_seat_holders,
    list_sessions_to_settle,
)
from expo.program.rules import SeatState
from expo.program.rules.versions import ChangeKind, VersionChange
from expo.program.services import mark_present, remove_from_agenda
from tests.make import (
    MadeAttendee,
    make_attendee,
    make_registration,
    make_room,
    make_session,
    make_ticket_type,
    stopped_clock,
)

TALK = "data-lakes"
STARTS = datetime.fromisoformat("2027-05-26T02:00:00+00:00")


def _people(edition: EditionFacts, now: datetime, count: int) -> list[MadeAttendee]:
    return [make_attendee(edition, now, name=f"Person {n}", email=f"p{n}@example.org") for n in range(count)]


def _take(edition: EditionFacts, person: MadeAttendee, now: datetime, slug: str = TALK) -> SeatState:
    return take_seat(SYSTEM, edition.id, person.id, slug, now)


def _states(edition: EditionFacts, slug: str = TALK) -> dict[str, str]:
    session = get_session(edition.id, slug)
    return {each.name: each.state.value for each in list_seat_holders(session.row.id)}


def _offer_emails() -> list[str]:
    query = select(Email.to_email).where(Email.message == "program/seat_offered").order_by(Email.id)
    return list(db.session.scalars(query))


def test_seat_when_taken_twice_then_there_is_one_and_it_is_on_the_agenda(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=2)
    [ann] = _people(edition, now, 1)

    first, second = _take(edition, ann, now), _take(edition, ann, now)

    assert (first, second) == (SeatState.HELD, SeatState.HELD)
    assert [each.slug for each in list_agenda(ann.id, edition.id)] == [TALK]
    [counts] = count_seats(edition.id).values()
    assert (counts.taken, counts.left, counts.waiting) == (1, 1, 0)


def test_seat_when_none_is_left_then_people_wait_in_order(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=1)
    people = _people(edition, now, 4)
    session_id = get_session(edition.id, TALK).row.id

    states = [_take(edition, each, now) for each in people]

    assert states == [SeatState.HELD, *[SeatState.WAITING] * 3]
    own = [find_own_seat(each.id, session_id) for each in people]
    assert [each.position for each in own if each] == [None, 1, 2, 3]


def test_seat_when_released_then_the_first_in_line_gets_an_offer_by_email(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=1)
    ann, ben, cas = _people(edition, now, 3)
    for each in (ann, ben, cas):
        _take(edition, each, now)

    release_seat(SYSTEM, edition.id, ann.id, TALK, now)
    release_seat(SYSTEM, edition.id, ann.id, TALK, now)

    assert _states(edition) == {"Person 1": "offered", "Person 2": "waiting"}
    assert _offer_emails() == ["p1@example.org"]
    accept_seat(SYSTEM, edition.id, ben.id, TALK, now)
    accept_seat(SYSTEM, edition.id, ben.id, TALK, now)
    assert _states(edition) == {"Person 1": "held", "Person 2": "waiting"}


def test_seat_when_somebody_waits_then_a_newcomer_does_not_overtake(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=1)
    ann, ben, cas = _people(edition, now, 3)
    for each in (ann, ben):
        _take(edition, each, now)
    release_seat(SYSTEM, edition.id, ann.id, TALK, now)

    assert _take(edition, cas, now) is SeatState.WAITING
    assert _take(edition, ann, now) is SeatState.WAITING
    assert _states(edition) == {"Person 1": "offered", "Person 2": "waiting", "Person 0": "waiting"}


def test_offer_when_it_expires_then_goes_to_the_next_and_cannot_be_accepted(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=1)
    ann, ben, _cas = people = _people(edition, now, 3)
    for each in people:
        _take(edition, each, now)
    release_seat(SYSTEM, edition.id, ann.id, TALK, now)

    settle_all_seats(stopped_clock(now + timedelta(hours=23)))
    assert _states(edition) == {"Person 1": "offered", "Person 2": "waiting"}
    settle_all_seats(stopped_clock(now + timedelta(hours=24)))

    assert _states(edition) == {"Person 2": "offered"}
    assert _offer_emails() == ["p1@example.org", "p2@example.org"]
    with pytest.raises(Conflict, match="seat_offer_expired"):
        accept_seat(SYSTEM, edition.id, ben.id, TALK, now + timedelta(hours=24))


def test_limit_when_raised_then_offers_when_lowered_then_takes_nothing_away(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=1)
    for each in _people(edition, now, 3):
        _take(edition, each, now)

    raised = change_seat_limit(SYSTEM, edition.id, TALK, 2, now)
    assert (len(raised.offers), raised.above) == (1, 0)
    lowered = change_seat_limit(SYSTEM, edition.id, TALK, 0, now)

    assert (lowered.offers, lowered.above) == ((), 2)
    assert _states(edition) == {"Person 0": "held", "Person 1": "offered", "Person 2": "waiting"}
    with pytest.raises(Invalid, match="seat_limit_invalid"):
        change_seat_limit(SYSTEM, edition.id, TALK, -1, now)


def test_limit_when_removed_then_nobody_has_to_wait(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_session(edition, seat_limit=1)
    ann, ben = _people(edition, now, 2)
    for each in (ann, ben):
        _take(edition, each, now)

    change_seat_limit(SYSTEM, edition.id, TALK, None, now)

    assert _states(edition) == {"Person 0": "held"}
    with pytest.raises(Conflict, match="seats_not_limited"):
        _take(edition, ben, now)


def test_seat_when_another_is_held_at_that_time_then_refused_by_name(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=5)
    make_session(edition, "Clouds", seat_limit=5, starts_at=STARTS + timedelta(minutes=59))
    make_session(edition, "Chips", seat_limit=5, starts_at=STARTS + timedelta(minutes=60))
    [ann] = _people(edition, now, 1)
    _take(edition, ann, now)

    with pytest.raises(Conflict, match="seat_overlaps") as error:
        _take(edition, ann, now, "clouds")

    assert error.value.params == {"session": "Data lakes"}
    assert _take(edition, ann, now, "chips") is SeatState.HELD
    assert [row.slug for row, _ in list_own_seats(ann.id, edition.id)] == [TALK, "chips"]
    # A refused seat leaves nothing behind.
    assert [row.slug for row in list_agenda(ann.id, edition.id)] == [TALK, "chips"]


def test_seat_when_the_attendee_is_not_confirmed_then_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=5)
    make_ticket_type(edition, now)
    order = make_registration(edition, now)

    with pytest.raises(Conflict, match="attendee_not_confirmed"):
        take_seat(SYSTEM, edition.id, order.attendees[0].id, TALK, now)


def test_seat_when_somebody_else_asks_then_refused(each_app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_session(edition, seat_limit=5)
    ann, ben = _people(edition, now, 2)
    _take(edition, ann, now)

    for actor in (ANONYMOUS, Actor("person", ben.attendee.person_id)):
        with pytest.raises(PermissionMissing):
            take_seat(actor, edition.id, ann.id, TALK, now)
        with pytest.raises(PermissionMissing):
            release_seat(actor, edition.id, ann.id, TALK, now)
        with pytest.raises(PermissionMissing):
            change_seat_limit(actor, edition.id, TALK, 1, now)

    assert _states(edition) == {"Person 0": "held"}


def test_seats_when_a_registration_is_cancelled_then_go_to_the_waiting_list(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=1)
    ann, ben = _people(edition, now, 2)
    for each in (ann, ben):
        _take(edition, each, now)

    cancel_registration(SYSTEM, edition.id, ann.id, now)

    assert _states(edition) == {"Person 1": "offered"}
    assert _offer_emails() == ["p1@example.org"]


def test_seats_when_the_session_is_cancelled_then_released_and_refused(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=1)
    ann, ben = _people(edition, now, 2)
    for each in (ann, ben):
        _take(edition, each, now)
    with atomic():
        db.session.execute(update(Session).values(state="cancelled"))

    settle_all_seats(stopped_clock(now))

    assert _states(edition) == {}
    with pytest.raises(Conflict, match="seat_session_cancelled"):
        _take(edition, ann, now)
    assert _offer_emails() == []


def test_unused_seats_when_released_then_walk_ins_take_them(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=2)
    ann, ben, cas, dan = _people(edition, now, 4)
    for each in (ann, ben, cas):
        _take(edition, each, now)
    with pytest.raises(Conflict, match="seat_session_not_begun"):
        release_unused_seats(SYSTEM, edition.id, TALK, now)
    begun = STARTS + timedelta(minutes=10)
    assert mark_present(SYSTEM, edition.id, TALK, [ann.id, cas.id], begun) == 1

    assert release_unused_seats(SYSTEM, edition.id, TALK, begun) == (1, 1)

    assert _states(edition) == {"Person 0": "used", "Person 2": "waiting", "Person 1": "no_show"}
    # No further offers are made: somebody on the waiting list takes a seat like a walk-in.
    assert _take(edition, cas, begun) is SeatState.HELD
    assert _take(edition, dan, begun) is SeatState.WAITING
    assert _take(edition, ben, begun) is SeatState.WAITING


def test_no_shows_when_people_were_scanned_at_the_room_then_their_seats_stay(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    room_id = make_room(edition, now)
    make_session(edition, seat_limit=2, room_id=room_id)
    make_session(edition, "No checkpoint", seat_limit=1)
    ann, ben, cas = _people(edition, now, 3)
    for each in (ann, ben):
        _take(edition, each, now)
    _take(edition, cas, now, "no-checkpoint")
    _scan(edition, room_id, ann.id, STARTS - timedelta(minutes=5))

    settle_all_seats(stopped_clock(STARTS + timedelta(minutes=9)))
    assert _states(edition) == {"Person 0": "held", "Person 1": "held"}
    settle_all_seats(stopped_clock(STARTS + timedelta(minutes=10)))

    assert _states(edition) == {"Person 0": "used", "Person 1": "no_show"}
    assert _states(edition, "no-checkpoint") == {"Person 2": "held"}
    dan = make_attendee(edition, now, name="Walk-in")
    assert _take(edition, dan, STARTS + timedelta(minutes=12)) is SeatState.HELD
    for minutes, state in ((13, "held"), (21, "held"), (22, "no_show")):
        later = STARTS + timedelta(minutes=minutes)
        settle_all_seats(stopped_clock(later))
        assert _states(edition)["Walk-in"] == state


def test_seats_when_many_sessions_are_settled_then_each_at_its_own_time(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=1)
    make_session(edition, "Clouds", seat_limit=1, starts_at=STARTS + timedelta(hours=3))
    ann, _ben, cas = people = _people(edition, now, 3)
    for slug in (TALK, "clouds"):
        for each in people:
            _take(edition, each, now, slug)
        release_seat(SYSTEM, edition.id, ann.id, slug, now)
    expired, minutes = now + timedelta(hours=24), itertools.count()

    settle_all_seats(lambda: expired + timedelta(minutes=next(minutes)))

    until = [own.offered_until for _row, own in list_own_seats(cas.id, edition.id)]
    assert until == [expired + timedelta(hours=24, minutes=1), expired + timedelta(hours=24, minutes=2)]


def test_sessions_to_settle_when_begun_then_only_those_with_offers_or_cancelled(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for title in ("Data lakes", "Clouds"):
        make_session(edition, title, seat_limit=1)
    ann, ben = _people(edition, now, 2)
    for slug, people in ((TALK, (ann, ben)), ("clouds", (ben, ann))):
        for each in people:
            _take(edition, each, now, slug)
    release_seat(SYSTEM, edition.id, ben.id, "clouds", now)
    names = {get_session(edition.id, slug).row.id: slug for slug in (TALK, "clouds")}

    def listed(at: datetime) -> list[str]:
        return [names[session_id] for _edition_id, session_id in list_sessions_to_settle(at)]

    assert (listed(now), listed(STARTS)) == ([TALK, "clouds"], ["clouds"])
    with atomic():
        db.session.execute(update(Session).values(state="cancelled"))
    assert listed(STARTS) == [TALK, "clouds"]


def _scan(edition: EditionFacts, room_id: int, attendee_id: int, at: datetime) -> None:
    with atomic():
        zone = Zone(edition_id=edition.id, code="room", name={"en": "Room"})
        db.session.add(zone)
        db.session.flush()
        checkpoint = Checkpoint(
            edition_id=edition.id, zone_id=zone.id, code="room", name={"en": "Room"}, room_id=room_id
        )
        db.session.add(checkpoint)
        db.session.flush()
        db.session.add(
            Scan(
                edition_id=edition.id,
                scan_id="1",
                checkpoint_id=checkpoint.id,
                attendee_id=attendee_id,
                direction="entry",
                verdict="admitted",
                scanned_at=at,
                received_at=at,
                actor_kind="device",
            )
        )


def test_people_concerned_when_they_have_a_seat_but_no_star_then_hear_of_changes(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_session(edition, seat_limit=1)
    ann, ben, cas = _people(edition, now, 3)
    for each in (ann, ben, cas):
        _take(edition, each, now)
        remove_from_agenda(SYSTEM, edition.id, each.id, TALK)
    release_seat(SYSTEM, edition.id, cas.id, TALK, now)
    session_id = get_session(edition.id, TALK).row.id

    concerned = list_people_concerned(edition.id, [VersionChange(ChangeKind.MOVED, session_id, {"en": "Data lakes"})])

    assert {each.person_id for each in concerned} == {ann.attendee.person_id, ben.attendee.person_id}
