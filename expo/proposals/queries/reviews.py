"""Reads of reviews, and the ranking that follows from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.accounts.models import Person
from expo.infra.db import db
from expo.proposals.models import Proposal, Review, SpeakerProfile
from expo.proposals.queries.assignments import list_own_pairs, list_pending_rounds
from expo.proposals.queries.discussions import MessageRow, list_messages
from expo.proposals.queries.proposals import ProposalFilter, ProposalRow, list_all_proposals
from expo.proposals.queries.rounds import RoundRow, list_rounds
from expo.proposals.rules import ACCEPTED_STATES, ProposalState, Ranking, ReviewRequest, rank


@dataclass(frozen=True)
class ReviewRow:
    """A review and who wrote it."""

    person_id: int
    reviewer: str
    values: ReviewRequest
    changed_at: datetime


@dataclass(frozen=True)
class RankedProposal:
    """A proposal with its score; `country` is the author's, if they told it."""

    proposal: ProposalRow
    ranking: Ranking
    country: str
    is_first_time: bool


@dataclass(frozen=True)
class RoundReviews:
    """What reviewers said about a proposal in a round, and what they discussed."""

    round: RoundRow
    ranking: Ranking
    reviews: tuple[ReviewRow, ...]
    messages: tuple[MessageRow, ...]


def list_reviews_by_round(proposal: ProposalRow, person_id: int) -> list[RoundReviews]:
    """Return the reviews of a proposal for an organizer, by round, the newest round first; rounds without any left out.

    Nobody reads those of their own proposals, nor those of a round in which they have yet to review it themselves.
    """
    if list_own_pairs([proposal.id], [person_id]):
        return []
    pending = set(list_pending_rounds(proposal.id, person_id))
    found = []
    for each in list_rounds(proposal.edition_id):
        if each.call_id != proposal.call_id or each.id in pending:
            continue
        reviews = list_reviews(each.id, proposal.id)
        if reviews:
            ranking = rank([review.values for review in reviews], each.criteria)
            found.append(RoundReviews(each, ranking, tuple(reviews), tuple(list_messages(each.id, proposal.id))))
    return found


def list_reviews(round_id: int, proposal_id: int) -> list[ReviewRow]:
    """Return the reviews of a proposal in a round, oldest first."""
    rows = db.session.execute(
        select(Review, Person.name, Person.email)
        .join(Person, Person.id == Review.person_id)
        .where(Review.round_id == round_id, Review.proposal_id == proposal_id)
        .order_by(Review.created_at, Review.person_id)
        .execution_options(populate_existing=True)
    )
    return [ReviewRow(each.person_id, name or email, _values_of(each), each.changed_at) for each, name, email in rows]


def list_ranked_proposals(round_: RoundRow, filters: ProposalFilter) -> list[RankedProposal]:
    """Return the submitted proposals of a round's call that match, best first; those without reviews last."""
    filters = ProposalFilter(**{**vars(filters), "call_id": round_.call_id})
    left_out = {ProposalState.DRAFT, ProposalState.WITHDRAWN}
    proposals = [each for each in list_all_proposals(round_.edition_id, filters) if each.state not in left_out]
    reviews: dict[int, list[ReviewRequest]] = {}
    for each in db.session.scalars(select(Review).where(Review.round_id == round_.id)):
        reviews.setdefault(each.proposal_id, []).append(_values_of(each))
    authors = [each.person_id for each in proposals]
    countries, experienced = _list_countries(authors), _list_experienced(round_.edition_id, authors)
    ranked = [
        RankedProposal(
            proposal=each,
            ranking=rank(reviews.get(each.id, []), round_.criteria),
            country=countries.get(each.person_id, ""),
            is_first_time=each.person_id not in experienced,
        )
        for each in proposals
    ]
    return sorted(ranked, key=lambda each: -1 if each.ranking.score is None else each.ranking.score, reverse=True)


def _list_countries(person_ids: Sequence[int]) -> dict[int, str]:
    query = select(SpeakerProfile.person_id, SpeakerProfile.country).where(SpeakerProfile.person_id.in_(person_ids))
    return {row.person_id: row.country for row in db.session.execute(query)}


def _list_experienced(edition_id: int, person_ids: Sequence[int]) -> set[int]:
    """Return who had a proposal accepted in another edition."""
    query = select(Proposal.person_id).where(
        Proposal.person_id.in_(person_ids),
        Proposal.edition_id != edition_id,
        Proposal.state.in_([each.value for each in ACCEPTED_STATES]),
    )
    return set(db.session.scalars(query))


def _values_of(review: Review) -> ReviewRequest:
    return ReviewRequest(review.scores, review.comment, review.is_abstention, review.has_conflict)
