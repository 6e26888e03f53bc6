"""Assigning the proposals of a round to its reviewers."""

from datetime import datetime

from sqlalchemy import delete, select

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Conflict
from expo.infra.audit import record_act
from expo.infra.db import atomic, db
from expo.proposals.models import Proposal, Review, ReviewAssignment
from expo.proposals.queries.assignments import list_own_pairs
from expo.proposals.queries.rounds import list_reviewers
from expo.proposals.rules import REVIEWED_STATES, Reviewing, assign
from expo.proposals.services.rounds import lock_round


def assign_proposals(actor: Actor, edition_id: int, slug: str, now: datetime) -> int:
    """Assign the open proposals of a round's call evenly, and return how many assignments were added.

    What is assigned stays, except where a reviewer has become a speaker or declared a conflict of interest. Raises
    RoundMissing, Conflict `reviewers_missing`.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        row = lock_round(edition_id, slug)
        reviewers = list_reviewers(row.id)
        if not reviewers:
            raise Conflict("reviewers_missing")
        wanted_states = [each.value for each in REVIEWED_STATES]
        query = select(Proposal.id, Proposal.track).where(
            Proposal.call_id == row.call_id, Proposal.state.in_(wanted_states)
        )
        proposals = {each.id: each.track for each in db.session.execute(query)}
        own = list_own_pairs(list(proposals), list(reviewers))
        _delete_own(row.id, own)
        declared = select(Review.proposal_id, Review.person_id).where(
            Review.round_id == row.id, Review.has_conflict.is_(True)
        )
        conflicts = {(each.proposal_id, each.person_id) for each in db.session.execute(declared)}
        assigned = select(ReviewAssignment.proposal_id, ReviewAssignment.person_id).where(
            ReviewAssignment.round_id == row.id
        )
        added = assign(
            Reviewing(
                proposals=proposals,
                reviewers={person_id: each.tracks for person_id, each in reviewers.items()},
                barred=own | conflicts,
                assigned={(each.proposal_id, each.person_id) for each in db.session.execute(assigned)},
                per_proposal=row.min_reviews,
            )
        )
        db.session.add_all(
            ReviewAssignment(round_id=row.id, proposal_id=proposal_id, person_id=person_id)
            for proposal_id, person_id in sorted(added)
        )
        db.session.flush()
        record_act(
            actor, "proposals.assign", now,
            edition_id=edition_id, subject="review_round", subject_id=row.id, slug=row.slug, added=len(added),
        )  # fmt: skip
        return len(added)


def _delete_own(round_id: int, own: set[tuple[int, int]]) -> None:
    for proposal_id, person_id in own:
        db.session.execute(
            delete(ReviewAssignment).where(
                ReviewAssignment.round_id == round_id,
                ReviewAssignment.proposal_id == proposal_id,
                ReviewAssignment.person_id == person_id,
            )
        )
