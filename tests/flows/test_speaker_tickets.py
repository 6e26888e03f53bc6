"""Speakers' tickets: registered without registering, never twice, within the quota, and asked about afterwards."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM, Actor
from expo.badges.queries import find_badge_of
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid
from expo.flows.granted_tickets import TicketOutcome
from expo.flows.proposals import accept_proposal, confirm_participation, confirm_proposal, withdraw_proposal
from expo.flows.registration import cancel_registration, register
from expo.flows.speaker_profiles import save_profile
from expo.flows.speaker_tickets import cancel_speaker_ticket, issue_speaker_ticket, issue_speaker_tickets
from expo.infra.audit import list_audit_records
from expo.infra.db import db
from expo.mail.models import Email
from expo.program.queries import SpeakerTicketRow, TicketStatus, count_former_speakers, list_speaker_tickets
from expo.program.services import keep_registration, merge_speakers
from expo.proposals.rules import ProfileRequest
from expo.proposals.services import add_speaker, answer_invitation
from expo.registration.queries import AttendeeRow, list_attendees_of_person, recount_quotas
from expo.registration.rules import AttendeeState
from expo.tickets.errors import SoldOut
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker
from tests.make import attendee_request, make_attendee, make_registration, make_ticket_type, order_request
from tests.speakers import make_confirmed_talk, make_profile
from tests.timetables import make_session


@pytest.fixture(autouse=True)
def _ticket_types(edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now, "speaker", places=2, is_public=False)
    make_ticket_type(edition, now, "visitor", places=5)


def _ticket(edition: EditionFacts) -> SpeakerTicketRow:
    (ticket,) = list_speaker_tickets(edition.id)
    return ticket


def _registrations(edition: EditionFacts, speaker: Actor) -> list[AttendeeRow]:
    return list_attendees_of_person(speaker.id or 0, edition.id)


def _messages(to: str) -> list[str]:
    query = select(Email.message).where(Email.to_email == to, Email.message.like("registration/%")).order_by(Email.id)
    return list(db.session.scalars(query))


def test_ticket_when_a_speaker_is_not_registered_then_registered_from_the_profile_with_a_badge_by_email(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    speaker, _ = make_confirmed_talk(edition, now)
    before = _ticket(edition)

    outcome = issue_speaker_ticket(SYSTEM, edition.id, before.slug, "speaker", now)

    (made,) = _registrations(edition, speaker)
    after = _ticket(edition)
    assert (before.status, after.status, outcome) == (
        TicketStatus.MISSING,
        TicketStatus.ISSUED,
        TicketOutcome.REGISTERED,
    )
    assert after.attendee_id == made.id
    assert (made.name, made.latin_name, made.company, made.country, made.email) == (
        "王芳",
        "Wang Fang",
        "云上数据",
        "CN",
        "fang@example.org",
    )
    assert (made.ticket_type_code, made.state, made.language) == ("speaker", AttendeeState.CONFIRMED, "zh")
    assert find_badge_of(made.id) is not None
    assert _messages("fang@example.org") == ["registration/confirmed"]
    assert [each for each in recount_quotas(edition.id) if not each.agrees] == []
    assert "program.issue_speaker_ticket" in {each.action for each in list_audit_records("speaker", after.speaker_id)}


def test_ticket_when_the_speaker_is_registered_then_the_ticket_changes_and_nobody_is_registered_twice(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    speaker, _ = make_confirmed_talk(edition, now)
    own = make_attendee(edition, now, email="fang@example.org", name="Wang Fang", latin_name="")

    outcome = issue_speaker_ticket(SYSTEM, edition.id, _ticket(edition).slug, "speaker", now)

    (attendee,) = _registrations(edition, speaker)
    assert (attendee.id, attendee.ticket_type_code, outcome) == (own.id, "speaker", TicketOutcome.CHANGED)
    assert _messages("fang@example.org") == ["registration/confirmed", "registration/ticket_changed"]
    assert [each for each in recount_quotas(edition.id) if not each.agrees] == []


def test_ticket_when_the_registration_awaits_its_confirmation_then_confirmed_with_a_badge(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    speaker, _ = make_confirmed_talk(edition, now)
    make_registration(edition, now, order_request(attendee_request(name="王芳"), email="fang@example.org"))

    issue_speaker_ticket(SYSTEM, edition.id, _ticket(edition).slug, "speaker", now)

    (attendee,) = _registrations(edition, speaker)
    assert (attendee.state, attendee.ticket_type_code) == (AttendeeState.CONFIRMED, "speaker")
    assert find_badge_of(attendee.id) is not None
    assert _messages("fang@example.org") == ["registration/confirm", "registration/confirmed"]


def test_ticket_when_the_registration_has_it_already_then_linked_without_an_email(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_confirmed_talk(edition, now)
    own = make_attendee(edition, now, "speaker", email="fang@example.org", name="王芳")

    outcome = issue_speaker_ticket(SYSTEM, edition.id, _ticket(edition).slug, "speaker", now)

    assert (outcome, _ticket(edition).attendee_id) == (TicketOutcome.LINKED, own.id)
    assert _messages("fang@example.org") == ["registration/confirmed"]


def test_ticket_when_colleagues_were_registered_at_the_speakers_address_then_theirs_stay(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    speaker, _ = make_confirmed_talk(edition, now)
    colleagues = order_request(
        attendee_request(name="李雷"), attendee_request(name="韩梅梅"), email="fang@example.org", source="desk"
    )
    register(SYSTEM, edition.id, colleagues, now)

    outcome = issue_speaker_ticket(SYSTEM, edition.id, _ticket(edition).slug, "speaker", now)

    found = {each.name: each.ticket_type_code for each in _registrations(edition, speaker)}
    assert outcome is TicketOutcome.REGISTERED
    assert found == {"李雷": "visitor", "韩梅梅": "visitor", "王芳": "speaker"}


def test_ticket_when_none_are_left_then_refused_and_nothing_is_stored(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    speaker, _ = make_confirmed_talk(edition, now)
    for name in ("Ann", "Ben"):
        make_attendee(edition, now, "speaker", name=name)

    with pytest.raises(SoldOut):
        issue_speaker_ticket(SYSTEM, edition.id, _ticket(edition).slug, "speaker", now)

    db.session.rollback()
    assert (_registrations(edition, speaker), _ticket(edition).status) == ([], TicketStatus.MISSING)


def test_tickets_when_issued_in_bulk_then_those_who_cannot_get_one_are_named(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    call = make_call(edition, now)
    make_confirmed_talk(edition, now, call=call)
    make_confirmed_talk(edition, now, "nowhere@example.org", call, name="Nowhere", country="")
    make_session(edition, "opening", "Ada")
    slugs = [each.slug for each in list_speaker_tickets(edition.id)]

    issued, refusals = issue_speaker_tickets(SYSTEM, edition.id, [*slugs, *slugs], "speaker", now)
    again, refused_again = issue_speaker_tickets(SYSTEM, edition.id, slugs, "speaker", now)

    assert issued == 1
    assert {each.ticket.slug: each.error.code for each in refusals} == {
        "ada": "speaker_without_account",
        "nowhere": "country_unknown",
    }
    assert (again, [each.error.code for each in refused_again].count("speaker_has_ticket")) == (0, 1)
    with pytest.raises(Invalid, match="too_many_tickets"):
        issue_speaker_tickets(SYSTEM, edition.id, ["ada"] * 201, "speaker", now)


def test_ticket_when_the_call_promises_it_then_issued_on_confirmation_or_once_the_profile_has_a_country(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    call = make_call(edition, now, speaker_ticket="speaker")
    at_once, _ = make_confirmed_talk(edition, now, call=call)
    later, _ = make_confirmed_talk(edition, now, "later@example.org", call, name="Zoe", country="")
    before = _registrations(edition, later)

    save_profile(later, edition.id, ProfileRequest(name="Zoe", country="DE"), edition.time_zone, now)
    save_profile(later, edition.id, ProfileRequest(name="Zoe", country="FR"), edition.time_zone, now)

    assert [each.ticket_type_code for each in _registrations(edition, at_once)] == ["speaker"]
    assert before == []
    assert [each.country for each in _registrations(edition, later)] == ["DE"]


def test_ticket_when_the_call_promises_it_then_co_speakers_get_theirs_once_they_confirm_themselves(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    author, other = make_speaker(now), make_speaker(now, "lei@example.org")
    for each, name in ((author, "Ann"), (other, "Lei")):
        make_profile(each, edition, now, name=name)
    proposal = make_proposal(edition, make_call(edition, now, speaker_ticket="speaker"), author, now)
    invited = add_speaker(author, edition.id, proposal.code, "lei@example.org", "", now)
    answer_invitation(other, invited.id, "lei@example.org", now, is_accepted=True)
    accept_proposal(SYSTEM, edition.id, proposal.code, now)

    confirm_proposal(author, edition.id, proposal.code, now)
    before = [len(_registrations(edition, each)) for each in (author, other)]
    confirm_participation(other, edition.id, proposal.code, now)
    confirm_participation(other, edition.id, proposal.code, now)

    assert (before, [len(_registrations(edition, each)) for each in (author, other)]) == ([1, 0], [1, 1])


def test_confirmation_when_the_promised_tickets_are_gone_then_still_confirmed_and_on_the_list(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    for name in ("Ann", "Ben"):
        make_attendee(edition, now, "speaker", name=name)

    make_confirmed_talk(edition, now, call=make_call(edition, now, speaker_ticket="speaker"))

    assert _ticket(edition).status is TicketStatus.MISSING


def test_ticket_when_the_talk_is_accepted_but_not_confirmed_then_not_on_the_list(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    speaker = make_speaker(now)
    make_profile(speaker, edition, now)
    proposal = make_proposal(edition, make_call(edition, now, speaker_ticket="speaker"), speaker, now)
    accept_proposal(SYSTEM, edition.id, proposal.code, now)

    before = list_speaker_tickets(edition.id)
    confirm_proposal(speaker, edition.id, proposal.code, now)

    assert (before, _ticket(edition).status) == ([], TicketStatus.ISSUED)


def test_ticket_when_the_speaker_withdraws_then_organizers_are_asked_and_keep_or_cancel_it(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    call = make_call(edition, now, speaker_ticket="speaker")
    fang, talk = make_confirmed_talk(edition, now, call=call)
    zoe, other_talk = make_confirmed_talk(edition, now, "zoe@example.org", call, name="Zoe")
    withdraw_proposal(fang, edition.id, talk.code, now)
    withdraw_proposal(zoe, edition.id, other_talk.code, now)
    tickets = {each.email: each for each in list_speaker_tickets(edition.id)}
    asked = count_former_speakers(edition.id)

    keep_registration(SYSTEM, edition.id, tickets["fang@example.org"].slug, now)
    cancel_speaker_ticket(SYSTEM, edition.id, tickets["zoe@example.org"].slug, now)

    assert {each.status for each in tickets.values()} == {TicketStatus.NOT_SPEAKING}
    assert (asked, count_former_speakers(edition.id)) == (2, 0)
    assert [each.state for each in _registrations(edition, fang)] == [AttendeeState.CONFIRMED]
    assert [each.state for each in _registrations(edition, zoe)] == [AttendeeState.CANCELLED]
    for act in (keep_registration, cancel_speaker_ticket):
        with pytest.raises(Conflict, match="speaker_without_ticket"):
            act(SYSTEM, edition.id, tickets["zoe@example.org"].slug, now)


def test_ticket_when_the_registration_was_cancelled_then_another_can_be_issued(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    speaker, _ = make_confirmed_talk(edition, now, call=make_call(edition, now, speaker_ticket="speaker"))
    (first,) = _registrations(edition, speaker)
    cancel_registration(SYSTEM, edition.id, first.id, now)
    status = _ticket(edition).status

    issue_speaker_ticket(SYSTEM, edition.id, _ticket(edition).slug, "speaker", now)

    states = [each.state for each in _registrations(edition, speaker)]
    assert (status, states) == (TicketStatus.MISSING, [AttendeeState.CANCELLED, AttendeeState.CONFIRMED])


def test_ticket_when_two_entries_of_a_speaker_are_merged_then_kept(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_confirmed_talk(edition, now, call=make_call(edition, now, speaker_ticket="speaker"))
    issued = _ticket(edition)
    make_session(edition, "opening", "Fangfang")

    merge_speakers(SYSTEM, edition.id, "fangfang", issued.slug, now)

    assert (_ticket(edition).slug, _ticket(edition).attendee_id) == ("fangfang", issued.attendee_id)


def test_ticket_when_issued_or_ended_by_a_stranger_then_refused(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_confirmed_talk(edition, now)
    slug = _ticket(edition).slug

    for act in (
        lambda: issue_speaker_ticket(ANONYMOUS, edition.id, slug, "speaker", now),
        lambda: issue_speaker_tickets(ANONYMOUS, edition.id, [slug], "speaker", now),
        lambda: keep_registration(ANONYMOUS, edition.id, slug, now),
        lambda: cancel_speaker_ticket(ANONYMOUS, edition.id, slug, now),
    ):
        with pytest.raises(PermissionMissing):
            act()
