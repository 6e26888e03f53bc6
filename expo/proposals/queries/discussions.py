"""Reads of the discussions of reviewers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.accounts.models import Person
from expo.infra.db import db
from expo.proposals.models import Review, ReviewMessage


@dataclass(frozen=True)
class MessageRow:
    """A message among reviewers; `reviewer` is who wrote it."""

    id: int
    reviewer: str
    text: str
    written_at: datetime


def list_messages(round_id: int, proposal_id: int) -> list[MessageRow]:
    """Return the messages about a proposal in a round, oldest first: for those who `may_discuss`."""
    rows = db.session.execute(
        select(ReviewMessage, Person.name, Person.email)
        .join(Person, Person.id == ReviewMessage.person_id)
        .where(ReviewMessage.round_id == round_id, ReviewMessage.proposal_id == proposal_id)
        .order_by(ReviewMessage.id)
    )
    return [MessageRow(each.id, name or email, each.text, each.written_at) for each, name, email in rows]


def may_discuss(round_id: int, proposal_id: int, person_id: int) -> bool:
    """Return whether a person has reviewed a proposal, without a conflict of interest."""
    query = select(Review.person_id).where(
        Review.round_id == round_id,
        Review.proposal_id == proposal_id,
        Review.person_id == person_id,
        Review.has_conflict.is_(False),
    )
    return db.session.scalar(query) is not None
