"""Reads of what is assigned to whom: the queue of a reviewer, and the progress of all."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from expo.accounts.models import Person
from expo.infra.db import db
from expo.proposals.models import Proposal, ProposalSpeaker, Review, ReviewAssignment
from expo.proposals.queries.proposals import ProposalRow, row_of
from expo.proposals.rules import REVIEWED_STATES, ProposalState


@dataclass(frozen=True)
class QueuedProposal:
    """A proposal that a reviewer should review or has reviewed."""

    proposal: ProposalRow
    is_reviewed: bool


@dataclass(frozen=True)
class ReviewerProgress:
    """How much a reviewer of a round has done."""

    person_id: int
    name: str
    email: str
    assigned: int
    reviewed: int


def list_queue(round_id: int, person_id: int) -> list[QueuedProposal]:
    """Return the proposals assigned to a reviewer in a fixed order; decided ones only if they were reviewed.

    Proposals on which the reviewer has become a speaker are left out.
    """
    rows = db.session.execute(
        select(Proposal, Review.person_id.is_not(None))
        .join(ReviewAssignment, ReviewAssignment.proposal_id == Proposal.id)
        .outerjoin(Review, _is_reviewed())
        .where(
            ReviewAssignment.round_id == round_id,
            ReviewAssignment.person_id == person_id,
            Proposal.state != ProposalState.WITHDRAWN.value,
            or_(Review.person_id.is_not(None), Proposal.state.in_([each.value for each in REVIEWED_STATES])),
        )
        .order_by(Proposal.submitted_at, Proposal.id)
    ).all()
    own = {proposal for proposal, _person in list_own_pairs([row[0].id for row in rows], [person_id])}
    return [QueuedProposal(row_of(proposal), bool(done)) for proposal, done in rows if proposal.id not in own]


def list_progress(round_id: int) -> list[ReviewerProgress]:
    """Return how many proposals each reviewer has and how many they reviewed, by name."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.email, func.count(), func.count(Review.person_id))
        .select_from(ReviewAssignment)
        .join(Person, Person.id == ReviewAssignment.person_id)
        .join(Proposal, Proposal.id == ReviewAssignment.proposal_id)
        .outerjoin(Review, _is_reviewed())
        .where(
            ReviewAssignment.round_id == round_id,
            Proposal.state != ProposalState.WITHDRAWN.value,
            or_(Review.person_id.is_not(None), Proposal.state.in_([each.value for each in REVIEWED_STATES])),
        )
        .group_by(Person.id, Person.name, Person.email)
        .order_by(Person.name, Person.email)
    )
    return [ReviewerProgress(*row) for row in rows]


def is_assigned(round_id: int, proposal_id: int, person_id: int) -> bool:
    """Return whether a proposal is assigned to a reviewer who is not one of its speakers."""
    found = db.session.get(ReviewAssignment, (round_id, proposal_id, person_id))
    return found is not None and not list_own_pairs([proposal_id], [person_id])


def list_pending_rounds(proposal_id: int, person_id: int) -> list[int]:
    """Return the ids of the rounds in which a person should review a proposal and has not done so."""
    query = (
        select(ReviewAssignment.round_id)
        .outerjoin(Review, _is_reviewed())
        .where(
            ReviewAssignment.proposal_id == proposal_id,
            ReviewAssignment.person_id == person_id,
            Review.person_id.is_(None),
        )
    )
    return list(db.session.scalars(query))


def list_own_pairs(proposal_ids: Sequence[int], person_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Return (proposal id, person id) of authors and speakers, including invited ones who have not answered."""
    authors = db.session.execute(
        select(Proposal.id, Proposal.person_id).where(Proposal.id.in_(proposal_ids), Proposal.person_id.in_(person_ids))
    )
    speakers = db.session.execute(
        select(ProposalSpeaker.proposal_id, Person.id)
        .join(Person, or_(Person.id == ProposalSpeaker.person_id, Person.email == ProposalSpeaker.email))
        .where(ProposalSpeaker.proposal_id.in_(proposal_ids), Person.id.in_(person_ids))
    )
    return {(row[0], row[1]) for rows in (authors, speakers) for row in rows}


def _is_reviewed() -> ColumnElement[bool]:
    return and_(
        Review.round_id == ReviewAssignment.round_id,
        Review.proposal_id == ReviewAssignment.proposal_id,
        Review.person_id == ReviewAssignment.person_id,
    )
