"""Recommendations of people: only of those who agreed, learned from what the viewer did, spread over all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.editions.queries import EditionFacts, get_edition
from expo.errors import Missing
from expo.exhibitors.models import Exhibitor, ExhibitorFavourite
from expo.exhibitors.services import add_favourite
from expo.flows.meetings import accept_meeting, decline_meeting, invite_attendees, request_attendee, request_company
from expo.infra.db import atomic, db
from expo.leads.models import Lead
from expo.matchmaking.models import ExposurePrice
from expo.matchmaking.queries import (
    candidates,
    list_dismissed,
    people_of,
    read_capacities,
    read_capacities_of_people,
    read_capacities_of_sessions,
    read_popularity,
    read_willingness,
    recommend_exhibitors,
    recommend_people,
    recommend_people_for_exhibitor,
)
from expo.matchmaking.queries.signals import list_signals
from expo.matchmaking.rules import Party, Side, SignalKind, TargetKind, TopicSpace, popularity, willingness
from expo.matchmaking.services import balance_exposure, dismiss, exposure, undo_dismissal
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.queries import get_settings, list_slots
from expo.meetings.rules import MeetingRequest, TableRequest
from expo.meetings.services import Choice, add_tables
from expo.profiles.rules import ProfileRequest, Visibility
from expo.profiles.services import choose_interests, delete_profile, save_profile
from expo.program.models import SeatHold
from expo.pure.topics import bundled_topics
from expo.registration.models import Attendee
from tests.conftest import make_edition
from tests.make import MadeAttendee, make_attendee
from tests.meetings import (
    FIRST,
    SECOND,
    THIRD,
    guest_of,
    make_company as make_exhibitor,
    make_meeting,
    request_meeting,
)
from tests.profiles import join_company, make_company, make_person, own_actor
from tests.query_counts import count_statements
from tests.timetables import make_room, make_session

NOW = datetime(2027, 3, 26, tzinfo=UTC)


def names(edition: EditionFacts, made: MadeAttendee) -> list[str]:
    return sorted(match.person.name for match in recommend_people(get_edition(edition.id), made.id, NOW))


def visitors(edition: EditionFacts, company: int) -> list[str]:
    found = recommend_people_for_exhibitor(get_edition(edition.id), company, NOW)
    return sorted(match.person.name for match in found)


def test_people_when_recommended_then_only_who_agreed_and_withdrawal_counts_at_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now, "Lake Ltd", offers=("storage",))
    viewer = make_person(edition, now, Visibility.NOBODY, {"name": "Viewer"}, seeks=("storage",))
    people = {
        each: make_person(edition, now, each, {"name": f"Ann {each.value}"}, offers=("storage",), seeks=("storage",))
        for each in Visibility
    }
    other = make_edition(now, "expo-2028", 2028)
    make_person(other, now, Visibility.EVERYONE, {"name": "Ann elsewhere"}, offers=("storage",), seeks=("storage",))

    assert names(edition, viewer) == ["Ann everyone"]
    assert visitors(edition, company) == ["Ann everyone", "Ann exhibitors"]

    with atomic():
        cancelled = update(Attendee).where(Attendee.id == people[Visibility.EXHIBITORS].id)
        db.session.execute(cancelled.values(state="cancelled"))
    assert visitors(edition, company) == ["Ann everyone"]
    save_profile(
        own_actor(people[Visibility.EVERYONE]), edition.id, people[Visibility.EVERYONE].id, ProfileRequest(), now
    )
    assert (names(edition, viewer), visitors(edition, company)) == ([], [])
    delete_profile(own_actor(people[Visibility.NOBODY]), edition.id, people[Visibility.NOBODY].id, now)
    assert names(edition, viewer) == []


def test_people_when_asked_met_or_refused_then_not_recommended_again_and_all_of_it_tells_the_taste(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    found = ("Asked", "Met", "Refused", "Plain")
    viewer, *others = (
        make_person(edition, now, Visibility.EVERYONE, {"name": each}, offers=("storage",), seeks=("storage",))
        for each in ("Viewer", *found)
    )
    own, met, refused = (guest_of(edition, each) for each in (viewer, others[1], others[2]))
    company, rep = make_company(edition, now, "Lake Ltd", offers=("storage",)), make_attendee(edition, now)
    join_company(company, rep, now)
    add_tables(SYSTEM, edition.id, [TableRequest("T-1")], now)
    before = (names(edition, viewer), "Viewer" in visitors(edition, company))

    request_attendee(own, others[0].id, MeetingRequest("", (FIRST,)), now)
    accept_meeting(met, request_attendee(own, others[1].id, MeetingRequest("", (SECOND,)), now), Choice(SECOND), now)
    decline_meeting(own, request_attendee(refused, viewer.id, MeetingRequest("", (THIRD,)), now), "", now)
    request_company(own, company, MeetingRequest("", (THIRD,)), now)
    with atomic():
        session_id = make_session(edition, "talk", state="published")
        db.session.add(SeatHold(attendee_id=viewer.id, session_id=session_id, state="used", number=1, changed_at=now))

    assert before == (sorted(found), True)
    assert (names(edition, viewer), "Viewer" in visitors(edition, company)) == (["Plain"], False)
    assert sorted(each.kind for each in list_signals(edition.id, viewer.id)) == [
        SignalKind.MET,
        SignalKind.REFUSED,
        SignalKind.REQUESTED,
        SignalKind.REQUESTED,
        SignalKind.VISITED,
    ]
    # They were asked, and may still answer.
    assert "Viewer" in names(edition, others[0])


def test_exhibitors_when_hidden_or_not_approved_then_never_recommended(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    viewer = make_attendee(edition, now)
    choose_interests(own_actor(viewer), edition.id, viewer.id, ["storage"], now)
    make_company(edition, now, "Shown", offers=("storage",))
    make_company(edition, now, "Hidden", offers=("storage",), is_hidden=True)
    make_company(edition, now, "Applied", offers=("storage",), state="applied")

    found = recommend_exhibitors(get_edition(edition.id), viewer.id, now)

    assert [match.exhibitor.name for match in found] == ["Shown"]
    assert visitors(edition, db.session.scalars(select(Exhibitor.id).where(Exhibitor.name == "Hidden")).one()) == []


def test_recommendations_when_something_is_dismissed_then_never_again_until_undone(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    viewer, other = make_attendee(edition, now), make_attendee(edition, now)
    choose_interests(own_actor(viewer), edition.id, viewer.id, ["storage"], now)
    kept, gone = (make_company(edition, now, name, offers=("storage",)) for name in ("Kept", "Gone"))

    dismiss(own_actor(viewer), edition.id, viewer.id, TargetKind.EXHIBITOR, gone, now)
    dismiss(own_actor(viewer), edition.id, viewer.id, TargetKind.EXHIBITOR, gone, now)

    assert [each.exhibitor.id for each in recommend_exhibitors(get_edition(edition.id), viewer.id, now)] == [kept]
    for actor in (ANONYMOUS, SYSTEM, own_actor(other)):
        with pytest.raises(PermissionMissing):
            dismiss(actor, edition.id, viewer.id, TargetKind.EXHIBITOR, kept, now)
        with pytest.raises(PermissionMissing):
            undo_dismissal(actor, edition.id, viewer.id, TargetKind.EXHIBITOR, gone)
    with pytest.raises(Missing):
        dismiss(own_actor(viewer), edition.id, viewer.id, TargetKind.SESSION, 99, now)
    assert list_dismissed(viewer.id, TargetKind.EXHIBITOR) == [gone]

    undo_dismissal(own_actor(viewer), edition.id, viewer.id, TargetKind.EXHIBITOR, gone)
    found = {each.exhibitor.id for each in recommend_exhibitors(get_edition(edition.id), viewer.id, now)}
    assert found == {kept, gone}


def test_exposure_when_all_want_the_same_then_balanced_and_stored(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    """Every visitor seeks storage; a company that offers nothing else would otherwise lead every list."""
    for number in range(30):
        make_company(
            edition, now, f"Company {number}", offers=("storage",) if number < 2 else ("storage", "cloud", "iot")
        )
    for _ in range(4):
        viewer = make_attendee(edition, now)
        choose_interests(own_actor(viewer), edition.id, viewer.id, ["storage"], now)

    balance_exposure(SYSTEM, get_edition(edition.id), now)
    balance_exposure(SYSTEM, get_edition(edition.id), now)

    priced = set(db.session.scalars(select(ExposurePrice.target_id)))
    assert 0 < len(priced) < 30
    assert len(recommend_exhibitors(get_edition(edition.id), viewer.id, now)) == 12
    with pytest.raises(PermissionMissing):
        balance_exposure(ANONYMOUS, edition, now)


def test_exposure_when_more_people_are_prepared_meanwhile_then_those_it_began_with_are_balanced(
    app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person(edition, now, Visibility.EVERYONE)
    prepared: list[int] = []

    def prepare_one_more(facts: EditionFacts) -> candidates.Candidates:
        make_person(edition, now, Visibility.EXHIBITORS)
        found = people_of(facts)
        prepared.append(len(found.side))
        return found

    monkeypatch.setattr(exposure, "people_of", prepare_one_more)
    balance_exposure(SYSTEM, get_edition(edition.id), now)

    assert prepared == [2]


def test_capacity_when_teams_tables_and_meetings_differ_then_counts_representatives_times_slots(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    facts = get_edition(edition.id)
    slots = len(list_slots(facts, get_settings(edition.id), now))
    booth = make_exhibitor(edition, now, "Booth Ltd", members=3)
    table = make_exhibitor(edition, now, "Table Ltd", booth=None, members=2)
    nowhere = read_capacities(facts, [booth.id, table.id, 99], now).tolist()
    add_tables(SYSTEM, edition.id, [TableRequest("T-1", exhibitor_id=table.id), TableRequest("T-2")], now)
    make_meeting(edition, make_attendee(edition, now), booth, now)

    assert nowhere == [3 * slots, 0, 0]
    assert read_capacities(facts, [booth.id, table.id, 99], now).tolist() == [3 * slots - 1, slots, slots]


def test_capacity_of_people_and_sessions_when_booked_then_what_is_left(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    facts = get_edition(edition.id)
    slots = len(list_slots(facts, get_settings(edition.id), now))
    busy, free = make_attendee(edition, now), make_attendee(edition, now)
    make_meeting(edition, busy, make_exhibitor(edition, now), now)
    large, unknown = make_room(edition, "Large", capacity=40), make_room(edition, "Unknown")
    rooms: list[dict[str, Any]] = [{"room_id": large}, {"room_id": unknown}, {"room_id": large, "seat_limit": 8}]
    sessions = [make_session(edition, f"talk-{n}", state="published", **each) for n, each in enumerate(rooms)]

    assert read_capacities_of_people(facts, [busy.id, free.id], now).tolist() == [slots - 1, slots]
    assert read_capacities_of_sessions(facts, sessions).tolist() == [40, 24, 8]


def test_popularity_when_visitors_choose_a_company_then_each_counts_once(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    chosen, other = (make_exhibitor(edition, now, each) for each in ("Chosen", "Other"))
    for _ in range(3):
        visitor = make_attendee(edition, now)
        add_favourite(own_actor(visitor), edition.id, visitor.id, chosen.slug, now)
    request_meeting(edition, visitor, chosen, now)

    found = read_popularity(get_edition(edition.id), [chosen.id, other.id]).tolist()

    assert found == pytest.approx(popularity([3, 0]).tolist())
    balance_exposure(SYSTEM, get_edition(edition.id), now)


def test_willingness_when_companies_and_people_were_asked_then_from_what_they_answered(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    yes, no = (make_exhibitor(edition, now, each) for each in ("Yes", "No"))
    ann, ben = (make_person(edition, now, Visibility.EVERYONE) for _ in range(2))
    add_tables(SYSTEM, edition.id, [TableRequest("T-1")], now)
    make_meeting(edition, ann, yes, now)
    decline_meeting(no.party(edition), request_meeting(edition, ann, no, now, SECOND), "", now)
    # Not answered, so it tells nothing.
    request_meeting(edition, ben, no, now, THIRD)
    own = guest_of(edition, ann)
    decline_meeting(own, request_attendee(guest_of(edition, ben), ann.id, MeetingRequest("", (SECOND,)), now), "", now)
    invited = invite_attendees(yes.party(edition), MeetingRequest("", (THIRD,), companions=(ben.id,)), now)
    accept_meeting(guest_of(edition, ben), invited, Choice(THIRD), now)
    space = TopicSpace(bundled_topics(), [])
    companies, people = (Side([Party(each.id) for each in them], space) for them in ((yes, no), (ann, ben)))

    of_companies = read_willingness(edition, TargetKind.EXHIBITOR, companies).tolist()
    of_people = read_willingness(edition, TargetKind.ATTENDEE, people).tolist()

    assert of_companies == willingness([(ann.id, 0, True), (ann.id, 1, False)], 2).tolist()
    assert of_people == willingness([("ben", 0, False), ("yes", 1, True)], 2).tolist()
    assert of_companies[0] > 0.5 > of_companies[1]
    balance_exposure(SYSTEM, get_edition(edition.id), now)
    stored = db.session.execute(select(ExposurePrice.willingness).where(ExposurePrice.target_kind == "attendee"))
    assert sorted(stored.scalars()) == pytest.approx(sorted(of_people))


def test_people_when_there_are_many_then_those_of_before_are_shown_while_they_are_prepared_again(
    app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MANY", 10)
    monkeypatch.setattr(candidates, "ASKED_EVERY_SECONDS", 0)
    for _ in range(11):
        make_person(edition, now, Visibility.EVERYONE)
    facts = get_edition(edition.id)
    before = people_of(facts)
    assert people_of(facts) is before
    added = make_person(edition, now + timedelta(minutes=10), Visibility.EVERYONE)
    begun: list[Callable[[], None]] = []
    monkeypatch.setattr(candidates, "run_in_background", lambda _key, act: begun.append(act))

    assert people_of(facts) is before
    begun[0]()

    after = people_of(facts)
    assert (added.id in before.side.row, added.id in after.side.row, len(begun)) == (False, True, 1)


def test_recommendations_when_many_match_then_as_many_queries_as_for_one(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now, "Lake 0", offers=("storage",))
    viewer = make_person(edition, now, Visibility.EVERYONE, seeks=("storage",), offers=("cloud",))
    make_person(edition, now, Visibility.EVERYONE, offers=("storage",), seeks=("storage",))

    def measure() -> list[int]:
        found = get_edition(edition.id)
        counts = []
        for recommend, who in (
            (recommend_exhibitors, viewer.id),
            (recommend_people, viewer.id),
            (recommend_people_for_exhibitor, company),
        ):
            recommend(found, who, now)
            with count_statements() as statements:
                assert recommend(found, who, now)
            counts.append(len(statements))
        return counts

    with_one = measure()
    for number in range(1, 4):
        make_company(edition, now, f"Lake {number}", offers=("storage",))
        make_person(edition, now + timedelta(minutes=1), Visibility.EVERYONE, offers=("storage",), seeks=("storage",))
    assert measure() == with_one
    assert max(with_one) <= 15


def test_signals_when_marked_scanned_and_asked_then_read_with_what_became_of_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    viewer, other = make_attendee(edition, now), make_attendee(edition, now)
    liked, scanned, left, asked = (make_company(edition, now, name) for name in ("A", "B", "C", "D"))
    with atomic():
        for own in (viewer, other):
            db.session.add(ExhibitorFavourite(attendee_id=own.id, exhibitor_id=liked, added_at=now))
        for company, withdrawn_at in ((scanned, None), (left, now)):
            lead = Lead(exhibitor_id=company, attendee_id=viewer.id, code=f"L{company}", first_at=now, last_at=now)
            lead.withdrawn_at = withdrawn_at
            db.session.add(lead)
        values = {"state": "declined", "initiator": "guest", "request_key": "k", "created_at": now, "changed_at": now}
        meeting = Meeting(edition_id=edition.id, code="M", exhibitor_id=asked, **values)
        db.session.add(meeting)
        db.session.flush()
        db.session.add(
            MeetingParticipant(
                meeting_id=meeting.id, side="guest", attendee_id=viewer.id, state="joined", is_initiator=True
            )
        )

    found = {(each.target_id, each.kind) for each in list_signals(edition.id, viewer.id)}

    assert found == {
        (liked, SignalKind.STARRED),
        (scanned, SignalKind.SCANNED),
        (left, SignalKind.REFUSED),
        (asked, SignalKind.REQUESTED),
    }
