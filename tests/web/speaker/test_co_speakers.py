"""Co-speakers who accepted edit the proposal and confirm for themselves; submitting and withdrawing is the author's."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from lxml import html

from expo.accounts.queries import find_person
from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import EditionFacts
from expo.flows.proposals import accept_proposal, decide_proposal, submit_proposal
from expo.infra.audit import list_audit_records
from expo.infra.clock import utcnow
from expo.proposals.queries import CallRow, ProposalRow, get_proposal, list_speakers
from expo.proposals.rules import ProposalState
from expo.proposals.services import add_speaker, answer_invitation
from tests.domains.proposals.makers import OFFER, make_draft

TASK = "Confirm that you will take part</strong>"
Signed = tuple[Actor, FlaskClient]


@pytest.fixture
def author(sign_in_speaker: Callable[..., Signed]) -> Signed:
    return sign_in_speaker("author@example.org")


@pytest.fixture
def co_speaker(sign_in_speaker: Callable[..., Signed]) -> Signed:
    return sign_in_speaker("lilei@example.org")


@pytest.fixture
def draft(edition: EditionFacts, call: CallRow, author: Signed, co_speaker: Signed) -> ProposalRow:
    """A draft with a co-speaker who accepted, and one who has not answered."""
    made = make_draft(edition, call, author[0], utcnow())
    person = find_person(co_speaker[0].id or 0)
    assert person is not None
    added = add_speaker(author[0], edition.id, made.code, person.email, "Li Lei", utcnow())
    add_speaker(author[0], edition.id, made.code, "nobody@example.org", "", utcnow())
    answer_invitation(co_speaker[0], added.id, person.email, utcnow(), is_accepted=True)
    return made


def _form(edition: EditionFacts, draft: ProposalRow, title: str, action: str = "save") -> dict[str, str]:
    version = str(get_proposal(edition.id, draft.code).version)
    return {"version": version, "title-en": title, "abstract-en": "A", "language": "en", "action": action}


def test_draft_when_edited_by_a_co_speaker_then_saved_and_the_log_says_by_whom(
    edition: EditionFacts, draft: ProposalRow, author: Signed, co_speaker: Signed
) -> None:
    path = f"/speaker/proposals/{draft.code}/edit"
    page = co_speaker[1].get(path).text

    for title in ("Ours", "Ours again"):
        co_speaker[1].post(path, data=_form(edition, draft, title, "autosave"))
    between = get_proposal(edition.id, draft.code).title
    author[1].post(path, data=_form(edition, draft, "Mine"))

    assert ("Submit proposal" in page, "The author submits the proposal." in page) == (False, True)
    assert (between["en"], get_proposal(edition.id, draft.code).title["en"]) == ("Ours again", "Mine")
    changes = [act.actor_id for act in list_audit_records("proposal", draft.id) if act.action == "proposals.change"]
    assert changes == [author[0].id, co_speaker[0].id]


def test_draft_when_both_edit_the_same_version_then_the_second_is_told(
    edition: EditionFacts, draft: ProposalRow, author: Signed, co_speaker: Signed
) -> None:
    path = f"/speaker/proposals/{draft.code}/edit"
    theirs, ours = _form(edition, draft, "Theirs"), _form(edition, draft, "Ours")

    author[1].post(path, data=theirs)
    answer = co_speaker[1].post(path, data=ours)

    told = "Save again to replace that version with what you typed."
    assert (answer.status_code, get_proposal(edition.id, draft.code).title["en"]) == (409, "Theirs")
    assert (told in answer.text, 'value="Ours"' in answer.text) == (True, True)
    autosaved = co_speaker[1].post(path, data={**ours, "action": "autosave"})
    assert (autosaved.status_code, told in autosaved.get_json()["text"]) == (409, True)
    again = html.fromstring(answer.text).xpath("string(//input[@name='version']/@value)")
    co_speaker[1].post(path, data={**ours, "version": again})
    assert get_proposal(edition.id, draft.code).title["en"] == "Ours"


def test_draft_when_a_co_speaker_tries_to_submit_or_withdraw_then_only_saved(
    edition: EditionFacts, draft: ProposalRow, author: Signed, co_speaker: Signed
) -> None:
    browser, path = co_speaker[1], f"/speaker/proposals/{draft.code}"

    browser.post(f"{path}/edit", data=_form(edition, draft, "Ours", "submit"))
    still_draft = get_proposal(edition.id, draft.code)
    submit_proposal(author[0], edition.id, draft.code, OFFER, utcnow())
    withdrawn = browser.post(f"{path}/withdraw")
    page = browser.get(path).text

    assert (still_draft.state, still_draft.title["en"]) == (ProposalState.DRAFT, "Ours")
    assert (withdrawn.status_code, get_proposal(edition.id, draft.code).state) == (404, ProposalState.SUBMITTED)
    assert ("/withdraw" in page, "Send invitation" in page, f"{path}/edit" in page) == (False, False, True)


def test_participation_when_confirmed_then_each_speaker_does_it_for_themselves(
    edition: EditionFacts, draft: ProposalRow, author: Signed, co_speaker: Signed
) -> None:
    submit_proposal(author[0], edition.id, draft.code, OFFER, utcnow())
    path = f"/speaker/proposals/{draft.code}"
    early = co_speaker[1].post(f"{path}/confirm")
    accept_proposal(SYSTEM, edition.id, draft.code, utcnow())
    tasks = [
        browser.get("/speaker").text.count("Confirm that you will take part</strong>")
        for _, browser in (author, co_speaker)
    ]

    for _ in range(2):
        co_speaker[1].post(f"{path}/confirm")
    half = (get_proposal(edition.id, draft.code).state, _confirmed(draft))
    author[1].post(f"{path}/confirm")

    assert early.status_code == 302
    assert tasks == [1, 1]
    assert half == (ProposalState.ACCEPTED, [False, True, False])
    assert (get_proposal(edition.id, draft.code).state, _confirmed(draft)) == (
        ProposalState.CONFIRMED,
        [True, True, False],
    )
    assert TASK not in co_speaker[1].get("/speaker").text
    acts = [each.actor_id for each in list_audit_records("proposal", draft.id) if "participation" in each.action]
    assert acts == [co_speaker[0].id]


def test_participation_when_the_proposal_is_decided_again_then_has_to_be_confirmed_again(
    edition: EditionFacts, draft: ProposalRow, author: Signed, co_speaker: Signed
) -> None:
    submit_proposal(author[0], edition.id, draft.code, OFFER, utcnow())
    accept_proposal(SYSTEM, edition.id, draft.code, utcnow())
    co_speaker[1].post(f"/speaker/proposals/{draft.code}/confirm")
    for decision in (ProposalState.REJECTED, ProposalState.ACCEPTED):
        decide_proposal(SYSTEM, edition.id, draft.code, decision, "", utcnow())

    assert _confirmed(draft) == [False, False, False]


def test_proposal_when_the_invitation_is_not_accepted_then_neither_seen_nor_changed(
    edition: EditionFacts, draft: ProposalRow, sign_in_speaker: Callable[..., Signed]
) -> None:
    _actor, stranger = sign_in_speaker("nobody@example.org")
    path = f"/speaker/proposals/{draft.code}"

    answers = [stranger.get(path), stranger.get(f"{path}/edit"), stranger.post(f"{path}/confirm")]
    answers.append(stranger.post(f"{path}/edit", data=_form(edition, draft, "Theirs")))

    assert [each.status_code for each in answers] == [404, 404, 404, 404]


def _confirmed(draft: ProposalRow) -> list[bool]:
    return [each.has_confirmed for each in list_speakers([draft.id])[draft.id]]
