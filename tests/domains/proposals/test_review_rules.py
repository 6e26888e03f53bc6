"""Rules of reviews: what a review must contain, the ranking, and how proposals are assigned."""

from itertools import product
from random import Random

import pytest

from expo.errors import Invalid
from expo.proposals.rules import (
    Criterion,
    Reviewing,
    ReviewRequest,
    RoundRequest,
    assign,
    check_review,
    check_round,
    rank,
)

CRITERIA = (Criterion("content", {"en": "Content"}, weight=3), Criterion("clarity", {"en": "Clarity"}))


def test_ranking_when_criteria_have_weights_then_is_normalized_with_spread_and_number() -> None:
    best, mixed = ReviewRequest({"content": 5, "clarity": 5}), ReviewRequest({"content": 1, "clarity": 5})

    ranking = rank([best, mixed], CRITERIA)

    assert (ranking.score, ranking.spread, ranking.reviews) == (62.5, 37.5, 2)


def test_ranking_when_reviewers_abstain_or_have_a_conflict_then_does_not_count_them() -> None:
    scores = {"content": 5, "clarity": 5}

    ranking = rank([ReviewRequest(scores, is_abstention=True), ReviewRequest(scores, has_conflict=True)], CRITERIA)

    assert (ranking.score, ranking.reviews) == (None, 0)


@pytest.mark.parametrize("scores", [{}, {"content": 5}, {"content": 5, "clarity": 6}, {"content": 0, "clarity": 1}])
def test_review_when_a_score_is_missing_or_out_of_range_then_is_refused(scores: dict[str, int]) -> None:
    with pytest.raises(Invalid, match="score_missing"):
        check_review(ReviewRequest(scores), CRITERIA)


def test_review_when_it_abstains_then_needs_no_scores() -> None:
    check_review(ReviewRequest(is_abstention=True), CRITERIA)
    check_review(ReviewRequest(has_conflict=True), CRITERIA)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("round_name_empty", {"name": {"en": " "}}),
        ("criteria_missing", {"criteria": ()}),
        ("criteria_missing", {"criteria": (CRITERIA[0], CRITERIA[0])}),
        ("criterion_label_missing", {"criteria": (Criterion("a", {}),)}),
        ("number_out_of_range", {"criteria": (Criterion("a", {"en": "A"}, weight=0),)}),
        ("number_out_of_range", {"min_reviews": 0}),
    ],
)
def test_round_when_something_is_wrong_then_is_refused(code: str, values: dict[str, object]) -> None:
    good = {"name": {"en": "First"}, "criteria": CRITERIA}
    check_round(RoundRequest(**good))  # type: ignore[arg-type]

    with pytest.raises(Invalid, match=code):
        check_round(RoundRequest(**{**good, **values}))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(60))
def test_assignment_when_nobody_has_conflicts_then_is_complete_and_even(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - reproducible cases
    wanted = _draw(rng, share_of_conflicts=0)

    pairs = assign(wanted)

    loads = [sum(1 for _p, each in pairs if each == reviewer) for reviewer in wanted.reviewers]
    expected = min(wanted.per_proposal, len(wanted.reviewers))
    assert {sum(1 for each, _r in pairs if each == p) for p in wanted.proposals} <= {expected}
    assert max(loads) - min(loads) <= 1


@pytest.mark.parametrize("seed", range(60))
def test_assignment_when_there_are_conflicts_then_never_in_one_and_no_move_is_left(seed: int) -> None:
    rng = Random(seed)  # noqa: S311 - reproducible cases
    wanted = _draw(rng, share_of_conflicts=0.3)

    pairs = assign(wanted)

    assert not pairs & set(wanted.barred)
    for proposal in wanted.proposals:
        eligible = [each for each in wanted.reviewers if (proposal, each) not in wanted.barred]
        assert sum(1 for each, _r in pairs if each == proposal) == min(wanted.per_proposal, len(eligible))
    loads = {reviewer: sum(1 for _p, each in pairs if each == reviewer) for reviewer in wanted.reviewers}
    for (proposal, giver), receiver in product(pairs, wanted.reviewers):
        if (proposal, receiver) not in pairs and (proposal, receiver) not in wanted.barred:
            assert loads[giver] - loads[receiver] <= 1


def test_assignment_when_repeated_then_adds_nothing_and_what_is_assigned_stays() -> None:
    wanted = _draw(Random(1), share_of_conflicts=0.2)  # noqa: S311 - a reproducible case
    pairs = assign(wanted)

    again = Reviewing(wanted.proposals, wanted.reviewers, wanted.barred, pairs, wanted.per_proposal)

    assert assign(again) == set()


def test_assignment_when_teams_have_tracks_then_prefers_them_and_stays_even() -> None:
    proposals = {number: "cloud" if number % 2 else "health" for number in range(20)}

    pairs = assign(Reviewing(proposals, {1: ("cloud",), 2: ("health",)}, (), (), 1))

    assert all(proposals[proposal] == {1: "cloud", 2: "health"}[reviewer] for proposal, reviewer in pairs)
    assert len(pairs) == len(proposals)


def test_assignment_when_there_are_no_reviewers_then_assigns_nothing() -> None:
    assert assign(Reviewing({1: ""}, {}, (), (), 3)) == set()


def _draw(rng: Random, share_of_conflicts: float) -> Reviewing:
    tracks = ("cloud", "health", "energy")
    proposals = {number: rng.choice(tracks) for number in range(1, rng.randint(2, 30))}
    reviewers = {number: rng.sample(tracks, rng.randint(0, 2)) for number in range(1, rng.randint(2, 9))}
    barred = [each for each in product(proposals, reviewers) if rng.random() < share_of_conflicts]
    return Reviewing(proposals, reviewers, barred, (), rng.randint(1, 4))
