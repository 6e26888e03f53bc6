"""Proposals: saved as drafts, submitted when complete, edited until the deadline, withdrawn."""

from datetime import datetime, timedelta

import pytest

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Missing
from expo.proposals.queries import ProposalFilter, count_matching, get_own_proposal, list_proposals
from expo.proposals.rules import ProposalContent, ProposalState
from expo.proposals.services import (
    allow_editing,
    begin_proposal,
    close_call,
    delete_call,
    save_proposal,
    submit_proposal,
    withdraw_proposal,
)
from expo.questions.queries import get_answers
from expo.questions.rules import Condition, Field, FieldKind, Operator, Option
from expo.questions.services import add_field
from tests.domains.proposals.makers import OFFER, content, make_call, make_draft, make_proposal, make_speaker

DAY = timedelta(days=1)


def test_draft_when_incomplete_then_is_saved_and_cannot_be_submitted(edition: EditionFacts, now: datetime) -> None:
    call, speaker = make_call(edition, now), make_speaker(now)
    draft = make_draft(edition, call, speaker, now, abstract={}, language="")

    saved = submit_proposal(speaker, edition.id, draft.code, OFFER, now)

    assert [(fault.key, fault.code) for fault in saved.faults] == [
        ("abstract", "answer_missing"),
        ("language", "answer_missing"),
    ]
    assert get_own_proposal(edition.id, speaker.id or 0, draft.code).state is ProposalState.DRAFT
    assert get_own_proposal(edition.id, speaker.id or 0, draft.code).title["zh"] == "人人可用的数据"


def test_draft_when_one_value_is_at_fault_then_the_others_are_saved(edition: EditionFacts, now: datetime) -> None:
    call, speaker = make_call(edition, now), make_speaker(now)
    draft = begin_proposal(speaker, edition.id, call.slug, now)

    wrong = ProposalContent(title={"en": "x" * 300}, message="Hello", track="unknown")
    saved = save_proposal(speaker, edition.id, draft.code, wrong, {}, OFFER, draft.version, now)

    assert [fault.code for fault in saved.faults] == ["text_too_long", "choice_unknown"]
    assert (saved.proposal.content.message, saved.proposal.title, saved.proposal.content.track) == ("Hello", {}, "")


def test_proposal_when_saved_with_an_old_version_then_is_refused(edition: EditionFacts, now: datetime) -> None:
    call, speaker = make_call(edition, now), make_speaker(now)
    draft = make_draft(edition, call, speaker, now)

    with pytest.raises(Conflict, match="proposal_changed"):
        save_proposal(speaker, edition.id, draft.code, content(), {}, OFFER, draft.version - 1, now)


def test_proposal_when_the_call_closes_then_is_editable_only_by_permission(
    edition: EditionFacts, now: datetime
) -> None:
    call, speaker = make_call(edition, now, closes_at=now + DAY), make_speaker(now)
    proposal = make_proposal(edition, call, speaker, now)
    later = now + 2 * DAY

    with pytest.raises(Conflict, match="proposal_not_editable"):
        save_proposal(speaker, edition.id, proposal.code, content(), {}, OFFER, proposal.version, later)
    allow_editing(SYSTEM, edition.id, proposal.code, later + DAY, later)
    saved = save_proposal(
        speaker, edition.id, proposal.code, content(title={"en": "New"}), {}, OFFER, proposal.version, later
    )

    assert (saved.faults, saved.proposal.title) == ((), {"en": "New"})


def test_proposal_when_submitted_then_incomplete_edits_are_refused_as_a_whole(
    edition: EditionFacts, now: datetime
) -> None:
    call, speaker = make_call(edition, now), make_speaker(now)
    proposal = make_proposal(edition, call, speaker, now)

    saved = save_proposal(
        speaker, edition.id, proposal.code, content(title={}, message="x"), {}, OFFER, proposal.version, now
    )

    assert [fault.key for fault in saved.faults] == ["title"]
    assert get_own_proposal(edition.id, speaker.id or 0, proposal.code).content.message == ""


def test_proposals_when_the_limit_is_reached_then_no_more_until_one_is_withdrawn(
    edition: EditionFacts, now: datetime
) -> None:
    call, speaker = make_call(edition, now, max_per_person=1), make_speaker(now)
    first = make_proposal(edition, call, speaker, now)
    second = make_draft(edition, call, speaker, now)

    with pytest.raises(Conflict, match="proposals_too_many"):
        submit_proposal(speaker, edition.id, second.code, OFFER, now)
    withdraw_proposal(speaker, edition.id, first.code, now)

    assert submit_proposal(speaker, edition.id, second.code, OFFER, now).proposal.state is ProposalState.SUBMITTED


