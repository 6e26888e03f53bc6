"""Free times: everything in somebody's diary counts, marks may contradict each other, and a full diary is explained."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts, list_halls
from expo.errors import Conflict
from expo.exhibitors.models import Member
from expo.infra.db import atomic, db
from expo.meetings.queries import (
    list_busy_marks,
    list_full_slots,
    list_slots,
    list_tables,
    party_of_organizers,
    search_with,
)
from expo.meetings.rules import SettingsRequest, TableRequest
from expo.meetings.services import Choice, accept_meeting, add_tables, change_settings, mark_busy, remove_busy_mark
from expo.program.models import SeatHold, Session, SessionSpeaker, Speaker
from expo.program.services import add_to_agenda
from expo.pure.free_slots import FreeSlots, Obstacle
from tests.make import MadeAttendee, make_attendee, make_room, make_session, make_ticket_type
from tests.meetings import FIRST, SECOND, THIRD, guest_of, make_company, make_meeting, request_meeting
from tests.query_counts import count_statements

DAY = timedelta(days=1)


def search(edition: EditionFacts, made: MadeAttendee, company_id: int | None, now: datetime) -> FreeSlots:
    return search_with(edition, [made.id], company_id, now)


def starts(found: FreeSlots, day: datetime = FIRST) -> list[str]:
    """Return the first slots of a day, in China Time."""
    of_day = [each for each in found.slots if day <= each.starts_at < day + DAY]
    return [f"{each.starts_at.astimezone(UTC):%H:%M}" for each in of_day[:3]]


def session_id(slug: str) -> int:
    return db.session.scalars(select(Session.id).where(Session.slug == slug)).one()


def star(edition: EditionFacts, made: MadeAttendee, now: datetime) -> None:
    add_to_agenda(SYSTEM, edition.id, made.id, make_session(edition, starts_at=FIRST, minutes=30), now)


def hold_seat(edition: EditionFacts, made: MadeAttendee, now: datetime, state: str = "held") -> None:
    slug = make_session(edition, starts_at=FIRST, minutes=30)
    with atomic():
        db.session.add(
            SeatHold(attendee_id=made.id, session_id=session_id(slug), state=state, number=1, changed_at=now)
        )


def wait_for_seat(edition: EditionFacts, made: MadeAttendee, now: datetime) -> None:
    hold_seat(edition, made, now, "waiting")


def speak(edition: EditionFacts, made: MadeAttendee, _now: datetime) -> None:
    slug = make_session(edition, starts_at=FIRST, minutes=30)
    with atomic():
        speaker = Speaker(edition_id=edition.id, slug="ann", name={"en": "Ann"}, person_id=made.attendee.person_id)
        db.session.add(speaker)
        db.session.flush()
        db.session.add(SessionSpeaker(session_id=session_id(slug), speaker_id=speaker.id))


def mark(edition: EditionFacts, made: MadeAttendee, _now: datetime) -> None:
    mark_busy(guest_of(edition, made), FIRST, FIRST + timedelta(minutes=25))


def meet_somebody(edition: EditionFacts, made: MadeAttendee, now: datetime) -> None:
    make_meeting(edition, made, make_company(edition, now, "Cloud House"), now)


def represent(edition: EditionFacts, made: MadeAttendee, now: datetime) -> None:
    own = make_company(edition, now, "Own Company", attendees=(made,))
    make_meeting(edition, make_attendee(edition, now), own, now)


def do_nothing(_edition: EditionFacts, _made: MadeAttendee, _now: datetime) -> None:
    """The attendee has nothing on."""


SOURCES = {
    do_nothing: True,
    star: False,
    hold_seat: False,
    wait_for_seat: True,
    speak: False,
    mark: False,
    meet_somebody: False,
    represent: False,
}


@pytest.mark.parametrize("source", SOURCES)
def test_slot_when_something_else_is_on_then_is_not_free(
    app: Flask, edition: EditionFacts, now: datetime, source: object
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)

    source(edition, ann, now)  # type: ignore[operator]

    free = starts(search(edition, ann, company.id, now))
    assert ("01:00" in free) is SOURCES[source]  # type: ignore[index]
    # The same for meetings that somebody else represents: the first slot of the next day is free anyway.
    assert starts(search(edition, ann, company.id, now), FIRST + DAY)[0] == "01:00"


def test_slots_when_the_ticket_is_for_one_day_then_only_on_it(app: Flask, edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now, "day2", valid_from=date(2027, 5, 27), valid_days=1)
    ann, company = make_attendee(edition, now, "day2"), make_company(edition, now)
    change_settings(SYSTEM, edition.id, SettingsRequest(hours={date(2027, 5, 28): None}), now)

    days = {each.day for each in search(edition, ann, company.id, now).slots}

    assert days == {date(2027, 5, 27)}


def test_slots_when_two_tickets_have_no_day_in_common_then_there_is_none(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for n in (26, 27):
        make_ticket_type(edition, now, f"day{n}", valid_from=date(2027, 5, n), valid_days=1)
    people = [make_attendee(edition, now, f"day{n}").id for n in (26, 27)]

    found = search_with(edition, people, None, now)

    assert (found.slots, found.obstacle) == ((), Obstacle.NO_COMMON_DAY)


def test_slots_when_a_session_is_in_another_hall_then_there_is_time_to_walk(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now)
    near, far = make_company(edition, now, hall="East"), make_company(edition, now, "Far Away", hall="West")
    slug = make_session(edition, starts_at=FIRST, minutes=25, room_id=make_room(edition, now, hall="South"))
    east = make_session(edition, "In the east", starts_at=FIRST + DAY, minutes=25)
    for each in (slug, east):
        add_to_agenda(SYSTEM, edition.id, ann.id, each, now)

    # The session ends at 09:25: the walk of 10 minutes takes longer than the pause of 5.
    assert [starts(search(edition, ann, each.id, now))[0] for each in (near, far)] == ["02:00", "02:00"]
    # Nobody knows where the other session is: only the pause counts.
    assert starts(search(edition, ann, near.id, now), FIRST + DAY)[0] == "01:30"


def test_marks_when_they_contradict_each_other_then_all_of_the_time_is_kept_free(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    party = guest_of(edition, ann)

    # The same start with another end, one within another, overlapping ones, and one before the expo.
    for begins, ends in (
        (FIRST, SECOND),
        (FIRST, THIRD),
        (FIRST, SECOND),
        (SECOND, THIRD),
        (SECOND, THIRD + timedelta(minutes=30)),
        (FIRST - 30 * DAY, FIRST - 29 * DAY),
    ):
        mark_busy(party, begins, ends)

    marks = list_busy_marks(ann.id)
    assert [(each.starts_at, each.ends_at) for each in marks][1:] == [
        (FIRST, THIRD),
        (SECOND, THIRD + timedelta(minutes=30)),
    ]
    assert starts(search(edition, ann, company.id, now))[0] == "03:00"
    for each in marks:
        remove_busy_mark(party, each.id)
    assert starts(search(edition, ann, company.id, now))[0] == "01:00"


def test_search_when_every_day_is_kept_free_then_says_whose_diary_is_full(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben, company = make_attendee(edition, now), make_attendee(edition, now), make_company(edition, now)
    for n in range(3):
        mark_busy(guest_of(edition, ann), FIRST + n * DAY, FIRST + n * DAY + timedelta(hours=10))

    own = search(edition, ann, company.id, now)
    of_both = search_with(edition, [ben.id, ann.id], None, now)

    assert (own.slots, own.obstacle, own.group) == ((), Obstacle.NOBODY_FREE, 0)
    assert (of_both.obstacle, of_both.group) == (Obstacle.NOBODY_FREE, 1)


def test_slots_when_all_tables_are_taken_then_are_left_out(app: Flask, edition: EditionFacts, now: datetime) -> None:
    one, other = (make_company(edition, now, f"Company {n}", booth=None) for n in range(2))
    add_tables(SYSTEM, edition.id, [TableRequest("T1")], now)
    make_meeting(edition, make_attendee(edition, now), one, now)
    ben = make_attendee(edition, now)

    found = search(edition, ben, other.id, now)

    assert starts(found)[0] == "01:30"
    tables = list_tables(edition.id)
    assert list_full_slots(tables, list_slots(edition, SettingsRequest())) == {"": {FIRST}}
    assert list_full_slots(tables, []) == {"": set()}


def test_meeting_when_another_one_is_in_another_hall_then_there_is_time_to_walk(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben = make_attendee(edition, now), make_attendee(edition, now)
    east, west = make_company(edition, now, hall="East"), make_company(edition, now, "Far Away", hall="West")
    hosts = [make_company(edition, now, f"Company {n}", booth=None) for n in range(2)]
    east_id, west_id = (each.id for each in list_halls(edition.id))
    for each in (ann, ben):
        make_meeting(edition, each, east, now, FIRST if each is ann else THIRD)

    add_tables(SYSTEM, edition.id, [TableRequest("W1", west_id, 4)], now)
    only_far = search(edition, ann, hosts[0].id, now)
    add_tables(SYSTEM, edition.id, [TableRequest("E1", east_id, 8)], now)
    also_near = search(edition, ann, hosts[0].id, now)
    at_table = make_meeting(edition, ann, hosts[0], now, SECOND)
    code = request_meeting(edition, ben, west, now, SECOND)
    with pytest.raises(Conflict) as refused:  # the page that offered the time was opened before the other meeting
        accept_meeting(west.party(edition), code, Choice(SECOND), now)

    # The meeting ends at 09:25: the walk of 10 minutes takes longer than the pause of 5.
    assert (starts(only_far)[0], starts(also_near)[0]) == ("02:00", "01:30")
    assert at_table.place_code == "E1"  # the nearer one, though W1 would be large enough
    assert (refused.value.code, refused.value.params["name"]) == ("meeting_too_far", ben.attendee.name)


@pytest.mark.parametrize("account", ["of an attendee", "of a member only"])
def test_person_when_in_two_teams_or_registered_with_their_account_then_is_booked_once(
    app: Flask, edition: EditionFacts, now: datetime, account: str
) -> None:
    one, other = make_company(edition, now), make_company(edition, now, "Far Away")
    ann, ben = make_attendee(edition, now), make_attendee(edition, now)
    person_id = ann.attendee.person_id if account == "of an attendee" else one.actors[0].id
    with atomic():
        for company in (one, other):
            db.session.get_one(Member, company.member_ids[0]).person_id = person_id
    organizers = party_of_organizers(SYSTEM, edition.id)
    accept_meeting(organizers, request_meeting(edition, ben, one, now, FIRST), Choice(FIRST), now)
    cara = make_attendee(edition, now)

    found = search(edition, cara, other.id, now)
    code = request_meeting(edition, cara, other, now, FIRST)
    with pytest.raises(Conflict) as refused:  # the organizers choose the member by hand
        accept_meeting(organizers, code, Choice(FIRST, other.member_ids[0]), now)

    assert starts(found)[0] == "01:30"
    assert refused.value.code == "meeting_taken"
    if account == "of an attendee":
        assert starts(search_with(edition, [ann.id], None, now, is_virtual=True))[0] == "01:30"


def test_search_when_a_team_and_its_meetings_grow_then_takes_as_many_statements(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    counts = []
    for n, size in enumerate((1, 3)):
        people = tuple(make_attendee(edition, now) for _ in range(size))
        company = make_company(edition, now, f"Company {n}", members=size, attendees=people)
        for at in (FIRST, SECOND, THIRD)[:size]:
            make_meeting(edition, make_attendee(edition, now), company, now, at)
        ann = make_attendee(edition, now)
        with count_statements() as statements:
            search(edition, ann, company.id, now)
        counts.append(len(statements))

    # The team, everything that it and the attendee have on, the days of their tickets, the booth, the settings.
    assert counts == [5, 5]
