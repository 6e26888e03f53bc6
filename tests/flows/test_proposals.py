"""Proposals across domains: the session of an accepted one, its e-mails, and what happens when it is taken back."""

import io
from datetime import datetime

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.flows import speaker_profiles as profiles
from expo.flows.proposals import (
    accept_invitation,
    accept_proposal,
    confirm_proposal,
    decide_proposal,
    invite_speaker,
    withdraw_proposal,
)
from expo.infra.audit import list_audit_records
from expo.infra.db import atomic, db
from expo.infra.files import get_file
from expo.mail.models import Email
from expo.mail.queries import get_email
from expo.program.models import Session, SessionSpeaker, Speaker
from expo.program.queries import get_any_speaker, list_sessions
from expo.program.rules import SpeakerRequest
from expo.program.services import change_speaker
from expo.proposals.queries import CallRow, ProposalRow, find_profile, list_open_invitations
from expo.proposals.rules import Absence, ProfileRequest, ProposalState
from expo.proposals.services import delete_profile, save_profile, set_photo
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker


@pytest.fixture
def call(edition: EditionFacts, now: datetime) -> CallRow:
    return make_call(edition, now)


@pytest.fixture
def speaker(edition: EditionFacts, now: datetime) -> Actor:
    return make_speaker(now, "speaker@example.org", language="zh")


@pytest.fixture
def proposal(edition: EditionFacts, call: CallRow, speaker: Actor, now: datetime) -> ProposalRow:
    return make_proposal(edition, call, speaker, now)


def _session(proposal: ProposalRow) -> Session | None:
    return db.session.scalars(select(Session).where(Session.proposal_id == proposal.id)).one_or_none()


def test_emails_when_every_step_is_taken_then_each_can_be_read_in_both_languages(
    each_app: Flask, edition: EditionFacts, proposal: ProposalRow, speaker: Actor, now: datetime
) -> None:
    decide_proposal(SYSTEM, edition.id, proposal.code, ProposalState.WAITLISTED, "", now)
    accept_proposal(SYSTEM, edition.id, proposal.code, now, "See you!")
    confirm_proposal(speaker, edition.id, proposal.code, now)
    withdraw_proposal(speaker, edition.id, proposal.code, now)

    emails = db.session.scalars(select(Email).order_by(Email.id)).all()
    messages = [each.message.removeprefix("proposals/") for each in emails]
    texts = [get_email(edition.id, each.id).text for each in emails]

    assert messages == ["submitted", "waitlisted", "accepted", "speaker_confirmed", "withdrawn"]
    assert {each.language for each in emails} == {"zh"}
    assert all("人人可用的数据" in text for text in texts)
    assert "See you!" in texts[2]


def test_speaker_when_imported_and_two_proposals_are_accepted_then_is_one_speaker_with_a_photo_of_their_own(
    app: Flask, edition: EditionFacts, call: CallRow, proposal: ProposalRow, speaker: Actor, now: datetime
) -> None:
    other = make_proposal(edition, call, speaker, now)
    save_profile(speaker, ProfileRequest(name="王芳", biography={"zh": "数据科学家"}), "Asia/Shanghai", now)
    picture = io.BytesIO()
    Image.new("RGB", (10, 10)).save(picture, "JPEG")
    picture.seek(0)
    set_photo(speaker, picture, "王芳", now)
    with atomic():
        imported = Speaker(edition_id=edition.id, slug="fang", name={"en": "王芳"}, email="speaker@example.org")
        db.session.add(imported)

    accept_proposal(SYSTEM, edition.id, proposal.code, now)
    accept_proposal(SYSTEM, edition.id, other.code, now)
    delete_profile(speaker, now)

    (made,) = db.session.scalars(select(Speaker)).all()
    assert (made.person_id, made.name, made.biography) == (speaker.id, {"en": "王芳"}, {"zh": "数据科学家"})
    assert get_file(made.photo_id or 0).path.exists()
    assert find_profile(speaker.id or 0) is None
    assert {each.slug for each in db.session.scalars(select(Session))} == {"data-for-everyone", "data-for-everyone-2"}


