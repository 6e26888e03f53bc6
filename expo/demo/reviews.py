"""The demo's review rounds: one that is under way, one that is over, with scores that fit what was decided."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from expo.accounts.rules import SYSTEM, Role
from expo.accounts.services import ensure_person, grant_role
from expo.demo.rows import insert_all
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.program.models import Track
from expo.proposals.models import Proposal, Review, ReviewAssignment
from expo.proposals.queries import CallRow, get_round, list_calls
from expo.proposals.queries.assignments import list_own_pairs
from expo.proposals.rules import (
    ACCEPTED_STATES,
    HIGHEST_SCORE,
    LOWEST_SCORE,
    REVIEWED_STATES,
    Criterion,
    ProposalState,
    Reviewing,
    RoundRequest,
    assign,
)
from expo.proposals.services import create_round, set_reviewers

_CRITERIA = (
    Criterion(
        "c1",
        {"en": "Relevance", "zh": "相关性"},
        {"en": "Does it matter to the audience of this expo?", "zh": "是否契合本届展会的观众？"},
        weight=3,
    ),
    Criterion(
        "c2",
        {"en": "Experience", "zh": "实践经验"},
        {"en": "Is it about something built, measured or learned?", "zh": "是否基于真实的建设成果、数据或经验？"},
        weight=2,
    ),
    Criterion("c3", {"en": "Clarity", "zh": "清晰度"}, {"en": "Is it easy to follow?", "zh": "是否易于理解？"}),
)
_REVIEWERS = (
    ("reviewer2@demo.example", "黄志强"),
    ("reviewer3@demo.example", "Ingrid Solberg"),
    ("reviewer4@demo.example", "周雅琴"),
    ("reviewer5@demo.example", "Rafael Montoya"),
    ("reviewer6@demo.example", "吴建国"),
)
_COMMENTS = (
    "Concrete figures, and honest about what failed.",
    "案例真实，数据充分，建议安排在主会场。",
    "The abstract promises more than fits into half an hour.",
    "与去年的议题相近，建议突出新的成果。",
    "Close to a product pitch; ask for the lessons learned.",
)
_TYPICAL_SCORES = {ProposalState.REJECTED: 2.2, ProposalState.WAITLISTED: 3.2, ProposalState.SUBMITTED: 3.4}
_ACCEPTED_SCORE = 4.3
_SHARE_REVIEWED, _SHARE_COMMENTED, _SHARE_UNABLE = 0.6, 0.3, 0.04


def load_reviews(edition: EditionFacts, reviewer_id: int, now: datetime, rng: Random) -> None:
    """Create a round for each call with assignments and reviews; `reviewer_id` has some left in the open one."""
    tracks = list(db.session.scalars(select(Track.slug).where(Track.edition_id == edition.id).order_by(Track.id)))
    teams = {reviewer_id: tuple[str, ...]()}
    for email, name in _REVIEWERS:
        person_id = ensure_person(email, name, "en", now)
        grant_role(SYSTEM, edition.id, person_id, Role.REVIEWER, now)
        teams[person_id] = tuple(sorted(rng.sample(tracks, min(3, len(tracks)))))
    for call in list_calls(edition.id):
        is_over = call.closes_at is not None and call.closes_at <= now
        request = RoundRequest(
            name={"en": "Workshops", "zh": "工作坊评审"} if is_over else {"en": "First review", "zh": "初评"},
            opens_at=now - timedelta(days=20),
            closes_at=now - timedelta(days=1) if is_over else now + timedelta(days=14),
            criteria=_CRITERIA,
        )
        slug = create_round(SYSTEM, edition.id, call.slug, request, now)
        set_reviewers(SYSTEM, edition.id, slug, teams, now)
        _load_round(get_round(edition.id, slug).id, call, teams, now, rng, is_over=is_over)


def _load_round(
    round_id: int, call: CallRow, teams: dict[int, tuple[str, ...]], now: datetime, rng: Random, *, is_over: bool
) -> None:
    unreviewed = {ProposalState.DRAFT.value, ProposalState.WITHDRAWN.value}
    query = select(Proposal).where(Proposal.call_id == call.id, Proposal.state.not_in(unreviewed))
    proposals = {each.id: each for each in db.session.scalars(query.order_by(Proposal.id))}
    pairs = sorted(
        assign(
            Reviewing(
                proposals={each.id: each.track for each in proposals.values()},
                reviewers=teams,
                barred=list_own_pairs(list(proposals), list(teams)),
                assigned=(),
                per_proposal=3,
            )
        )
    )
    reviews = []
    for proposal_id, person_id in pairs:
        state = ProposalState(proposals[proposal_id].state)
        if is_over or state not in REVIEWED_STATES or rng.random() < _SHARE_REVIEWED:
            reviews.append(_draw_review(round_id, proposal_id, person_id, state, now, rng))
    insert_all(
        ReviewAssignment,
        [{"round_id": round_id, "proposal_id": each[0], "person_id": each[1]} for each in pairs],
    )
    insert_all(Review, reviews)


def _draw_review(
    round_id: int, proposal_id: int, person_id: int, state: ProposalState, now: datetime, rng: Random
) -> dict[str, Any]:
    is_unable = rng.random() < _SHARE_UNABLE
    has_conflict = is_unable and rng.random() < 0.5  # noqa: PLR2004 - half of them
    typical = _ACCEPTED_SCORE if state in ACCEPTED_STATES else _TYPICAL_SCORES[state]
    written = now - timedelta(minutes=rng.randint(24 * 60 + 1, 19 * 24 * 60))
    return {
        "round_id": round_id,
        "proposal_id": proposal_id,
        "person_id": person_id,
        "scores": {} if is_unable else {each.key: _draw_score(typical, rng) for each in _CRITERIA},
        "comment": rng.choice(_COMMENTS) if not is_unable and rng.random() < _SHARE_COMMENTED else "",
        "is_abstention": is_unable and not has_conflict,
        "has_conflict": has_conflict,
        "created_at": written,
        "changed_at": written,
    }


def _draw_score(typical: float, rng: Random) -> int:
    return min(max(round(rng.gauss(typical, 0.9)), LOWEST_SCORE), HIGHEST_SCORE)
