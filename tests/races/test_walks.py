"""Nobody gets two meetings without time to walk from one to the other, whichever act is faster."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.editions.rules import HallRequest
from expo.editions.services import create_hall
from expo.flows.meetings import accept_meeting, assign_members, invite_attendees, move_meeting, propose_times
from expo.meetings.queries import Party, list_tables, party_of_organizers
from expo.meetings.rules import MeetingRequest, TableRequest
from expo.meetings.services import Choice, add_tables, answers, holds, representatives
from expo.profiles.rules import Visibility
from tests.make import make_attendee
from tests.meetings import FIRST, SECOND, guest_of, make_company, make_meeting, request_meeting
from tests.profiles import make_person
from tests.races.racing import Act, Meeting, counts, race_processes, race_threads, switch_off_sqlite_writer

PROCESSES = 2
_REPLACE = pytest.MonkeyPatch()


@pytest.fixture
def sqlite_writer_off(app: Flask) -> Iterator[None]:
    switch_on = switch_off_sqlite_writer()
    yield
    switch_on()


# Every act that gives a meeting a time or people.
WAYS = ("accept", "accept_other_times", "move", "join", "assign")
WALK_REFUSED = "meeting_too_far"


def walking(way: str, edition_id: int, codes: list[str], parties: list[Party], ids: list[int], now: datetime) -> Act:
    """Prepare: two racers give one person meetings in distant halls, one just after the other."""
    times = FIRST, SECOND

    def act(n: int) -> None:
        if way == "move":
            move_meeting(parties[n], codes[n], Choice(times[n]), now)
        elif way == "assign":
            assign_members(parties[n], codes[n], ids, now)
        else:
            accept_meeting(parties[n], codes[n], Choice(times[n]), now)

    return act


def walking_without_the_lock(*arguments: Any) -> Act:
    """Prepare the twin: both look where the person is around that time before either has written."""
    _look_together(_REPLACE)
    return walking(*arguments)


def _look_together(patch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()
    for module in (answers, representatives):
        look = module.find_halls_nearby

        def look_and_meet(*args: Any, look: Any = look) -> Any:
            found = look(*args)
            meeting.wait()
            return found

        patch.setattr(module, "find_halls_nearby", look_and_meet)
    patch.setattr(holds, "lock_numbers", lambda _numbers: None)


def _make_walk(way: str, edition: EditionFacts, now: datetime) -> tuple[Any, ...]:
    """Store two meetings, or requests, of one person with companies in distant halls."""
    ann = make_person(edition, now, Visibility.EVERYONE)
    organizers = party_of_organizers(SYSTEM, edition.id)
    if way == "assign":
        return _make_shared_team(edition, now)
    companies = [make_company(edition, now, f"Company {hall}", hall=hall) for hall in ("East", "West")]
    times, codes = (FIRST, SECOND), []
    acting = [organizers, organizers]
    for at, company in zip(times, companies, strict=True):
        if way == "join":
            other = make_person(edition, now, Visibility.EVERYONE)
            request = MeetingRequest("", (at,), companions=(ann.id, other.id))
            codes.append(invite_attendees(company.party(edition), request, now))
            accept_meeting(guest_of(edition, other), codes[-1], Choice(at), now)
        elif way == "move":
            later = at + 4 * (at - FIRST) + timedelta(hours=4)
            codes.append(make_meeting(edition, ann, company, now, later).code)
        else:
            codes.append(request_meeting(edition, ann, company, now, *([at] if way == "accept" else [])))
        if way == "accept_other_times":
            propose_times(company.party(edition), codes[-1], (at,), "", now)
    if way in ("join", "accept_other_times"):
        acting = [guest_of(edition, ann)] * 2
    return way, edition.id, codes, acting, [], now


def _make_shared_team(edition: EditionFacts, now: datetime) -> tuple[Any, ...]:
    """Store two meetings of one company, at tables in distant halls, each with a member of its own."""
    company, codes = make_company(edition, now, booth=None, members=3), []
    halls = [create_hall(SYSTEM, edition.id, HallRequest({"en": name}), now) for name in ("East", "West")]
    add_tables(SYSTEM, edition.id, [TableRequest(f"T{hall_id}", hall_id) for hall_id in halls], now)
    tables = {each.hall_id: each.id for each in list_tables(edition.id)}
    for at, hall_id, member_id in zip((FIRST, SECOND), halls, company.member_ids, strict=False):
        codes.append(request_meeting(edition, make_attendee(edition, now), company, now, at))
        party = party_of_organizers(SYSTEM, edition.id)
        accept_meeting(party, codes[-1], Choice(at, member_id, tables[hall_id]), now)
    return "assign", edition.id, codes, [company.party(edition)] * 2, [company.member_ids[2]], now


@pytest.mark.parametrize("way", WAYS)
def test_person_when_given_two_meetings_at_once_then_can_walk_from_one_to_the_other(
    way: str, each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    act = walking(*_make_walk(way, edition, now))

    outcomes = race_threads(each_app, act, 2)

    assert counts(outcomes) == {"done": 1, WALK_REFUSED: 1}


@pytest.mark.parametrize("way", WAYS)
def test_person_when_given_two_meetings_without_the_lock_then_cannot_walk_in_time(
    way: str, pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = walking(*_make_walk(way, edition, now))
    _look_together(monkeypatch)

    outcomes = race_threads(pg_app, act, 2)

    assert counts(outcomes) == {"done": 2}


def test_person_when_given_two_meetings_without_the_writer_of_sqlite_then_cannot_walk_in_time(
    app: Flask, edition: EditionFacts, now: datetime, sqlite_writer_off: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = walking(*_make_walk("accept", edition, now))
    _look_together(monkeypatch)

    outcomes = race_threads(app, act, 2)

    assert counts(outcomes) == {"done": 2}


def test_person_when_processes_give_them_two_meetings_then_can_walk_from_one_to_the_other(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    outcomes = race_processes(pg_app, walking, _make_walk("accept", edition, now), 2, PROCESSES)

    assert counts(outcomes) == {"done": 1, WALK_REFUSED: 1}


def test_person_when_processes_give_them_two_meetings_without_the_lock_then_cannot_walk_in_time(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    walk = _make_walk("accept", edition, now)

    outcomes = race_processes(pg_app, walking_without_the_lock, walk, 2, PROCESSES)

    assert counts(outcomes) == {"done": 2}
