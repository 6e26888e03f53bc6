"""Discussions of reviewers: among those who have reviewed a proposal, and nobody else."""

import pytest
from flask.testing import FlaskClient

from expo.accounts.queries import find_person_by_email
from expo.accounts.rules import SYSTEM, Role
from expo.editions.queries import EditionFacts
from expo.infra.audit import list_audit_records
from expo.infra.clock import utcnow
from expo.proposals.queries import ProposalRow, get_round, list_messages
from expo.proposals.rules import Criterion, RoundRequest
from expo.proposals.services import assign_proposals, close_round, create_round, set_reviewers
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker
from tests.web.organizer.conftest import SignIn

BASE = "/organizer/reviews"
REVIEW = {"c1": "5", "action": "save"}


@pytest.fixture
def reviewers(sign_in: SignIn) -> tuple[FlaskClient, FlaskClient]:
    return sign_in(Role.REVIEWER), sign_in(Role.PROGRAM_MANAGER)


@pytest.fixture
def proposal(edition: EditionFacts) -> ProposalRow:
    call = make_call(edition, utcnow())
    return make_proposal(edition, call, make_speaker(utcnow(), "ada@example.org", "Ada Secret"), utcnow())


@pytest.fixture
def path(edition: EditionFacts, proposal: ProposalRow, reviewers: tuple[FlaskClient, FlaskClient]) -> str:
    """Make a blind round with both reviewers and return the address of the proposal in it."""
    request = RoundRequest({"en": "Round"}, criteria=(Criterion("c1", {"en": "Content"}),), min_reviews=2)
    slug = create_round(SYSTEM, edition.id, "talks", request, utcnow())
    people = [find_person_by_email(f"{name}@example.org") for name in ("reviewer", "program_manager")]
    set_reviewers(SYSTEM, edition.id, slug, {each.id: () for each in people if each}, utcnow())
    assign_proposals(SYSTEM, edition.id, slug, utcnow())
    return f"{BASE}/{slug}/proposals/{proposal.code}"


def test_discussion_when_both_have_reviewed_then_each_reads_the_other_and_nobody_is_named(
    edition: EditionFacts, proposal: ProposalRow, path: str, reviewers: tuple[FlaskClient, FlaskClient]
) -> None:
    for browser, text in zip(reviewers, ("Is it <new>?", "I think so."), strict=True):
        browser.post(path, data=REVIEW)
        sent = browser.post(f"{path}/discussion", data={"text": f"  {text} "})
        assert sent.location.endswith(f"{path}#discussion")

    pages = [browser.get(path).text for browser in reviewers]

    assert all("Is it &lt;new&gt;?" in page and "I think so." in page for page in pages)
    assert not any("Ada Secret" in page or "ada@example.org" in page for page in pages)
    assert [
        act.actor_id is not None for act in list_audit_records("proposal", proposal.id) if "discuss" in act.action
    ] == [True] * 2


def test_discussion_when_the_own_review_is_missing_or_in_conflict_then_hidden_and_closed(
    edition: EditionFacts, proposal: ProposalRow, path: str, reviewers: tuple[FlaskClient, FlaskClient], sign_in: SignIn
) -> None:
    first, second = reviewers
    first.post(path, data=REVIEW)
    first.post(f"{path}/discussion", data={"text": "Between us"})

    before, refused = second.get(path).text, second.post(f"{path}/discussion", data={"text": "Let me in"})
    second.post(path, data={"has_conflict": "y", "action": "save"})
    biased, again = second.get(path).text, second.post(f"{path}/discussion", data={"text": "Let me in"})
    outsider = sign_in(Role.ORGANIZER).post(f"{path}/discussion", data={"text": "Let me in"})

    assert ("Between us" in before, "Between us" in biased) == (False, False)
    assert [each.status_code for each in (refused, again, outsider)] == [404, 404, 404]
    assert [each.text for each in list_messages(get_round(edition.id, "round").id, proposal.id)] == ["Between us"]


def test_discussion_when_the_round_is_closed_then_goes_on(
    edition: EditionFacts, proposal: ProposalRow, path: str, reviewers: tuple[FlaskClient, FlaskClient]
) -> None:
    browser, _other = reviewers
    browser.post(path, data=REVIEW)
    close_round(SYSTEM, edition.id, "round", utcnow())

    empty = browser.post(f"{path}/discussion", data={"text": "  "}, follow_redirects=True).text
    browser.post(f"{path}/discussion", data={"text": "Let us accept it"})

    assert ("Enter a message." in empty, "Let us accept it" in browser.get(path).text) == (True, True)
