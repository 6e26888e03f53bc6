"""Co-speakers: invited by e-mail, with and without an account; and people who begin without one."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.infra.signing import sign_text
from expo.mail.models import Email
from expo.proposals.queries import CallRow, ProposalRow, list_speakers
from tests.domains.proposals.makers import make_draft

Signed = tuple[Actor, FlaskClient]


@pytest.fixture
def invited(edition: EditionFacts, call: CallRow, sign_in_speaker: Callable[..., Signed]) -> ProposalRow:
    """A draft with a co-speaker who was invited by e-mail."""
    speaker, browser = sign_in_speaker()
    draft = make_draft(edition, call, speaker, utcnow())
    browser.post(
        f"/speaker/proposals/{draft.code}/speakers",
        data={"name": "李雷", "email": "lilei@example.org", "role": "moderator"},
    )
    return draft


def _path(message: str, link: str) -> str:
    email = db.session.scalars(select(Email).where(Email.message == message)).one()
    path, purpose, payload = email.links[link]
    return str(path + sign_text(purpose, payload))


def test_invitation_when_accepted_by_a_newcomer_then_signs_in_and_shows_the_proposal(
    edition: EditionFacts, invited: ProposalRow, client: FlaskClient
) -> None:
    path = _path("proposals/invitation", "invitation_link")

    assert "Data for everyone" in client.get(path).text
    assert find_person_by_email("lilei@example.org") is None
    accepted = client.post(f"{path}/accept")

    co_speaker = list_speakers([invited.id])[invited.id][1]
    assert accepted.location.endswith("/speaker/profile")
    assert (co_speaker.has_accepted, co_speaker.role, co_speaker.name) == (True, "moderator", "李雷")
    assert client.get(f"/speaker/proposals/{invited.code}").status_code == 200
    assert client.get(f"/speaker/proposals/{invited.code}/edit").status_code == 200


def test_invitation_when_answered_then_the_link_gives_nobody_another_session(
    app: Flask, edition: EditionFacts, invited: ProposalRow, client: FlaskClient
) -> None:
    path = _path("proposals/invitation", "invitation_link")
    client.post(f"{path}/accept")
    stranger = app.test_client()

    again = stranger.post(f"{path}/accept")

    assert "/sign-in" in again.location
    assert "/sign-in" in stranger.get("/speaker").location


def test_invitation_when_declined_without_an_account_then_none_is_made(
    edition: EditionFacts, invited: ProposalRow, client: FlaskClient
) -> None:
    path = _path("proposals/invitation", "invitation_link")

    client.post(f"{path}/decline")

    assert list_speakers([invited.id])[invited.id][1].has_declined
    assert find_person_by_email("lilei@example.org") is None
    assert "You have declined this invitation." in client.get(path).text


def test_invitation_when_the_address_has_an_account_then_is_answered_after_signing_in(
    edition: EditionFacts, invited: ProposalRow, client: FlaskClient, sign_in_speaker: Callable[..., Signed]
) -> None:
    path = _path("proposals/invitation", "invitation_link")
    _person, own = sign_in_speaker("lilei@example.org")

    assert "has an account. Sign in" in client.get(path).text
    assert "/sign-in?next=" in client.post(f"{path}/accept").location
    assert "You are invited" in own.get("/speaker").text
    speaker_id = list_speakers([invited.id])[invited.id][1].id
    own.post(f"/speaker/invitations/by-id/{speaker_id}/accept")

    assert list_speakers([invited.id])[invited.id][1].has_accepted


def test_invitation_when_somebody_else_answers_then_it_is_missing(
    edition: EditionFacts, invited: ProposalRow, sign_in_speaker: Callable[..., Signed]
) -> None:
    _other, browser = sign_in_speaker()
    speaker_id = list_speakers([invited.id])[invited.id][1].id

    assert browser.post(f"/speaker/invitations/by-id/{speaker_id}/accept").status_code == 404
    assert "You are invited" not in browser.get("/speaker").text
    assert not list_speakers([invited.id])[invited.id][1].has_accepted


def test_start_when_somebody_has_no_account_then_the_link_leads_to_the_form_once(
    app: Flask, edition: EditionFacts, call: CallRow, client: FlaskClient
) -> None:
    asked = client.post(f"/cfp/{call.slug}/start", data={"name": "韩梅梅", "email": "han@example.org"})
    path = _path("proposals/start", "start_link")
    signed_in = client.post(path)

    assert asked.location.endswith(f"/cfp/{call.slug}/sent")
    assert signed_in.location.endswith(f"/cfp/{call.slug}/new")
    assert client.get(signed_in.location).status_code == 200
    assert app.test_client().post(path).status_code == 410


def test_message_when_sent_then_goes_to_the_contact_address(
    edition: EditionFacts, call: CallRow, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()
    draft = make_draft(edition, call, speaker, utcnow())

    answer = browser.post(f"/speaker/proposals/{draft.code}/message", data={"text": "May I bring a robot?"})
    wrong = browser.post(f"/speaker/proposals/{draft.code}/message", data={"text": "x" * 4001})
    nobody = browser.post(f"/speaker/proposals/{draft.code}/speakers", data={"name": "Li Lei", "email": " "})

    assert (wrong.status_code, "x" * 4001 in wrong.text) == (422, True)
    assert (nobody.status_code, 'value="Li Lei"' in nobody.text) == (422, True)
    emails = db.session.scalars(select(Email).where(Email.message == "proposals/message")).all()
    if edition.contact_email:
        assert [(each.to_email, each.details["text"]) for each in emails] == [
            (edition.contact_email, "May I bring a robot?")
        ]
    else:
        assert emails == []
        assert "have not published an e-mail address" in answer.text
