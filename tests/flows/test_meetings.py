"""A meeting from the request to its end, with what each side is notified of."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, ExpoError, Invalid, Missing
from expo.exhibitors.models import Exhibitor
from expo.flows.meetings import (
    accept_meeting,
    assign_members,
    cancel_meeting,
    cancel_meetings_of_exhibitor,
    decline_meeting,
    move_meeting,
    propose_times,
    request_company,
    send_answer_reminders,
    send_meeting_reminders,
    settle_meetings,
    write_message,
)
from expo.flows.registration import cancel_registration
from expo.infra.db import atomic, db
from expo.mail.models import Email
from expo.mail.rendering import render_email
from expo.meetings.models import MeetingHold
from expo.meetings.queries import (
    Party,
    find_places,
    get_meeting,
    get_settings,
    list_meetings,
    load_diaries,
    load_team,
    search_slots,
)
from expo.meetings.rules import MeetingRequest, MeetingState, SettingsRequest, Side, TableRequest
from expo.meetings.services import (
    Choice,
    add_tables,
    block_other_side,
    change_settings,
    check_in,
    mark_busy,
    rate_meeting,
    report_meeting,
    unblock_other_side,
)
from tests.make import make_attendee
from tests.meetings import (
    FIRST,
    SECOND,
    THIRD,
    guest_of,
    make_company,
    make_meeting,
    request_meeting,
)


def told() -> list[tuple[str, str]]:
    """Return what was written to whom about meetings, in order."""
    rows = db.session.execute(
        select(Email.details, Email.to_email).where(Email.message == "meetings/change").order_by(Email.id)
    )
    return [(details["what"], "company" if "rep" in email or "member" in email else "guest") for details, email in rows]


def count_holds() -> int:
    return db.session.scalar(select(func.count()).select_from(MeetingHold)) or 0


def code_of(error: pytest.ExceptionInfo[ExpoError]) -> str:
    return error.value.code


def test_request_when_accepted_then_has_time_place_and_representative_and_both_know(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    code = request_meeting(edition, ann, company, now, FIRST, SECOND)

    accept_meeting(company.party(edition), code, Choice(SECOND), now)
    accept_meeting(company.party(edition), code, Choice(SECOND), now)

    row = get_meeting(guest_of(edition, ann), code)
    assert (row.state, row.starts_at, row.place, row.awaited) == (MeetingState.SCHEDULED, SECOND, "booth", "")
    assert [each.name for each in row.of_side(Side.HOST)] == ["Rep 1 of Data Valley"]
    # 25 minutes and a pause of 5, for the guest and the representative.
    assert count_holds() == 12
    assert told() == [("requested", "company"), ("scheduled", "guest")]


def test_request_when_sent_again_with_its_key_then_is_one_meeting(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)

    codes = [request_meeting(edition, ann, company, now, FIRST, key="form-1") for _ in range(2)]

    assert len(set(codes)) == 1
    assert told() == [("requested", "company")]


def test_times_when_countered_and_accepted_then_the_guest_chose(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    code = request_meeting(edition, ann, company, now, FIRST)

    propose_times(company.party(edition), code, (THIRD,), "Later?", now)
    with pytest.raises(Conflict) as not_theirs:
        accept_meeting(company.party(edition), code, Choice(THIRD), now)
    with pytest.raises(Invalid) as not_proposed:
        accept_meeting(guest_of(edition, ann), code, Choice(FIRST), now)
    accept_meeting(guest_of(edition, ann), code, Choice(THIRD), now)

    assert (code_of(not_theirs), code_of(not_proposed)) == ("meeting_not_your_turn", "meeting_time_invalid")
    assert get_meeting(guest_of(edition, ann), code).starts_at == THIRD
    assert told() == [("requested", "company"), ("countered", "guest"), ("scheduled", "company")]


def test_move_when_proposed_for_a_scheduled_meeting_then_its_time_stays_until_accepted(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    row = make_meeting(edition, ann, company, now, FIRST)

    propose_times(guest_of(edition, ann), row.code, (SECOND,), "", now)
    assert get_meeting(company.party(edition), row.code).starts_at == FIRST
    decline_meeting(company.party(edition), row.code, "", now)
    assert get_meeting(company.party(edition), row.code).state is MeetingState.SCHEDULED
    propose_times(guest_of(edition, ann), row.code, (THIRD,), "", now)
    accept_meeting(company.party(edition), row.code, Choice(THIRD), now)

    moved = get_meeting(company.party(edition), row.code)
    assert (moved.state, moved.starts_at, moved.sequence) == (MeetingState.SCHEDULED, THIRD, row.sequence + 1)
    assert [what for what, _ in told()][2:] == ["countered", "kept", "countered", "moved"]
    assert count_holds() == 12


def test_time_when_the_guest_has_a_meeting_then_the_conflict_names_them(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now, name="Ann")
    one, other = make_company(edition, now), make_company(edition, now, "Cloud House")
    make_meeting(edition, ann, one, now, FIRST)
    code = request_meeting(edition, ann, other, now, FIRST, SECOND)

    with pytest.raises(Conflict) as taken:
        accept_meeting(other.party(edition), code, Choice(FIRST), now)
    accept_meeting(other.party(edition), code, Choice(SECOND), now)

    assert (code_of(taken), taken.value.params) == ("meeting_taken", {"name": "Ann"})


def test_representatives_when_two_then_share_the_meetings_of_a_slot_and_the_third_is_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now, members=2)
    people = [make_attendee(edition, now) for _ in range(3)]
    codes = [request_meeting(edition, each, company, now) for each in people]

    for code in codes[:2]:
        accept_meeting(company.party(edition), code, Choice(FIRST), now)
    with pytest.raises(Conflict) as nobody:
        accept_meeting(company.party(edition), codes[2], Choice(FIRST), now)

    hosts = {get_meeting(company.party(edition), code).of_side(Side.HOST)[0].member_id for code in codes[:2]}
    assert (hosts, code_of(nobody)) == (set(company.member_ids), "meeting_nobody_free")


def test_representative_when_assigned_by_hand_then_the_other_is_free_again(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now, members=2)
    row = make_meeting(edition, ann, company, now)
    before = row.of_side(Side.HOST)[0].member_id
    chosen = next(each for each in company.member_ids if each != before)

    assign_members(company.party(edition), row.code, [chosen], now)

    after = get_meeting(company.party(edition), row.code)
    assert [each.member_id for each in after.of_side(Side.HOST)] == [chosen]
    held = select(MeetingHold.resource_id).where(MeetingHold.kind == "member").distinct()
    assert list(db.session.scalars(held)) == [chosen]


def test_tables_when_the_company_has_no_booth_then_one_each_and_none_left_for_the_third(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    company = make_company(edition, now, booth=None, members=3)
    add_tables(SYSTEM, edition.id, [TableRequest("T1"), TableRequest("T2")], now)
    codes = [request_meeting(edition, make_attendee(edition, now), company, now) for _ in range(3)]

    for code in codes[:2]:
        accept_meeting(company.party(edition), code, Choice(FIRST), now)
    with pytest.raises(Conflict) as full:
        accept_meeting(company.party(edition), codes[2], Choice(FIRST), now)

    places = {get_meeting(company.party(edition), code).place_code for code in codes[:2]}
    assert (places, code_of(full)) == ({"T1", "T2"}, "meeting_no_table")


def test_virtual_meeting_when_accepted_then_has_a_link_and_no_table(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    request = MeetingRequest("", is_virtual=True)
    code = request_company(guest_of(edition, ann), company.id, request, now)

    with pytest.raises(Invalid) as missing:
        accept_meeting(company.party(edition), code, Choice(FIRST), now)
    with pytest.raises(Invalid) as script:
        accept_meeting(company.party(edition), code, Choice(FIRST, link="javascript:alert(1)"), now)
    accept_meeting(company.party(edition), code, Choice(FIRST, link="https://meet.example/1"), now)

    row = get_meeting(guest_of(edition, ann), code)
    assert (code_of(missing), code_of(script)) == ("meeting_link_missing", "meeting_link_invalid")
    assert (row.place, row.link, row.table_id) == ("virtual", "https://meet.example/1", None)


def test_cancel_when_scheduled_then_the_slot_is_free_and_the_other_side_is_told(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    row = make_meeting(edition, ann, company, now)

    cancel_meeting(company.party(edition), row.code, "Our plane is late.", now)
    cancel_meeting(company.party(edition), row.code, "Our plane is late.", now)

    after = get_meeting(guest_of(edition, ann), row.code)
    assert (after.state, after.reason, count_holds()) == (MeetingState.CANCELLED, "Our plane is late.", 0)
    assert told()[2:] == [("cancelled", "guest")]


def test_decline_when_asked_again_then_is_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    code = request_meeting(edition, ann, company, now)
    with pytest.raises(Conflict) as twice:
        request_meeting(edition, ann, company, now)
    decline_meeting(company.party(edition), code, "No time.", now)

    with pytest.raises(Conflict) as again:
        request_meeting(edition, ann, company, now)

    assert (code_of(twice), code_of(again)) == ("meeting_already_requested", "meeting_declined_before")


def test_requests_when_one_account_sends_many_then_the_limits_stop_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now)
    change_settings(SYSTEM, edition.id, SettingsRequest(max_open=2, max_per_day=3), now)
    companies = [make_company(edition, now, f"Company {n}") for n in range(4)]

    codes = [request_meeting(edition, ann, each, now) for each in companies[:2]]
    with pytest.raises(Conflict) as open_ones:
        request_meeting(edition, ann, companies[2], now)
    for code in codes:
        cancel_meeting(guest_of(edition, ann), code, "", now)
    request_meeting(edition, ann, companies[2], now)
    with pytest.raises(Conflict) as of_the_day:
        request_meeting(edition, ann, companies[3], now)

    assert (code_of(open_ones), code_of(of_the_day)) == ("meeting_limit_open", "meeting_limit_day")
    assert len(list_meetings(guest_of(edition, ann))) == 3


def test_requests_when_the_phase_is_not_open_then_says_which(app: Flask, edition: EditionFacts, now: datetime) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    phases = (
        SettingsRequest(is_open=False),
        SettingsRequest(opens_at=now + timedelta(hours=1)),
        SettingsRequest(closes_at=now),
    )

    codes = []
    for phase in phases:
        change_settings(SYSTEM, edition.id, phase, now)
        with pytest.raises(Conflict) as closed:
            request_meeting(edition, ann, company, now)
        codes.append(code_of(closed))

    assert codes == ["meeting_requests_closed", "meeting_requests_not_yet", "meeting_requests_over"]


def test_block_when_set_then_requests_are_refused_until_it_is_lifted(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    code = request_meeting(edition, ann, company, now)
    cancel_meeting(guest_of(edition, ann), code, "", now)

    block_other_side(company.party(edition), code, now)
    with pytest.raises(Conflict) as blocked:
        request_meeting(edition, ann, company, now)
    unblock_other_side(company.party(edition), code, now)

    assert code_of(blocked) == "meeting_refused"
    assert request_meeting(edition, ann, company, now) != code


def test_company_when_hidden_or_unknown_then_cannot_be_asked_and_its_meetings_are_cancelled(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben, company = make_attendee(edition, now), make_attendee(edition, now), make_company(edition, now)
    row = make_meeting(edition, ann, company, now)
    with atomic():
        db.session.get_one(Exhibitor, company.id).is_hidden = True

    with pytest.raises(Missing):
        request_meeting(edition, ben, company, now)
    cancelled = cancel_meetings_of_exhibitor(edition.id, company.id, now)

    assert (cancelled, get_meeting(guest_of(edition, ann), row.code).state) == (1, MeetingState.CANCELLED)
    assert (sorted(told()[2:]), count_holds()) == ([("cancelled", "company"), ("cancelled", "guest")], 0)


def test_registration_when_cancelled_then_its_meetings_are_and_the_company_is_told(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    row = make_meeting(edition, ann, company, now)

    cancel_registration(SYSTEM, edition.id, ann.id, now)

    assert get_meeting(company.party(edition), row.code).state is MeetingState.CANCELLED
    assert (told()[2:], count_holds()) == ([("cancelled", "company")], 0)


def test_request_when_nobody_answers_then_they_are_reminded_it_expires_and_who_asked_is_told(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    code = request_meeting(edition, ann, company, now, FIRST)

    assert [send_answer_reminders(now + timedelta(hours=each)) for each in (23, 24, 25, 47)] == [0, 1, 0, 0]
    settle_meetings(now + timedelta(hours=47))
    assert get_meeting(guest_of(edition, ann), code).state is MeetingState.REQUESTED
    settle_meetings(now + timedelta(hours=48))

    assert get_meeting(guest_of(edition, ann), code).state is MeetingState.EXPIRED
    assert told()[1:] == [("waiting", "company"), ("expired", "guest")]


def test_reminder_when_the_meeting_is_near_then_each_gets_one(app: Flask, edition: EditionFacts, now: datetime) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    make_meeting(edition, ann, company, now)

    sent = [send_meeting_reminders(FIRST - timedelta(minutes=each)) for each in (31, 30, 25, 1)]

    assert sent == [0, 2, 0, 0]


def test_check_in_when_the_badge_is_scanned_then_both_are_there_and_the_meeting_is_held(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben, company = make_attendee(edition, now), make_attendee(edition, now), make_company(edition, now)
    row = make_meeting(edition, ann, company, now)
    party = company.party(edition)

    with pytest.raises(Conflict) as early:
        check_in(party, row.code, ann.code, FIRST - timedelta(hours=1))
    with pytest.raises(Invalid) as another:
        check_in(party, row.code, ben.code, FIRST)
    came = [check_in(party, row.code, text, FIRST) for text in (ann.token, ann.code.lower())]
    settle_meetings(FIRST + timedelta(minutes=20))
    rate_meeting(guest_of(edition, ann), row.code, 5, FIRST + timedelta(minutes=30))

    after = get_meeting(party, row.code)
    assert (code_of(early), code_of(another)) == ("meeting_check_in_closed", "meeting_badge_unknown")
    assert came == [ann.attendee.name, None]
    assert (after.state, [each.checked_in_at for each in after.participants]) == (MeetingState.HELD, [FIRST, FIRST])
    assert [each.rating for each in after.participants] == [5, None]


def test_meeting_when_nobody_comes_then_is_freed_after_some_minutes(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    row = make_meeting(edition, make_attendee(edition, now), company := make_company(edition, now), now)

    settle_meetings(FIRST + timedelta(minutes=14))
    assert get_meeting(company.party(edition), row.code).state is MeetingState.SCHEDULED
    settle_meetings(FIRST + timedelta(minutes=15))

    assert get_meeting(company.party(edition), row.code).state is MeetingState.NO_SHOW
    assert count_holds() == 0


def test_organizers_when_they_move_a_meeting_then_both_sides_are_told(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    row = make_meeting(edition, ann, company, now)

    move_meeting(Party(SYSTEM, edition.id, ""), row.code, Choice(THIRD), now)

    assert get_meeting(company.party(edition), row.code).starts_at == THIRD
    assert sorted(told()[2:]) == [("moved", "company"), ("moved", "guest")]


def test_messages_when_several_then_one_e_mail_and_no_address(app: Flask, edition: EditionFacts, now: datetime) -> None:
    ann, company = make_attendee(edition, now, email="secret@example.org"), make_company(edition, now)
    code = request_meeting(edition, ann, company, now)

    for n in range(3):
        write_message(guest_of(edition, ann), code, f"Message {n}", f"key-{n}", now)
    write_message(guest_of(edition, ann), code, "Message 2", "key-2", now)

    assert [what for what, _ in told()] == ["requested", "message"]
    written = db.session.scalars(select(Email.details).where(Email.message == "meetings/change")).all()
    assert all("secret@" not in str(details) for details in written)


def test_meeting_when_it_belongs_to_others_then_there_is_none_for_any_act(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann, ben = make_attendee(edition, now), make_attendee(edition, now)
    company, other = make_company(edition, now), make_company(edition, now, "Cloud House")
    code = request_meeting(edition, ann, company, now, FIRST)

    for stranger in (guest_of(edition, ben), other.party(edition)):
        acts: tuple[Callable[[Party], object], ...] = (
            lambda p: accept_meeting(p, code, Choice(FIRST), now),
            lambda p: decline_meeting(p, code, "", now),
            lambda p: cancel_meeting(p, code, "", now),
            lambda p: propose_times(p, code, (SECOND,), "", now),
            lambda p: write_message(p, code, "Hello", "k", now),
            lambda p: report_meeting(p, code, "Spam", now),
            lambda p: block_other_side(p, code, now),
            lambda p: check_in(p, code, ann.code, FIRST),
            lambda p: rate_meeting(p, code, 1, FIRST),
        )
        for act in acts:
            with pytest.raises(Missing):
                act(stranger)
        assert list_meetings(stranger) == []


def test_marks_when_kept_free_then_the_search_leaves_them_out(app: Flask, edition: EditionFacts, now: datetime) -> None:
    ann, company = make_attendee(edition, now), make_company(edition, now)
    mark_busy(guest_of(edition, ann), FIRST, THIRD)
    mark_busy(guest_of(edition, ann), FIRST, THIRD)

    found = search_slots(
        edition,
        get_settings(edition.id),
        [[load_diaries(edition.id, [ann.id])[ann.id]], [each.diary for each in load_team(edition.id, company.id)]],
        find_places(edition.id, company.id),
        now,
    )

    assert found.slots[0].starts_at == THIRD + timedelta(minutes=30)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_e_mails_when_rendered_then_each_says_what_happened_and_where(
    app: Flask, edition: EditionFacts, now: datetime, language: str
) -> None:
    ann, company = make_attendee(edition, now, name="Ann"), make_company(edition, now)
    make_meeting(edition, ann, company, now)
    details = db.session.scalars(select(Email.details).order_by(Email.id.desc())).first() or {}
    kinds = ("requested", "scheduled", "countered", "declined", "kept", "moved", "cancelled", "expired", "assigned")

    details, links = {**details, "expires_at": now.isoformat()}, {"me_link": ["/me/open/", "me", [1]]}
    shown = [
        render_email("meetings/change", language, {**details, "what": what}, links, with_links=True)
        for what in (*kinds, "joined", "left", "message", "reminder", "waiting")
    ]

    assert len({each.subject for each in shown}) == len(shown)
    assert all("Data Valley" in each.subject and "A1-" in each.text and "A1-" in each.html for each in shown)
