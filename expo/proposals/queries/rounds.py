"""Reads of review rounds and their reviewers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from expo.accounts.models import Person
from expo.accounts.queries import list_role_holders
from expo.accounts.rules import Permission, permissions_of
from expo.infra.db import db
from expo.proposals.errors import RoundMissing
from expo.proposals.models import ReviewRound, RoundReviewer
from expo.proposals.rules import CallState, Criterion, criteria_from_json, state_of_round


@dataclass(frozen=True)
class RoundRow:
    """A review round."""

    id: int
    edition_id: int
    call_id: int
    slug: str
    name: dict[str, str]
    opens_at: datetime | None
    closes_at: datetime | None
    is_blind: bool
    criteria: tuple[Criterion, ...]
    min_reviews: int

    def state_at(self, now: datetime) -> CallState:
        """Return whether it accepts reviews at `now`."""
        return state_of_round(self.opens_at, self.closes_at, now)


@dataclass(frozen=True)
class ReviewerRow:
    """A person who reviews; `tracks` are those of their team, none means all."""

    person_id: int
    name: str
    email: str
    tracks: tuple[str, ...] = ()


def list_rounds(edition_id: int, person_id: int | None = None) -> list[RoundRow]:
    """Return the rounds of an edition, or those in which a person reviews, newest first."""
    query = select(ReviewRound).where(ReviewRound.edition_id == edition_id).order_by(ReviewRound.id.desc())
    if person_id is not None:
        query = query.join(RoundReviewer).where(RoundReviewer.person_id == person_id)
    return [round_row_of(each) for each in db.session.scalars(query)]


def get_round(edition_id: int, slug: str) -> RoundRow:
    """Return a round of an edition. Raises RoundMissing."""
    query = select(ReviewRound).where(ReviewRound.edition_id == edition_id, ReviewRound.slug == slug)
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise RoundMissing
    return round_row_of(found)


def list_reviewers(round_id: int) -> dict[int, ReviewerRow]:
    """Return the reviewers of a round by person id."""
    rows = db.session.execute(
        select(RoundReviewer.person_id, RoundReviewer.tracks, Person.name, Person.email)
        .join(Person, Person.id == RoundReviewer.person_id)
        .where(RoundReviewer.round_id == round_id)
        .order_by(Person.name, Person.email)
    )
    return {row.person_id: ReviewerRow(row.person_id, row.name, row.email, tuple(row.tracks)) for row in rows}


def list_possible_reviewers(edition_id: int) -> list[ReviewerRow]:
    """Return the people whose role allows them to review."""
    return [
        ReviewerRow(each.person_id, each.name, each.email)
        for each in list_role_holders(edition_id)
        if Permission.REVIEW in permissions_of(frozenset(each.roles))
    ]


def round_row_of(row: ReviewRound) -> RoundRow:
    """Return what the domain knows about a round's row."""
    return RoundRow(
        id=row.id,
        edition_id=row.edition_id,
        call_id=row.call_id,
        slug=row.slug,
        name=row.name,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        is_blind=row.is_blind,
        criteria=criteria_from_json(row.criteria),
        min_reviews=row.min_reviews,
    )
