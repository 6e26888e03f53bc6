"""Acts of reviewers on their own reviews."""

from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.proposals.errors import ReviewMissing
from expo.proposals.models import Review
from expo.proposals.queries.assignments import is_assigned
from expo.proposals.queries.proposals import get_proposal
from expo.proposals.rules import (
    CallState,
    ProposalState,
    ReviewRequest,
    check_review,
    criteria_from_json,
    state_of_round,
)
from expo.proposals.services.rounds import lock_round


def save_review(
    actor: Actor, edition_id: int, round_slug: str, code: str, request: ReviewRequest, now: datetime
) -> None:
    """Save the actor's own review of an assigned proposal; saving it again replaces it while the round is open.

    The round is locked, so that nothing is saved once it is closed, and two first saves at once make one review.
    Raises RoundMissing, ProposalMissing, ReviewMissing, Conflict `round_not_open`, `proposal_state`, Invalid.
    """
    require(actor, Permission.REVIEW, edition_id)
    with atomic():
        row = lock_round(edition_id, round_slug)
        proposal = get_proposal(edition_id, code)
        if actor.kind != "person" or actor.id is None or not is_assigned(row.id, proposal.id, actor.id):
            raise ReviewMissing
        if state_of_round(row.opens_at, row.closes_at, now) is not CallState.OPEN:
            raise Conflict("round_not_open")
        if proposal.state in {ProposalState.DRAFT, ProposalState.WITHDRAWN}:
            raise Conflict("proposal_state", state=proposal.state.value, wanted="reviewed")
        criteria = criteria_from_json(row.criteria)
        check_review(request, criteria)
        review = _find_review(row.id, proposal.id, actor.id)
        if review is None:
            review = Review(round_id=row.id, proposal_id=proposal.id, person_id=actor.id, created_at=now)
            db.session.add(review)
        known = {each.key for each in criteria}
        review.scores = {key: score for key, score in request.scores.items() if key in known and request.is_counted}
        review.comment = request.comment.strip()
        review.is_abstention, review.has_conflict = request.is_abstention, request.has_conflict
        review.changed_at = now
        db.session.flush()
        record_act(
            actor, "proposals.review", now,
            edition_id=edition_id, subject="proposal", subject_id=proposal.id, code=code, round=row.slug,
        )  # fmt: skip


def _find_review(round_id: int, proposal_id: int, person_id: int) -> Review | None:
    return db.session.get(Review, (round_id, proposal_id, person_id), populate_existing=True)
