"""Proposals on the organizer's pages: found, decided, exported, hidden from those who must not know."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Actor, Role
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.mail.models import Email
from expo.program.models import Session, SessionSpeaker, Speaker
from expo.program.queries import list_sessions, list_speakers as list_public_speakers
from expo.proposals.queries import CallRow, ProposalRow, get_proposal
from expo.proposals.rules import ProposalState
from expo.questions.rules import Field, FieldKind
from expo.questions.services import add_field
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker
from tests.web.organizer.conftest import SignIn

BASE = "/organizer/proposals"


@pytest.fixture
def call(edition: EditionFacts, now: datetime) -> CallRow:
    made = make_call(edition, utcnow())
    asked = Field("employer", FieldKind.TEXT, {"en": "Employer?"}, is_identifying=True)
    add_field(SYSTEM, edition.id, made.form_id, asked, now)
    return made


@pytest.fixture
def author(now: datetime) -> Actor:
    return make_speaker(now, "author@example.org", "Ada Secret")


@pytest.fixture
def proposal(edition: EditionFacts, call: CallRow, author: Actor) -> ProposalRow:
    given = {"employer": "Secret Ltd"}
    return make_proposal(edition, call, author, utcnow(), given=given, message="Greetings from Ada Secret")


def test_list_when_filtered_then_shows_what_matches(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, organizer: FlaskClient, now: datetime
) -> None:
    make_proposal(edition, call, make_speaker(now), utcnow(), title={"en": "Trees"}, language="zh")

    everything = organizer.get(BASE).text
    by_name = organizer.get(f"{BASE}?q=ada").text
    by_language = organizer.get(f"{BASE}?language=zh&call={call.slug}&state=submitted").text

    assert ("Trees" in everything, "Data for everyone" in everything) == (True, True)
    assert ("Trees" in by_name, "Data for everyone" in by_name) == (False, True)
    assert ("Trees" in by_language, "Data for everyone" in by_language) == (True, False)
    assert "No proposals found" in organizer.get(f"{BASE}?q=nothing").text


def test_proposals_when_a_reviewer_looks_then_no_name_is_shown_anywhere(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, sign_in: SignIn
) -> None:
    reviewer = sign_in(Role.REVIEWER)

    pages = [reviewer.get(path) for path in (BASE, f"{BASE}?q=data", f"{BASE}/{proposal.code}")]
    refused = [reviewer.get(f"{BASE}{path}") for path in ("/export.csv", f"/{proposal.code}/decide/accepted")]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert all("Data for everyone" in page.text for page in pages)
    assert not any("Secret" in page.text or "author@example.org" in page.text for page in pages)
    assert "Data for everyone" not in reviewer.get(f"{BASE}?q=secret").text
    assert [page.status_code for page in refused] == [403, 403]


def test_proposals_when_an_organizer_of_another_expo_looks_then_are_not_there(
    edition: EditionFacts, proposal: ProposalRow, organizer: FlaskClient, other_edition: EditionFacts
) -> None:
    other = make_call(other_edition, utcnow())
    foreign = make_proposal(other_edition, other, make_speaker(utcnow()), utcnow(), title={"en": "Elsewhere"})

    assert organizer.get(f"{BASE}/{foreign.code}").status_code == 404
    assert organizer.get(f"{BASE}/{foreign.code}/decide/accepted").status_code == 404
    assert organizer.post(f"{BASE}/{foreign.code}/withdraw").status_code == 404
    assert "Elsewhere" not in organizer.get(BASE).text
    assert "Elsewhere" not in organizer.get(f"{BASE}/export.csv").text


def test_proposal_when_accepted_then_previews_the_email_and_makes_a_draft_session(
    edition: EditionFacts, proposal: ProposalRow, organizer: FlaskClient
) -> None:
    path = f"{BASE}/{proposal.code}/decide/accepted"

    preview = organizer.post(path, data={"note": "We loved it.", "is_notified": "y", "action": "preview"})
    assert "We loved it." in preview.text
    assert get_proposal(edition.id, proposal.code).state is ProposalState.SUBMITTED
    organizer.post(path, data={"note": "We loved it.", "is_notified": "y", "action": "decide"})

    session = db.session.scalars(select(Session).where(Session.proposal_id == proposal.id)).one()
    speaker = db.session.scalars(
        select(Speaker).join(SessionSpeaker).where(SessionSpeaker.session_id == session.id)
    ).one()
    email = db.session.scalars(select(Email).where(Email.message == "proposals/accepted")).one()
    assert get_proposal(edition.id, proposal.code).state is ProposalState.ACCEPTED
    assert (session.state, session.title, speaker.is_public, speaker.name) == (
        "draft",
        {"en": "Data for everyone", "zh": "人人可用的数据"},
        False,
        {"en": "Ada Secret"},
    )
    assert (email.to_email, email.details["note"]) == ("author@example.org", "We loved it.")
    assert (list_sessions(edition.id), list_public_speakers(edition.id)) == ([], [])


def test_proposals_when_selected_in_the_list_then_decided_at_once_after_the_email_was_shown(
    edition: EditionFacts, call: CallRow, organizer: FlaskClient, sign_in: SignIn
) -> None:
    speaker = make_speaker(utcnow())
    chinese = [make_proposal(edition, call, speaker, utcnow(), language="zh").code for _number in range(2)]
    other = make_proposal(edition, call, speaker, utcnow(), language="en").code
    path = f"{BASE}/decide?language=zh"

    page = organizer.get(f"{BASE}?language=zh").text
    preview = organizer.post(path, data={"matching": "1", "decision": "rejected"}).text
    form = {"codes": chinese, "decision": "rejected", "note": "", "action": "decide"}
    done = organizer.post(path, data=form)
    again = organizer.post(path, data={"codes": [*chinese, other], "decision": "rejected"}).text

    assert 'action="/organizer/proposals/decide?language=zh"' in page
    assert ("2 proposals" in preview, "2 e-mails" in preview) == (True, True)
    assert done.location == f"{BASE}?language=zh"
    assert [get_proposal(edition.id, each).state for each in (*chinese, other)] == ["rejected", "rejected", "submitted"]
    assert ("Left out" in again, again.count('name="codes"')) == (True, 1)
    nothing = organizer.post(path, data={"decision": "rejected"}, follow_redirects=True).text
    assert "Select at least one proposal." in nothing
    assert sign_in(Role.REVIEWER).post(path, data=form).status_code == 403


def test_proposal_when_rejected_after_acceptance_then_its_draft_session_is_gone(
    edition: EditionFacts, proposal: ProposalRow, organizer: FlaskClient
) -> None:
    organizer.post(f"{BASE}/{proposal.code}/decide/accepted", data={"action": "decide"})
    organizer.post(f"{BASE}/{proposal.code}/decide/rejected", data={"action": "decide"})

    assert get_proposal(edition.id, proposal.code).state is ProposalState.REJECTED
    assert db.session.scalars(select(Session).where(Session.proposal_id == proposal.id)).all() == []
    assert db.session.scalars(select(Email).where(Email.message.like("proposals/%ed"))).all() != []
    assert organizer.get(f"{BASE}/{proposal.code}/decide/rejected").status_code == 409


def test_proposals_when_exported_then_with_answers_and_formulas_defused(
    edition: EditionFacts, call: CallRow, proposal: ProposalRow, organizer: FlaskClient, now: datetime
) -> None:
    make_proposal(edition, call, make_speaker(now), utcnow(), title={"en": "=1+1"})

    csv = organizer.get(f"{BASE}/export.csv").data.decode("utf-8-sig")
    xlsx = organizer.get(f"{BASE}/export.xlsx")

    assert "Ada Secret" in csv
    assert "Secret Ltd" in csv
    assert "Employer?" in csv.splitlines()[0]
    assert ",=1+1" not in csv
    assert xlsx.data.startswith(b"PK")


def test_proposal_when_editing_is_allowed_and_withdrawn_on_behalf_then_follows(
    edition: EditionFacts, proposal: ProposalRow, organizer: FlaskClient
) -> None:
    organizer.post(f"{BASE}/{proposal.code}/editing", data={"until": "2099-01-01T12:00"})
    allowed = get_proposal(edition.id, proposal.code).editable_until
    organizer.post(f"{BASE}/{proposal.code}/withdraw")

    assert allowed is not None
    assert get_proposal(edition.id, proposal.code).state is ProposalState.WITHDRAWN