def test_profile_when_changed_after_acceptance_then_the_programme_follows_except_what_organizers_edited(
    each_app: Flask, edition: EditionFacts, proposal: ProposalRow, speaker: Actor, now: datetime
) -> None:
    def save(biography: str, absences: tuple[Absence, ...] = ()) -> None:
        request = ProfileRequest(name="王芳", biography={"en": biography}, absences=absences)
        profiles.save_profile(speaker, edition.id, request, edition.time_zone, now)

    save("One")
    accept_proposal(SYSTEM, edition.id, proposal.code, now)
    save("Two", (Absence(edition.starts_on, edition.starts_on),))
    profiles.set_photo(speaker, edition.id, _picture("red"), "王芳", now)
    (slug,) = db.session.scalars(select(Speaker.slug))
    followed = get_any_speaker(edition.id, slug)
    request = SpeakerRequest(followed.name, {"en": "Edited"}, unavailable=followed.unavailable)
    change_speaker(SYSTEM, edition.id, slug, request, None, now)
    save("Three")
    profiles.set_photo(speaker, edition.id, _picture("blue"), "王芳", now)
    edited = get_any_speaker(edition.id, slug)
    profiles.remove_photo(speaker, edition.id, now)

    assert (followed.biography, len(followed.unavailable)) == ({"en": "Two"}, 1)
    assert (edited.biography, edited.unavailable) == ({"en": "Edited"}, ())
    assert followed.photo_key != edited.photo_key
    assert None not in (followed.photo_key, edited.photo_key)
    assert get_any_speaker(edition.id, slug).photo_key is None
    assert [each.action for each in list_audit_records("speaker", edited.id)].count("program.change_speaker") == 6


def _picture(color: str) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (10, 10), color).save(picture, "JPEG")
    return picture.getvalue()


def test_invitation_when_accepted_after_the_proposal_then_the_speaker_joins_its_session(
    each_app: Flask, edition: EditionFacts, proposal: ProposalRow, speaker: Actor, now: datetime
) -> None:
    invite_speaker(speaker, edition.id, proposal.code, "late@example.org", "Late", "en", now)
    accept_proposal(SYSTEM, edition.id, proposal.code, now)
    late = make_speaker(now, "late@example.org", name="Late")
    ((invitation, _proposal),) = list_open_invitations(edition.id, "late@example.org")

    accept_invitation(late, invitation.id, "late@example.org", now)

    session = _session(proposal)
    assert session is not None
    people = select(Speaker.person_id).join(SessionSpeaker).where(SessionSpeaker.session_id == session.id)
    assert db.session.scalars(people.order_by(SessionSpeaker.position)).all() == [speaker.id, late.id]
    with pytest.raises(Conflict):
        accept_invitation(late, invitation.id, "late@example.org", now)


def test_proposal_when_withdrawn_after_its_session_was_published_then_the_session_is_cancelled(
    app: Flask, edition: EditionFacts, proposal: ProposalRow, speaker: Actor, now: datetime
) -> None:
    accept_proposal(SYSTEM, edition.id, proposal.code, now)
    with atomic():
        session = _session(proposal)
        assert session is not None
        session.state = "published"
        db.session.flush()

    withdraw_proposal(speaker, edition.id, proposal.code, now)

    cancelled = _session(proposal)
    assert cancelled is not None
    assert (cancelled.state, cancelled.sequence) == ("cancelled", 1)
    assert [each.slug for each in list_sessions(edition.id)] == ["data-for-everyone"]


def test_proposal_when_decided_twice_then_the_second_is_refused(
    app: Flask, edition: EditionFacts, proposal: ProposalRow, now: datetime
) -> None:
    accept_proposal(SYSTEM, edition.id, proposal.code, now)

    with pytest.raises(Conflict, match="proposal_state"):
        accept_proposal(SYSTEM, edition.id, proposal.code, now)
    assert len(db.session.scalars(select(Session)).all()) == 1
