"""A speaker's proposals on pages: saved while typing and by a plain form, submitted, private."""

import io
from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.proposals.queries import CallRow, get_own_proposal, list_own_proposals
from expo.proposals.rules import ProposalState
from expo.questions.queries import get_answers
from expo.questions.rules import Condition, Field, FieldKind, Operator, Option
from expo.questions.services import add_field
from expo.web.kit import uploads
from tests.domains.proposals.makers import make_draft, make_proposal
from tests.house.hostile import VALUES

Signed = tuple[Actor, FlaskClient]
COMPLETE = {"title-en": "Data for everyone", "abstract-zh": "开放数据", "language": "zh", "minutes": ""}


def test_proposal_when_submitted_by_the_plain_form_then_is_submitted(
    edition: EditionFacts, call: CallRow, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()

    form = browser.get(f"/cfp/{call.slug}/new")
    sent = browser.post(f"/cfp/{call.slug}/new", data={**COMPLETE, "action": "submit"})
    shown = browser.get(sent.location)

    assert form.status_code == 200
    assert "Submitted" in shown.text
    assert "Data for everyone" in shown.text
    assert [each.state for each in list_own_proposals(edition.id, speaker.id or 0)] == [ProposalState.SUBMITTED]


def test_proposal_when_incomplete_then_the_draft_is_saved_and_the_faults_are_named(
    edition: EditionFacts, call: CallRow, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()

    answer = browser.post(f"/cfp/{call.slug}/new", data={"title-en": "Only a title", "action": "submit"})

    (draft,) = list_own_proposals(edition.id, speaker.id or 0)
    assert (answer.status_code, draft.title, draft.state) == (422, {"en": "Only a title"}, ProposalState.DRAFT)
    assert "Fill in this field." in answer.text
    assert f"/speaker/proposals/{draft.code}/edit" in answer.text


def test_draft_when_saved_while_typing_then_answers_with_the_next_version(
    edition: EditionFacts, call: CallRow, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()

    first = browser.post(f"/cfp/{call.slug}/new", data={"title-en": "A", "action": "autosave"}).json
    assert first is not None
    second = browser.post(first["url"], data={"title-en": "AB", "version": first["version"], "action": "autosave"}).json
    stale = browser.post(first["url"], data={"title-en": "X", "version": first["version"], "action": "autosave"})

    assert second is not None
    assert (second["version"], stale.status_code) == (first["version"] + 1, 409)
    assert [each.title for each in list_own_proposals(edition.id, speaker.id or 0)] == [{"en": "AB"}]


def test_questions_when_conditional_then_the_form_says_when_to_answer(
    edition: EditionFacts, call: CallRow, now: datetime, sign_in_speaker: Callable[..., Signed]
) -> None:
    options = (Option("yes", {"en": "Yes"}), Option("no", {"en": "No"}))
    add_field(
        SYSTEM, edition.id, call.form_id, Field("demo", FieldKind.SINGLE_CHOICE, {"en": "Demo?"}, options=options), now
    )
    conditions = (Condition("demo", Operator.IS_ONE_OF, ("yes",)),)
    power = Field("power", FieldKind.TEXT, {"en": "What power?"}, is_required=True, conditions=conditions)
    add_field(SYSTEM, edition.id, call.form_id, power, now)
    speaker, browser = sign_in_speaker()

    form = browser.get(f"/cfp/{call.slug}/new").text
    asked = browser.post(f"/cfp/{call.slug}/new", data={**COMPLETE, "answer-demo": "yes", "action": "submit"})
    (draft,) = list_own_proposals(edition.id, speaker.id or 0)

    assert "Only if “Demo?” is: Yes" in form
    assert asked.status_code == 422
    assert 'href="#answer-power"' in asked.text
    assert get_answers(draft.sheet_id) == {"demo": "yes"}


@pytest.mark.parametrize("kind", list(FieldKind))
def test_question_when_of_any_kind_then_is_shown_and_takes_hostile_values(
    edition: EditionFacts, call: CallRow, now: datetime, kind: FieldKind, sign_in_speaker: Callable[..., Signed]
) -> None:
    options = (Option("a", {"en": "Option A"}),) if "choice" in kind else ()
    add_field(SYSTEM, edition.id, call.form_id, Field("asked", kind, {"en": "Asked"}, options=options), now)
    _speaker, browser = sign_in_speaker()

    shown = browser.get(f"/cfp/{call.slug}/new")
    texts = [value.encode("utf-8", "replace").decode() for value in VALUES.values()]
    statuses = {
        browser.post(f"/cfp/{call.slug}/new", data={"answer-asked": text, "title-en": text}).status_code
        for text in texts
    }

    assert 'name="answer-asked"' in shown.text
    assert statuses <= {302, 422}


def test_file_when_uploaded_as_an_answer_then_its_content_and_size_decide(
    edition: EditionFacts,
    call: CallRow,
    now: datetime,
    sign_in_speaker: Callable[..., Signed],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads, "MEGABYTE", 1024)
    add_field(SYSTEM, edition.id, call.form_id, Field("paper", FieldKind.FILE, {"en": "Paper"}), now)
    speaker, browser = sign_in_speaker()

    def send(name: str, content: bytes) -> TestResponse:
        data = {**COMPLETE, "answer-paper": (io.BytesIO(content), name), "action": "save"}
        return browser.post(f"/cfp/{call.slug}/new", data=data)

    large = send("paper.pdf", b"%PDF-1.7" + bytes(16 * 1024))
    assert (large.status_code, COMPLETE["title-en"] in large.text) == (422, True)
    assert 'id="answer-paper-error"' in large.text
    assert send("paper.pdf", b"MZ\x90 a program").status_code == 422
    assert send("paper.pdf", b"%PDF-1.7 ...").status_code == 302
    newest = list_own_proposals(edition.id, speaker.id or 0)[0]
    key = get_answers(newest.sheet_id)["paper"]
    with browser.get(f"/speaker/proposals/{newest.code}/files/{key}") as download:
        assert download.data == b"%PDF-1.7 ..."
        assert download.headers["Content-Disposition"].startswith("attachment")


def test_proposals_when_somebody_else_looks_then_are_not_there(
    edition: EditionFacts, call: CallRow, now: datetime, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, _own = sign_in_speaker()
    secret = make_proposal(edition, call, speaker, utcnow(), title={"en": "Secret plan"})
    _other, browser = sign_in_speaker()
    pages = ["", "/edit", "/withdraw", f"/files/{'0' * 32}"]
    acts = ["/confirm", "/speakers", "/message", "/slides", f"/slides/{'0' * 32}/delete", "/edit", "/withdraw"]
    data = {"text": "Hello", "name": "A", "email": "a@example.org", "role": "speaker"}

    seen = {browser.get(f"/speaker/proposals/{secret.code}{page}").status_code for page in pages}
    done = {browser.post(f"/speaker/proposals/{secret.code}{act}", data=data).status_code for act in acts[:3]}
    done |= {browser.post(f"/speaker/proposals/{secret.code}{act}", data=data).status_code for act in acts[4:]}

    assert (seen, done) == ({404}, {404})
    for page in ("/speaker", "/cfp", f"/cfp/{call.slug}", "/speaker/profile/data.json"):
        assert "Secret plan" not in browser.get(page).text
    assert get_own_proposal(edition.id, speaker.id or 0, secret.code).state is ProposalState.SUBMITTED


def test_overview_when_there_are_proposals_then_each_says_what_comes_next(
    edition: EditionFacts, call: CallRow, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()
    assert "No proposals yet" in browser.get("/speaker").text
    make_draft(edition, call, speaker, utcnow(), title={"en": "First"})
    make_proposal(edition, call, speaker, utcnow(), title={"en": "Second"})

    page = browser.get("/speaker").text

    assert "Complete and submit it before the deadline." in page
    assert "The organizers will decide." in page


def test_proposal_when_withdrawn_then_only_after_the_question(
    edition: EditionFacts, call: CallRow, sign_in_speaker: Callable[..., Signed]
) -> None:
    speaker, browser = sign_in_speaker()
    proposal = make_proposal(edition, call, speaker, utcnow())
    path = f"/speaker/proposals/{proposal.code}/withdraw"

    assert "Withdraw this proposal?" in browser.get(path).text
    assert get_own_proposal(edition.id, speaker.id or 0, proposal.code).state is ProposalState.SUBMITTED
    browser.post(path)
    assert get_own_proposal(edition.id, speaker.id or 0, proposal.code).state is ProposalState.WITHDRAWN
