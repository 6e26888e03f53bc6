"""Reviews: rounds, assignments without conflicts, saving one's own review, ranking, on both databases."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.errors import PermissionMissing
from expo.accounts.queries import actor_for_person, find_person
from expo.accounts.rules import SYSTEM, Actor, Role
from expo.accounts.services import ensure_person, grant_role
from expo.editions.queries import EditionFacts
from expo.errors import Conflict, Invalid, Missing
from expo.infra.db import db
from expo.proposals.models import Review
from expo.proposals.queries import (
    CallRow,
    ProposalFilter,
    get_round,
    list_progress,
    list_queue,
    list_ranked_proposals,
    list_reviews,
    list_rounds,
)
from expo.proposals.rules import Criterion, ReviewRequest, RoundRequest
from expo.proposals.services import (
    add_speaker,
    assign_proposals,
    change_round,
    close_round,
    create_round,
    delete_call,
    save_review,
    set_reviewers,
)
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker

HOUR = timedelta(hours=1)
CRITERIA = (Criterion("c1", {"en": "Content"}, weight=3), Criterion("c2", {"en": "Clarity"}))
REQUEST = RoundRequest({"en": "First round"}, criteria=CRITERIA, min_reviews=2)
GOOD, WEAK = ReviewRequest({"c1": 5, "c2": 5}, "Yes"), ReviewRequest({"c1": 1, "c2": 5}, "No")


@pytest.fixture
def call(edition: EditionFacts, now: datetime) -> CallRow:
    return make_call(edition, now)


def _reviewer(edition: EditionFacts, now: datetime, email: str, role: Role = Role.REVIEWER) -> Actor:
    person_id = ensure_person(email, email.partition("@")[0], "en", now)
    grant_role(SYSTEM, edition.id, person_id, role, now)
    person = find_person(person_id)
    assert person is not None
    return actor_for_person(person, edition.id)


def _assigned_round(edition: EditionFacts, call: CallRow, reviewers: list[Actor], now: datetime) -> str:
    slug = create_round(SYSTEM, edition.id, call.slug, REQUEST, now)
    set_reviewers(SYSTEM, edition.id, slug, {each.id or 0: () for each in reviewers}, now)
    assign_proposals(SYSTEM, edition.id, slug, now)
    return slug


def test_assignment_when_a_reviewer_is_author_or_invited_then_never_gets_the_own_proposal(
    each_app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    ada, bob, eve = (_reviewer(edition, now, f"{name}@example.org") for name in ("ada", "bob", "eve"))
    proposal = make_proposal(edition, call, ada, now)
    add_speaker(ada, edition.id, proposal.code, "bob@example.org", "Bob", now)
    other = make_proposal(edition, call, make_speaker(now), now)

    slug = _assigned_round(edition, call, [ada, bob, eve], now)

    round_id = get_round(edition.id, slug).id
    queues = {each.id: {q.proposal.code for q in list_queue(round_id, each.id or 0)} for each in (ada, bob, eve)}
    assert queues == {ada.id: {other.code}, bob.id: {other.code}, eve.id: {proposal.code}}
    with pytest.raises(Missing, match="review_missing"):
        save_review(ada, edition.id, slug, proposal.code, GOOD, now)


def test_reviewer_when_becoming_a_speaker_later_then_the_proposal_leaves_the_queue(
    each_app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    eve, author = _reviewer(edition, now, "eve@example.org"), make_speaker(now)
    proposal = make_proposal(edition, call, author, now)
    slug = _assigned_round(edition, call, [eve], now)
    add_speaker(author, edition.id, proposal.code, "eve@example.org", "Eve", now)

    assert list_queue(get_round(edition.id, slug).id, eve.id or 0) == []
    with pytest.raises(Missing, match="review_missing"):
        save_review(eve, edition.id, slug, proposal.code, GOOD, now)


def test_review_when_saved_twice_then_is_replaced_and_ranked(
    each_app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    ada, bob = _reviewer(edition, now, "ada@example.org"), _reviewer(edition, now, "bob@example.org")
    proposal = make_proposal(edition, call, make_speaker(now), now)
    unscored = make_proposal(edition, call, make_speaker(now), now)
    slug = _assigned_round(edition, call, [ada, bob], now)
    row = get_round(edition.id, slug)

    save_review(ada, edition.id, slug, proposal.code, WEAK, now)
    save_review(ada, edition.id, slug, proposal.code, GOOD, now + HOUR)
    save_review(bob, edition.id, slug, proposal.code, WEAK, now)

    ranked = list_ranked_proposals(row, ProposalFilter())
    progress = {each.person_id: (each.reviewed, each.assigned) for each in list_progress(row.id)}
    assert db.session.scalar(select(func.count()).select_from(Review)) == 2
    assert [each.values.comment for each in list_reviews(row.id, proposal.id)] == ["Yes", "No"]
    assert [(each.proposal.id, each.ranking.score, each.ranking.reviews) for each in ranked] == [
        (proposal.id, 62.5, 2),
        (unscored.id, None, 0),
    ]
    assert progress == {ada.id: (1, 2), bob.id: (1, 2)}


def test_conflict_when_declared_then_is_not_counted_and_somebody_else_is_assigned(
    each_app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    ada, bob, eve = (_reviewer(edition, now, f"{name}@example.org") for name in ("ada", "bob", "eve"))
    proposal = make_proposal(edition, call, make_speaker(now), now)
    slug = _assigned_round(edition, call, [ada, bob], now)
    row = get_round(edition.id, slug)
    save_review(ada, edition.id, slug, proposal.code, ReviewRequest({"c1": 5}, has_conflict=True), now)
    set_reviewers(SYSTEM, edition.id, slug, {each.id or 0: () for each in (ada, bob, eve)}, now)

    assert assign_proposals(SYSTEM, edition.id, slug, now) == 1
    assert assign_proposals(SYSTEM, edition.id, slug, now) == 0
    assert [each.proposal.id for each in list_queue(row.id, eve.id or 0)] == [proposal.id]
    assert list_ranked_proposals(row, ProposalFilter())[0].ranking.reviews == 0
    assert list_reviews(row.id, proposal.id)[0].values.scores == {}


def test_review_when_the_round_is_closed_or_not_assigned_then_is_refused(
    each_app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    ada, stranger = _reviewer(edition, now, "ada@example.org"), _reviewer(edition, now, "x@example.org")
    proposal = make_proposal(edition, call, make_speaker(now), now)
    slug = _assigned_round(edition, call, [ada], now)

    with pytest.raises(Missing, match="review_missing"):
        save_review(stranger, edition.id, slug, proposal.code, GOOD, now)
    with pytest.raises(Invalid, match="score_missing"):
        save_review(ada, edition.id, slug, proposal.code, ReviewRequest({"c1": 5}), now)
    close_round(SYSTEM, edition.id, slug, now + HOUR)
    with pytest.raises(Conflict, match="round_not_open"):
        save_review(ada, edition.id, slug, proposal.code, GOOD, now + HOUR)
    with pytest.raises(Conflict, match="round_not_open"):
        close_round(SYSTEM, edition.id, slug, now + HOUR)


def test_round_when_it_has_reviews_then_its_criteria_stay_and_texts_may_change(
    app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    ada = _reviewer(edition, now, "ada@example.org")
    proposal = make_proposal(edition, call, make_speaker(now), now)
    slug = _assigned_round(edition, call, [ada], now)
    save_review(ada, edition.id, slug, proposal.code, GOOD, now)

    change_round(SYSTEM, edition.id, slug, RoundRequest({"en": "Renamed"}, criteria=CRITERIA), now)
    with pytest.raises(Conflict, match="criteria_in_use"):
        change_round(SYSTEM, edition.id, slug, RoundRequest({"en": "Less"}, criteria=CRITERIA[:1]), now)

    assert get_round(edition.id, slug).name == {"en": "Renamed"}


def test_reviewers_when_removed_then_lose_what_is_open_and_reviews_stay(
    app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    ada, bob = _reviewer(edition, now, "ada@example.org"), _reviewer(edition, now, "bob@example.org")
    first, _second = (make_proposal(edition, call, make_speaker(now), now) for _number in range(2))
    slug = _assigned_round(edition, call, [ada, bob], now)
    row = get_round(edition.id, slug)
    save_review(ada, edition.id, slug, first.code, GOOD, now)

    set_reviewers(SYSTEM, edition.id, slug, {bob.id or 0: ("cloud",)}, now)

    assert [each.proposal.id for each in list_queue(row.id, ada.id or 0)] == [first.id]
    assert len(list_reviews(row.id, first.id)) == 1
    with pytest.raises(Invalid, match="reviewer_unknown"):
        set_reviewers(SYSTEM, edition.id, slug, {make_speaker(now).id or 0: ()}, now)


def test_rounds_when_somebody_without_permission_acts_then_are_refused(
    app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    ada, desk = _reviewer(edition, now, "ada@example.org"), _reviewer(edition, now, "desk@example.org", Role.DESK)
    slug = create_round(SYSTEM, edition.id, call.slug, REQUEST, now)

    with pytest.raises(Conflict, match="reviewers_missing"):
        assign_proposals(SYSTEM, edition.id, slug, now)
    with pytest.raises(PermissionMissing):
        create_round(ada, edition.id, call.slug, REQUEST, now)
    with pytest.raises(PermissionMissing):
        assign_proposals(ada, edition.id, slug, now)
    with pytest.raises(PermissionMissing):
        save_review(desk, edition.id, slug, "CODE", GOOD, now)


def test_call_when_deleted_then_its_rounds_are_deleted_too(
    app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    ada = _reviewer(edition, now, "ada@example.org")
    _assigned_round(edition, call, [ada], now)

    delete_call(SYSTEM, edition.id, call.slug, now)

    assert list_rounds(edition.id) == []
