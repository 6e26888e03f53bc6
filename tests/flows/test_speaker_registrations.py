"""Tickets of speakers without an account: invited, at the help desk, linked, or asked about; never registered twice."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import ANONYMOUS, SYSTEM
from expo.badges.queries import find_badge_of
from expo.editions.models import Edition
from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.flows.registration import confirm_registration
from expo.flows.speaker_registrations import (
    OTHER_PERSON,
    RegistrationRequest,
    Way,
    plan_speaker_tickets,
    register_speakers,
)
from expo.infra.db import atomic, db
from expo.mail.models import Email
from expo.program.models import Speaker
from expo.program.queries import TicketStatus, get_speaker_ticket, list_speaker_tickets
from expo.registration.queries import AttendeeFilter, get_attendee_by_id, recount_quotas, search_attendees
from expo.registration.rules import AttendeeState
from tests.make import make_attendee, make_ticket_type
from tests.timetables import make_session

CONTACT = "office@example.org"


@pytest.fixture(autouse=True)
def _ticket_types(edition: EditionFacts, now: datetime) -> None:
    make_ticket_type(edition, now, "speaker", places=5, is_public=False)
    make_ticket_type(edition, now, "visitor", places=5)
    with atomic():
        db.session.get_one(Edition, edition.id).contact_email = CONTACT


def _speakers(edition: EditionFacts, *names: str, **emails: str) -> None:
    make_session(edition, "opening", *names)
    with atomic():
        for speaker in db.session.scalars(select(Speaker)):
            speaker.email = emails.get(speaker.slug, "")


def _register(
    edition: EditionFacts, now: datetime, choices: dict[str, str] | None = None
) -> tuple[dict[Way, int], list[str]]:
    slugs = [each.slug for each in list_speaker_tickets(edition.id)]
    request = RegistrationRequest(slugs, "speaker", "CN", choices or {})
    counts, refusals = register_speakers(SYSTEM, edition.id, request, now)
    return counts, [each.error.code for each in refusals]


def _messages() -> list[tuple[str, str]]:
    query = select(Email.to_email, Email.message).order_by(Email.id)
    return [(to, message) for to, message in db.session.execute(query)]


def test_speaker_when_there_is_an_address_then_invited_and_has_a_badge_once_confirmed(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _speakers(edition, "Ada", ada="ada@example.org")

    counts, refused = _register(edition, now)
    ticket = get_speaker_ticket(edition.id, "ada")
    invited = get_attendee_by_id(edition.id, ticket.attendee_id or 0)
    confirm_registration(invited.order_id, now + timedelta(days=13))
    confirmed = get_attendee_by_id(edition.id, invited.id)

    assert (counts, refused, ticket.status) == ({Way.INVITED: 1}, [], TicketStatus.ISSUED)
    assert (invited.state, invited.email, invited.country) == (AttendeeState.UNCONFIRMED, "ada@example.org", "CN")
    assert (confirmed.state, find_badge_of(invited.id) is not None) == (AttendeeState.CONFIRMED, True)
    assert _messages() == [
        ("ada@example.org", "registration/invited"),
        ("ada@example.org", "registration/confirmed"),
    ]
    assert [each for each in recount_quotas(edition.id) if not each.agrees] == []


def test_speaker_when_there_is_no_address_then_found_by_name_with_a_badge_and_nobody_gets_an_email(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _speakers(edition, "Ada")

    counts, _ = _register(edition, now)
    again, _ = _register(edition, now)

    [found] = search_attendees(edition.id, AttendeeFilter(q="ada")).rows
    assert (counts, again) == ({Way.AT_DESK: 1}, {})
    assert (found.state, found.ticket_type_code, found.email) == (
        AttendeeState.CONFIRMED,
        "speaker",
        CONTACT,
    )
    assert find_badge_of(found.id) is not None
    assert _messages() == []


def test_speaker_when_registered_at_the_address_then_that_registration_gets_the_ticket(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _speakers(edition, "Ada", ada="ada@example.org")
    own = make_attendee(edition, now, email="ada@example.org", name="A. Lovelace")

    [planned] = plan_speaker_tickets(SYSTEM, edition.id, ["ada"])
    counts, _ = _register(edition, now)

    assert (planned.way, counts) == (Way.LINKED, {Way.LINKED: 1})
    assert get_speaker_ticket(edition.id, "ada").attendee_id == own.id
    assert get_attendee_by_id(edition.id, own.id).ticket_type_code == "speaker"


def test_speaker_when_only_the_name_is_registered_then_an_organizer_decides(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _speakers(edition, "Ada", "Bo", "Cy", ada="ada@work.example")
    ada = make_attendee(edition, now, email="ada@home.example", name="ÁDA")
    make_attendee(edition, now, email="bo@home.example", name="bo")
    make_attendee(edition, now, email="cy@home.example", name="Cy")

    undecided, _ = _register(edition, now)
    decided, _ = _register(edition, now, {"ada": ada.code, "bo": OTHER_PERSON, "cy": "XXXX"})

    assert undecided == {Way.UNCLEAR: 3}
    assert decided == {Way.LINKED: 1, Way.AT_DESK: 1, Way.UNCLEAR: 1}
    assert get_speaker_ticket(edition.id, "ada").attendee_id == ada.id
    assert get_speaker_ticket(edition.id, "cy").attendee_id is None
    assert len(search_attendees(edition.id, AttendeeFilter(q="bo")).rows) == 2


def test_speakers_when_a_ticket_cannot_be_made_then_named_and_the_others_get_theirs(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _speakers(edition, *(f"Speaker{number}" for number in range(7)))

    counts, refused = _register(edition, now)

    assert (counts, refused) == ({Way.AT_DESK: 5}, ["sold_out", "sold_out"])
    assert [each for each in recount_quotas(edition.id) if not each.agrees] == []


def test_speakers_when_too_many_or_nobody_may_then_refused(app: Flask, edition: EditionFacts, now: datetime) -> None:
    _speakers(edition, "Ada")

    with pytest.raises(Invalid, match="too_many_tickets"):
        register_speakers(SYSTEM, edition.id, RegistrationRequest(["ada"] * 201, "speaker", "CN", {}), now)
    with pytest.raises(PermissionMissing):
        register_speakers(ANONYMOUS, edition.id, RegistrationRequest(["ada"], "speaker", "CN", {}), now)


def test_speakers_when_nobody_can_be_written_to_about_them_then_says_what_to_enter(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    _speakers(edition, "Ada")
    with atomic():
        db.session.get_one(Edition, edition.id).contact_email = ""

    with pytest.raises(Invalid, match="contact_email_missing"):
        _register(edition, now)
