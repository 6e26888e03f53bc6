"""Nobody is booked twice, and a cancelled meeting holds nothing, whichever request is faster."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows.meetings import accept_meeting, cancel_meeting, invite_attendees, request_company
from expo.infra.db import db
from expo.meetings.models import Meeting as MeetingTableRow, MeetingHold, MeetingParticipant
from expo.meetings.queries import Party, Resource, get_meeting_by_id, party_of_organizers
from expo.meetings.rules import HoldKind, MeetingRequest, SettingsRequest, TableRequest
from expo.meetings.services import Choice, add_tables, change_settings, holds, limits, parties, requests
from expo.profiles.rules import Visibility
from tests.make import make_attendee
from tests.meetings import FIRST, guest_of, make_company, request_meeting
from tests.profiles import make_person
from tests.races.racing import Act, Meeting, counts, race_processes, race_threads, switch_off_sqlite_writer

RACERS, PROCESSES = 4, 2
_REPLACE = pytest.MonkeyPatch()
SCARCE = ("attendee", "member", "table")
# On PostgreSQL, several processes race, each with threads of its own.
ON_SQLITE = pytest.mark.parametrize("each_app", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Scarce:
    """Requests for the same slot, of which one can be accepted, and how the others are refused."""

    kind: str
    codes: list[str]
    refusal: str
    # For a table, each racer brings a representative of their own.
    member_ids: tuple[int | None, ...] = (None,) * RACERS


@pytest.fixture(params=SCARCE)
def scarce(request: pytest.FixtureRequest, each_app: Flask, edition: EditionFacts, now: datetime) -> Scarce:
    """Requests for the same slot of one person, one representative or one table."""
    return _make_scarce(request.param, edition, now)


def _make_scarce(kind: str, edition: EditionFacts, now: datetime) -> Scarce:
    if kind == "attendee":
        ann = make_attendee(edition, now)
        change_settings(SYSTEM, edition.id, SettingsRequest(max_open=RACERS), now)
        companies = [make_company(edition, now, f"Company {n}") for n in range(RACERS)]
        codes = [request_meeting(edition, ann, each, now, FIRST) for each in companies]
        return Scarce(kind, codes, "meeting_taken")
    people = [make_attendee(edition, now) for _ in range(RACERS)]
    if kind == "member":
        company = make_company(edition, now)
        codes = [request_meeting(edition, each, company, now, FIRST) for each in people]
        return Scarce(kind, codes, "meeting_nobody_free")
    company = make_company(edition, now, booth=None, members=RACERS)
    add_tables(SYSTEM, edition.id, [TableRequest("T1")], now)
    codes = [request_meeting(edition, each, company, now, FIRST) for each in people]
    return Scarce(kind, codes, "meeting_no_table", company.member_ids)


def accepting(edition_id: int, scarce: Scarce, now: datetime) -> Act:
    """Prepare: each racer accepts a request of their own, as the organizers."""
    party = party_of_organizers(SYSTEM, edition_id)
    return lambda n: accept_meeting(party, scarce.codes[n], Choice(FIRST, scarce.member_ids[n]), now)


def accepting_without_constraint(edition_id: int, scarce: Scarce, now: datetime) -> Act:
    """Prepare the twin: whether time is taken is looked up, and the answer believed after somebody else has looked."""
    _remove_the_constraint(_REPLACE, scarce.kind)
    return accepting(edition_id, scarce, now)


def _remove_the_constraint(patch: pytest.MonkeyPatch, kind: str) -> None:
    meeting, insert = Meeting(), holds._insert

    def look_and_believe(rows: list[dict[str, Any]]) -> list[Resource]:
        steps = {(row["kind"], row["resource_id"]): row["slot_at"] for row in rows}
        taken = [
            (HoldKind(name), resource_id)
            for (name, resource_id), slot_at in steps.items()
            if db.session.get(MeetingHold, (name, resource_id, slot_at)) is not None
        ]
        if rows[0]["kind"] == kind and not taken:
            meeting.wait()
        if not taken:
            insert(rows)
        return taken

    # The lock of people, which serves their walks, would let only one look at a time.
    patch.setattr(holds, "lock_numbers", lambda _numbers: None)
    patch.setattr(holds, "_insert", look_and_believe)


@pytest.fixture
def sqlite_writer_off(each_app: Flask) -> Iterator[None]:
    switch_on: Callable[[], None] | None = None
    if db.engine.dialect.name == "sqlite":
        switch_on = switch_off_sqlite_writer()
    yield
    if switch_on:
        switch_on()


def joining(edition: EditionFacts, now: datetime) -> tuple[Act, int]:
    """Prepare groups at the same time that somebody is invited to; each racer is that guest, who joins another one."""
    ann = make_person(edition, now, Visibility.EVERYONE)
    guest, codes = guest_of(edition, ann), []
    for n in range(RACERS):
        other = make_person(edition, now, Visibility.EVERYONE)
        company = make_company(edition, now, f"Company {n}")
        request = MeetingRequest("", (FIRST,), companions=(ann.id, other.id))
        codes.append(invite_attendees(company.party(edition), request, now))
        accept_meeting(guest_of(edition, other), codes[-1], Choice(FIRST), now)
    return lambda n: accept_meeting(guest, codes[n], Choice(FIRST), now), ann.id


def _count_joined(attendee_id: int) -> int:
    query = select(func.count()).where(
        MeetingParticipant.attendee_id == attendee_id, MeetingParticipant.state == "joined"
    )
    return db.session.scalar(query) or 0


def test_guest_when_joining_several_groups_at_once_then_is_in_one(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    act, guest_id = joining(edition, now)

    outcomes = race_threads(each_app, act, RACERS)

    assert counts(outcomes) == {"done": 1, "meeting_taken": RACERS - 1}
    assert _count_joined(guest_id) == 1


def test_guest_when_joining_several_groups_without_the_constraint_then_is_in_too_many(
    each_app: Flask,
    edition: EditionFacts,
    now: datetime,
    sqlite_writer_off: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    act, guest_id = joining(edition, now)
    _remove_the_constraint(monkeypatch, "attendee")

    race_threads(each_app, act, RACERS)

    assert _count_joined(guest_id) > 1


def _count_scheduled() -> int:
    query = select(func.count()).where(MeetingTableRow.state == "scheduled", MeetingTableRow.starts_at == FIRST)
    return db.session.scalar(query) or 0


@ON_SQLITE
def test_slot_when_threads_accept_requests_for_it_then_one_has_it(
    each_app: Flask, edition: EditionFacts, now: datetime, scarce: Scarce
) -> None:
    outcomes = race_threads(each_app, accepting(edition.id, scarce, now), RACERS)

    assert counts(outcomes) == {"done": 1, scarce.refusal: RACERS - 1}
    assert _count_scheduled() == 1


@pytest.mark.parametrize("kind", SCARCE)
def test_slot_when_processes_accept_requests_for_it_then_one_has_it(
    kind: str, pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    scarce = _make_scarce(kind, edition, now)

    outcomes = race_processes(pg_app, accepting, (edition.id, scarce, now), RACERS, PROCESSES)

    assert counts(outcomes) == {"done": 1, scarce.refusal: RACERS - 1}
    assert _count_scheduled() == 1


@ON_SQLITE
def test_slot_when_threads_race_without_the_constraint_then_is_booked_twice(
    each_app: Flask,
    edition: EditionFacts,
    now: datetime,
    scarce: Scarce,
    sqlite_writer_off: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _remove_the_constraint(monkeypatch, scarce.kind)

    race_threads(each_app, accepting(edition.id, scarce, now), RACERS)

    assert _count_scheduled() > 1


@pytest.mark.parametrize("kind", SCARCE)
def test_slot_when_processes_race_without_the_constraint_then_is_booked_twice(
    kind: str, pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    scarce = _make_scarce(kind, edition, now)

    race_processes(pg_app, accepting_without_constraint, (edition.id, scarce, now), RACERS, PROCESSES)

    assert _count_scheduled() > 1


def accept_or_cancel(edition: EditionFacts, now: datetime, guest: Party, code: str) -> Act:
    """Prepare: every other racer cancels the meeting that the rest accept."""

    def act(n: int) -> None:
        if n % 2:
            cancel_meeting(guest, code, "", now)
        else:
            accept_meeting(party_of_organizers(SYSTEM, edition.id), code, Choice(FIRST), now)

    return act


def _end_of(code: str) -> tuple[str | None, int]:
    state = db.session.scalar(select(MeetingTableRow.state).where(MeetingTableRow.code == code))
    return state, db.session.scalar(select(func.count()).select_from(MeetingHold)) or 0


def test_meeting_when_accepted_and_cancelled_at_once_then_is_cancelled_and_holds_nothing(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now)
    guest, code = guest_of(edition, ann), request_meeting(edition, ann, make_company(edition, now), now, FIRST)

    outcomes = race_threads(each_app, accept_or_cancel(edition, now, guest, code), RACERS)

    assert counts(outcomes)["done"] >= RACERS // 2
    assert _end_of(code) == ("cancelled", 0)


def test_meeting_when_processes_accept_and_cancel_at_once_then_is_cancelled_and_holds_nothing(
    pg_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now)
    guest, code = guest_of(edition, ann), request_meeting(edition, ann, make_company(edition, now), now, FIRST)

    race_processes(pg_app, accept_or_cancel, (edition, now, guest, code), RACERS, PROCESSES)

    assert _end_of(code) == ("cancelled", 0)


def test_meeting_when_cancelled_while_accepted_without_the_lock_then_holds_time_all_the_same(
    each_app: Flask,
    edition: EditionFacts,
    now: datetime,
    sqlite_writer_off: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ann = make_attendee(edition, now)
    guest, code = guest_of(edition, ann), request_meeting(edition, ann, make_company(edition, now), now, FIRST)
    both, read = accept_or_cancel(edition, now, guest, code), get_meeting_by_id

    def read_and_be_overtaken(meeting_id: int) -> Any:
        row = read(meeting_id)
        monkeypatch.setattr(parties, "get_meeting_by_id", read)
        _run_beside(each_app, lambda: both(1))
        return row

    monkeypatch.setattr(parties, "lock", db.session.get)
    monkeypatch.setattr(parties, "get_meeting_by_id", read_and_be_overtaken)

    both(0)

    state, held = _end_of(code)
    assert state == "scheduled"
    assert held > 0


def _run_beside(app: Flask, act: Callable[[], None]) -> None:
    """Run an act to its end as another request does: on a thread and a connection of its own."""

    def run() -> None:
        with app.app_context():
            act()

    with ThreadPoolExecutor(1) as other:
        other.submit(run).result()


def _requesting(guest: Party, company_ids: list[int], now: datetime) -> Act:
    return lambda n: request_company(guest, company_ids[n], MeetingRequest(""), now)


def test_requests_when_one_account_sends_many_at_once_then_the_limit_holds(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    change_settings(SYSTEM, edition.id, SettingsRequest(max_open=2), now)
    guest = guest_of(edition, make_attendee(edition, now))
    ids = [make_company(edition, now, f"Company {n}").id for n in range(RACERS)]

    outcomes = race_threads(each_app, _requesting(guest, ids, now), RACERS)

    assert counts(outcomes) == {"done": 2, "meeting_limit_open": RACERS - 2}


def test_requests_when_one_account_sends_many_without_the_lock_then_too_many_are_sent(
    each_app: Flask,
    edition: EditionFacts,
    now: datetime,
    sqlite_writer_off: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change_settings(SYSTEM, edition.id, SettingsRequest(max_open=1), now)
    guest = guest_of(edition, make_attendee(edition, now))
    ids = [make_company(edition, now, f"Company {n}").id for n in range(2)]
    meeting, check = Meeting(), limits.require_within_limits

    def check_and_meet(*args: Any) -> None:
        check(*args)
        meeting.wait()

    monkeypatch.setattr(requests, "lock", db.session.get)
    monkeypatch.setattr(requests, "require_within_limits", check_and_meet)

    outcomes = race_threads(each_app, _requesting(guest, ids, now), 2)

    assert counts(outcomes) == {"done": 2}