def test_proposal_when_somebody_else_acts_then_it_is_missing(edition: EditionFacts, now: datetime) -> None:
    call, speaker, other = make_call(edition, now), make_speaker(now), make_speaker(now)
    proposal = make_proposal(edition, call, speaker, now)

    for act in (
        lambda: get_own_proposal(edition.id, other.id or 0, proposal.code),
        lambda: save_proposal(other, edition.id, proposal.code, content(), {}, OFFER, proposal.version, now),
        lambda: withdraw_proposal(other, edition.id, proposal.code, now),
    ):
        with pytest.raises(Missing, match="proposal_missing"):
            act()


def test_answers_when_a_condition_is_not_met_then_are_neither_required_nor_stored(
    edition: EditionFacts, now: datetime
) -> None:
    call, speaker = make_call(edition, now), make_speaker(now)
    options = (Option("yes", {"en": "Yes"}), Option("no", {"en": "No"}))
    demo = Field("demo", FieldKind.SINGLE_CHOICE, {"en": "Live demo?"}, is_required=True, options=options)
    power = Field(
        "power",
        FieldKind.TEXT,
        {"en": "What power?"},
        is_required=True,
        conditions=(Condition("demo", Operator.IS_ONE_OF, ("yes",)),),
    )
    for field in (demo, power):
        add_field(SYSTEM, edition.id, call.form_id, field, now)
    draft = make_draft(edition, call, speaker, now, {"demo": "yes"})

    asked = submit_proposal(speaker, edition.id, draft.code, OFFER, now).faults
    saved = save_proposal(
        speaker, edition.id, draft.code, content(), {"demo": "no", "power": "10 kW"}, OFFER, draft.version, now
    )

    assert [(fault.key, fault.code) for fault in asked] == [("power", "answer_missing")]
    assert get_answers(saved.proposal.sheet_id) == {"demo": "no"}
    assert submit_proposal(speaker, edition.id, draft.code, OFFER, now).faults == ()


def test_answers_when_they_name_a_file_of_nobody_then_are_refused(edition: EditionFacts, now: datetime) -> None:
    call, speaker = make_call(edition, now), make_speaker(now)
    add_field(SYSTEM, edition.id, call.form_id, Field("paper", FieldKind.FILE, {"en": "Paper"}), now)
    draft = begin_proposal(speaker, edition.id, call.slug, now)

    saved = save_proposal(speaker, edition.id, draft.code, content(), {"paper": "0" * 32}, OFFER, draft.version, now)

    assert [(fault.key, fault.code) for fault in saved.faults] == [("paper", "file_unknown")]


def test_call_when_closed_then_takes_no_drafts_and_with_proposals_is_not_deleted(
    edition: EditionFacts, now: datetime
) -> None:
    call, empty, speaker = make_call(edition, now), make_call(edition, now), make_speaker(now)
    make_draft(edition, call, speaker, now)
    close_call(SYSTEM, edition.id, call.slug, now + DAY)

    with pytest.raises(Conflict, match="call_not_open"):
        begin_proposal(speaker, edition.id, call.slug, now + DAY)
    with pytest.raises(Conflict, match="call_in_use"):
        delete_call(SYSTEM, edition.id, call.slug, now)
    delete_call(SYSTEM, edition.id, empty.slug, now)
    assert (call.slug, empty.slug) == ("talks", "talks-2")


def test_proposals_when_searched_then_names_are_found_only_by_those_who_may_know_them(
    edition: EditionFacts, now: datetime
) -> None:
    call = make_call(edition, now)
    make_proposal(edition, call, make_speaker(now, name="欧阳娜娜"), now)
    make_proposal(edition, call, make_speaker(now), now, title={"en": "Trees"})

    def found(q: str, *, finds_names: bool) -> int:
        return len(list_proposals(edition.id, ProposalFilter(q=q, finds_names=finds_names)))

    assert (found("tree", finds_names=False), found("欧阳", finds_names=True), found("欧阳", finds_names=False)) == (
        1,
        1,
        0,
    )
    assert count_matching(edition.id, ProposalFilter(state="draft")) == {ProposalState.SUBMITTED: 2}
