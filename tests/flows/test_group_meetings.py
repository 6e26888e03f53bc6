"""Meetings of more than two: everybody answers for themselves, and one who leaves does not end it for the others."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, ExpoError, Invalid, Missing
from expo.flows.meetings import (
    accept_meeting,
    assign_members,
    cancel_meeting,
    change_link,
    decline_meeting,
    invite_attendees,
    move_meeting,
    request_attendee,
    write_message,
)
from expo.flows.registration import cancel_registration
from expo.infra.db import db
from expo.mail.models import Email
from expo.meetings.exports import own_calendar_entries
from expo.meetings.models import MeetingHold
from expo.meetings.queries import (
    MeetingRow,
    Party,
    find_next_meeting,
    get_meeting,
    list_reports,
    party_of_organizers,
    search_for_meeting,
)
from expo.meetings.rules import MeetingRequest, MeetingState, ParticipantState, Side, TableRequest
from expo.meetings.services import Choice, add_tables, block_other_side, list_blocked_guests, report_meeting
from expo.profiles.rules import Visibility
from tests.make import MadeAttendee, make_attendee
from tests.meetings import FIRST, SECOND, MadeCompany, guest_of, make_company, make_meeting
from tests.profiles import make_person

GONE, JOINED, INVITED = ParticipantState.DECLINED, ParticipantState.JOINED, ParticipantState.INVITED


def make_guests(edition: EditionFacts, now: datetime, count: int = 3) -> list[MadeAttendee]:
    names = [{"name": name} for name in ("Ann", "Ben", "Cai")[:count]]
    return [make_person(edition, now, Visibility.EVERYONE, each) for each in names]


def invite(party: Party, guests: list[MadeAttendee], now: datetime, *, link: str = "") -> str:
    ids = tuple(each.id for each in guests)
    return invite_attendees(party, MeetingRequest("Lunch?", (FIRST,), bool(link), link, ids), now)


def states(row: MeetingRow) -> list[ParticipantState]:
    return [each.state for each in row.participants if each.side is Side.GUEST]


def told() -> list[tuple[str, str, list[str]]]:
    """Return what was written about meetings, to whom, and who it is about."""
    rows = db.session.scalars(select(Email).where(Email.message == "meetings/change").order_by(Email.id))
    return [(each.details["what"], each.details["name"], each.details["others"]) for each in rows]


def held() -> set[tuple[str, int]]:
    rows = db.session.execute(select(MeetingHold.kind, MeetingHold.resource_id).distinct())
    return {(kind, resource_id) for kind, resource_id in rows}


def code_of(error: pytest.ExceptionInfo[ExpoError]) -> str:
    return error.value.code


def test_group_when_each_answers_then_those_who_accept_meet_and_the_rest_is_free(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company, guests = make_company(edition, now), make_guests(edition, now)
    ann, ben, cai = (guest_of(edition, each) for each in guests)
    code = invite(company.party(edition), guests, now)

    accept_meeting(ann, code, Choice(FIRST), now)
    accept_meeting(ann, code, Choice(FIRST), now)
    accept_meeting(ben, code, Choice(FIRST), now)
    decline_meeting(cai, code, "No time", now)

    row = get_meeting(company.party(edition), code)
    assert (row.state, row.starts_at, states(row)) == (MeetingState.SCHEDULED, FIRST, [JOINED, JOINED, GONE])
    assert held() == {("attendee", guests[0].id), ("attendee", guests[1].id), ("member", company.member_ids[0])}
    assert told()[3:] == [
        ("scheduled", "Rep 1 of Data Valley", ["Ann", "Ben", "Cai"]),
        ("joined", "Rep 1 of Data Valley", ["Ben"]),
        ("left", "Rep 1 of Data Valley", ["Cai"]),
    ]


def test_group_when_guests_leave_then_goes_on_until_the_last_one(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company, guests = make_company(edition, now), make_guests(edition, now, 2)
    ann, ben = (guest_of(edition, each) for each in guests)
    code = invite(company.party(edition), guests, now)
    for each in (ann, ben):
        accept_meeting(each, code, Choice(FIRST), now)

    cancel_meeting(ann, code, "Ill", now)
    after_one = get_meeting(company.party(edition), code).state
    cancel_meeting(ben, code, "Ill, too", now)

    row = get_meeting(company.party(edition), code)
    assert (after_one, row.state, row.reason, held()) == (
        MeetingState.SCHEDULED,
        MeetingState.DECLINED,
        "Ill, too",
        set(),
    )
    assert [(what, others) for what, _, others in told()][-2:] == [("left", ["Ann"]), ("declined", ["Ben"])]


def test_group_when_the_host_cancels_then_everybody_who_has_not_left_is_told(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company, guests = make_company(edition, now), make_guests(edition, now)
    ann, ben, _cai = (guest_of(edition, each) for each in guests)
    code = invite(company.party(edition), guests, now)
    accept_meeting(ann, code, Choice(FIRST), now)
    decline_meeting(ben, code, "", now)
    before = len(told())

    cancel_meeting(company.party(edition), code, "The hall is closed.", now)

    assert told()[before:] == [("cancelled", "Ann", ["Data Valley"]), ("cancelled", "Cai", ["Data Valley"])]
    assert (get_meeting(ann, code).state, held()) == (MeetingState.CANCELLED, set())


def test_group_when_a_registration_is_cancelled_then_goes_on_unless_it_is_the_hosts(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    host, guests = make_attendee(edition, now, name="Hui"), make_guests(edition, now)
    add_tables(SYSTEM, edition.id, [TableRequest("T1")], now)
    code = invite(guest_of(edition, host), guests, now)
    for each in guests[:2]:
        accept_meeting(guest_of(edition, each), code, Choice(FIRST), now)
    before = len(told())

    cancel_registration(SYSTEM, edition.id, guests[0].id, now)
    goes_on = get_meeting(guest_of(edition, host), code)
    cancel_registration(SYSTEM, edition.id, host.id, now)

    assert (goes_on.state, states(goes_on)) == (MeetingState.SCHEDULED, [GONE, JOINED, INVITED])
    assert told()[before:] == [("left", "Hui", ["Ann"]), ("cancelled", "Ben", ["Hui"]), ("cancelled", "Cai", ["Hui"])]
    assert get_meeting(guest_of(edition, guests[1]), code).state is MeetingState.CANCELLED


def test_group_when_attendees_meet_then_the_host_comes_and_needs_a_table(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    host, guests = make_attendee(edition, now, name="Hui"), make_guests(edition, now)
    party = guest_of(edition, host)
    code = invite(party, guests, now)
    ann, ben = guest_of(edition, guests[0]), guest_of(edition, guests[1])

    add_tables(SYSTEM, edition.id, [TableRequest("Small", seats=3)], now)
    with pytest.raises(Conflict) as small:
        accept_meeting(ann, code, Choice(FIRST), now)
    add_tables(SYSTEM, edition.id, [TableRequest("Huge", seats=12), TableRequest("Large", seats=4)], now)
    accept_meeting(ann, code, Choice(FIRST), now)
    accept_meeting(ben, code, Choice(FIRST), now)

    row = get_meeting(party, code)
    assert (code_of(small), small.value.params, row.place_code) == ("meeting_table_small", {"people": 4}, "Large")
    assert {each for each in held() if each[0] == "attendee"} == {("attendee", each.id) for each in (host, *guests[:2])}


def test_group_when_a_guest_is_busy_then_cannot_join_and_the_others_can(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company, guests = make_company(edition, now), make_guests(edition, now, 2)
    make_meeting(edition, guests[1], make_company(edition, now, "Cloud House"), now)
    code = invite(company.party(edition), guests, now)
    ann, ben = (guest_of(edition, each) for each in guests)
    row = get_meeting(ann, code)
    offered = [{slot.starts_at for slot in search_for_meeting(edition, row, each, now).slots} for each in (ann, ben)]
    accept_meeting(ann, code, Choice(FIRST), now)

    with pytest.raises(Conflict) as busy:
        accept_meeting(ben, code, Choice(FIRST), now)
    with pytest.raises(Invalid) as elsewhere:
        accept_meeting(ben, code, Choice(SECOND), now)

    assert ([FIRST in each for each in offered], code_of(elsewhere)) == ([True, False], "meeting_time_invalid")
    assert (code_of(busy), busy.value.params) == ("meeting_taken", {"name": "Ben"})
    assert states(get_meeting(company.party(edition), code)) == [JOINED, INVITED]


def test_group_when_organizers_move_it_then_those_who_come_are_free_before_and_busy_after(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company, guests = make_company(edition, now), make_guests(edition, now, 2)
    code = invite(company.party(edition), guests, now)
    accept_meeting(guest_of(edition, guests[0]), code, Choice(FIRST), now)

    move_meeting(party_of_organizers(SYSTEM, edition.id), code, Choice(SECOND), now)

    steps = db.session.scalars(select(MeetingHold.slot_at).distinct()).all()
    assert (min(steps), held()) == (SECOND, {("attendee", guests[0].id), ("member", company.member_ids[0])})
    assert [(what, name) for what, name, _ in told()][-3:] == [
        ("moved", "Ann"),
        ("moved", "Ben"),
        ("moved", "Rep 1 of Data Valley"),
    ]


def test_representatives_when_several_then_all_are_held_and_only_new_ones_are_told(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now, members=3)
    row = make_meeting(edition, make_attendee(edition, now), company, now)
    other = make_company(edition, now, "Cloud House")
    first, second, third = company.member_ids
    before = len(told())

    assign_members(company.party(edition), row.code, [first, second], now)
    assign_members(company.party(edition), row.code, [second, first], now)
    with pytest.raises(Invalid) as nobody:
        assign_members(company.party(edition), row.code, [], now)
    with pytest.raises(Conflict) as stranger:
        assign_members(company.party(edition), row.code, [first, other.member_ids[0]], now)
    make_meeting(edition, make_attendee(edition, now), company, now)
    with pytest.raises(Conflict) as busy:
        assign_members(company.party(edition), row.code, [first, third], now)

    hosts = [each.member_id for each in get_meeting(company.party(edition), row.code).of_side(Side.HOST)]
    assert hosts == [first, second]
    assert [code_of(each) for each in (nobody, stranger, busy)] == [
        "meeting_members_empty",
        "meeting_nobody_free",
        "meeting_taken",
    ]
    assert [(what, name) for what, name, _ in told()][before : before + 1] == [("assigned", "Rep 2 of Data Valley")]


def test_guests_when_they_have_not_accepted_then_the_others_do_not_see_them(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now)
    guests = [make_person(edition, now, Visibility.EXHIBITORS, {"name": name}) for name in ("Ann", "Ben", "Cai")]
    ann, ben, cai = (guest_of(edition, each) for each in guests)
    code = invite(company.party(edition), guests, now)
    accept_meeting(ann, code, Choice(FIRST), now)

    def seen(party: Party) -> list[str]:
        return [each.name for each in get_meeting(party, code).shown_to(party) if each.side is Side.GUEST]

    assert [seen(each) for each in (ann, ben, company.party(edition))] == [
        ["Ann"],
        ["Ann", "Ben"],
        ["Ann", "Ben", "Cai"],
    ]
    decline_meeting(cai, code, "", now)
    assert seen(company.party(edition)) == ["Ann", "Ben"]
    of_ann = db.session.scalars(select(Email).where(Email.to_email == guests[0].attendee.email))
    assert all("Ben" not in str(each.details) for each in of_ann)


def test_link_when_a_group_meets_online_then_only_those_who_come_have_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company, guests = make_company(edition, now), make_guests(edition, now)
    parties = [guest_of(edition, each) for each in guests]
    code = invite(company.party(edition), guests, now, link="https://meet.example/secret")
    requested = [get_meeting(each, code).link_for(each) for each in parties]
    accept_meeting(parties[0], code, Choice(FIRST), now)
    accept_meeting(parties[2], code, Choice(FIRST), now)
    cancel_meeting(parties[2], code, "", now)
    change_link(company.party(edition), code, "https://meet.example/other", now)

    seen = [get_meeting(each, code).link_for(each) for each in parties]
    entries = [own_calendar_entries(edition, each.id, "en") for each in guests]
    with pytest.raises(Conflict) as guest:
        change_link(parties[0], code, "https://evil.example", now)
    wrong = []
    for link in ("", "http://meet.example", "javascript:alert(1)", "https://a b.example", "data:text/html,x"):
        with pytest.raises(Invalid):
            change_link(company.party(edition), code, link, now)
        wrong.append(get_meeting(company.party(edition), code).link)

    assert (requested, seen) == (["", "", ""], ["https://meet.example/other", "", ""])
    assert [[(each.location, each.is_cancelled) for each in found] for found in entries] == [
        [("https://meet.example/other", False)],
        [],
        [("", True)],
    ]
    assert (code_of(guest), set(wrong)) == ("meeting_not_your_turn", {"https://meet.example/other"})
    mails = {each.to_email: str(each.details) for each in db.session.scalars(select(Email).order_by(Email.id))}
    assert ["meet.example" in mails[each.attendee.email] for each in guests] == [True, False, False]
    assert [find_next_meeting(edition.id, each.id, now) is not None for each in guests] == [True, False, False]


def test_link_when_the_guest_accepts_before_there_is_one_then_the_host_adds_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company, (ann,) = make_company(edition, now), make_guests(edition, now, 1)
    request = MeetingRequest("", (FIRST,), is_virtual=True, companions=(ann.id,))
    code = invite_attendees(company.party(edition), request, now)

    accept_meeting(guest_of(edition, ann), code, Choice(FIRST), now)
    change_link(company.party(edition), code, "https://meet.example/1", now)

    row = get_meeting(guest_of(edition, ann), code)
    assert (row.place, row.link_for(guest_of(edition, ann))) == ("virtual", "https://meet.example/1")
    assert told()[-1] == ("moved", "Ann", ["Data Valley"])


def test_guest_when_blocking_the_host_of_a_group_then_leaves_and_the_others_stay(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company, guests = make_company(edition, now), make_guests(edition, now)
    code = invite(company.party(edition), guests, now)

    block_other_side(guest_of(edition, guests[0]), code, now)

    row = get_meeting(company.party(edition), code)
    assert (row.state, states(row)) == (MeetingState.REQUESTED, [GONE, INVITED, INVITED])
    with pytest.raises(Conflict) as refused:
        invite(company.party(edition), guests[:1], now)
    assert code_of(refused) == "meeting_refused"


def test_host_when_blocking_or_reporting_one_guest_of_a_group_then_the_others_are_not_meant(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company, guests = make_company(edition, now), make_guests(edition, now)
    host = company.party(edition)
    code = invite(host, guests, now)
    ids = [each.id for each in get_meeting(host, code).all_guests]

    with pytest.raises(Invalid) as unnamed:
        block_other_side(host, code, now)
    with pytest.raises(Invalid) as unknown:
        report_meeting(host, code, "Rude", now, ids[0] + 99)
    block_other_side(host, code, now, ids[1])
    for n in (0, 2):
        report_meeting(guest_of(edition, guests[n]), code, f"Report {n}", now)
        report_meeting(host, code, f"About {n}", now, ids[n])
    report_meeting(host, code, "About 2 again", now, ids[2])

    row = get_meeting(host, code)
    assert [code_of(unnamed), code_of(unknown)] == ["meeting_guest_unclear"] * 2
    assert (states(row), list_blocked_guests(host, row)) == ([INVITED, GONE, INVITED], {ids[1]})
    assert [(each.side, each.text, each.guest_name) for each in reversed(list_reports(edition.id))] == [
        ("guest", "Report 0", row.all_guests[0].name),
        ("host", "About 0", row.all_guests[0].name),
        ("guest", "Report 2", row.all_guests[2].name),
        ("host", "About 2 again", row.all_guests[2].name),
    ]
    with pytest.raises(Conflict) as again:
        invite(host, guests[1:2], now)
    assert code_of(again) == "meeting_refused"


def test_guest_when_gone_then_takes_no_part_any_longer(app: Flask, edition: EditionFacts, now: datetime) -> None:
    company, guests = make_company(edition, now), make_guests(edition, now)
    party = guest_of(edition, guests[0])
    code = invite(company.party(edition), guests, now)
    decline_meeting(party, code, "", now)

    with pytest.raises(Conflict) as closed:
        write_message(party, code, "Still there?", "k", now)
    with pytest.raises(Missing):
        get_meeting(guest_of(edition, make_attendee(edition, now)), code)

    assert code_of(closed) == "meeting_closed"
    with pytest.raises(Conflict) as again:
        invite(company.party(edition), guests[:1], now)
    assert code_of(again) == "meeting_declined_before"


def test_guests_when_only_the_other_one_asked_or_declined_then_may_ask_each_other(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    host, guests = make_person(edition, now, Visibility.EVERYONE), make_guests(edition, now, 2)
    ann, ben = (guest_of(edition, each) for each in guests)
    decline_meeting(ann, invite(guest_of(edition, host), guests, now), "", now)

    asked_by_ben = request_attendee(ben, guests[0].id, MeetingRequest("Hello"), now)
    decline_meeting(ann, asked_by_ben, "", now)
    asked_by_ann = request_attendee(ann, guests[1].id, MeetingRequest("On second thought"), now)

    assert get_meeting(ann, asked_by_ann).state is MeetingState.REQUESTED
    with pytest.raises(Conflict) as again:
        request_attendee(ben, guests[0].id, MeetingRequest("Again"), now)
    assert code_of(again) == "meeting_declined_before"


def test_invitation_when_to_nobody_too_many_oneself_or_a_colleague_then_is_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    host = make_person(edition, now, Visibility.EVERYONE)
    rep = make_person(edition, now, Visibility.EVERYONE)
    company: MadeCompany = make_company(edition, now, attendees=(rep,))
    party = guest_of(edition, host)

    refused = []
    for by, ids, times in (
        (party, (), (FIRST,)),
        (party, tuple(range(1, 22)), (FIRST,)),
        (party, (rep.id, host.id), (FIRST,)),
        (party, (rep.id, host.id), ()),
        (company.party(edition), (rep.id,), (FIRST,)),
    ):
        with pytest.raises(ExpoError) as error:
            invite_attendees(by, MeetingRequest("", times, companions=ids), now)
        refused.append(code_of(error))

    assert refused == [
        "meeting_guests_empty",
        "meeting_guests_too_many",
        "meeting_with_self",
        "meeting_group_needs_time",
        "meeting_with_self",
    ]
