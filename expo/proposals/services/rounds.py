"""Acts of organizers on review rounds and their reviewers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select

from expo.accounts.rules import Actor, Permission, require
from expo.editions.models import Edition
from expo.errors import Conflict, Invalid
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock
from expo.proposals.errors import RoundMissing
from expo.proposals.models import Review, ReviewAssignment, ReviewRound, RoundReviewer
from expo.proposals.queries.calls import get_call
from expo.proposals.queries.rounds import list_possible_reviewers
from expo.proposals.rules import CallState, RoundRequest, check_round, criteria_to_json, state_of_round
from expo.pure.slugs import make_slug


def create_round(actor: Actor, edition_id: int, call_slug: str, request: RoundRequest, now: datetime) -> str:
    """Add a review round to a call, and return its slug. Raises CallMissing, Invalid."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    check_round(request)
    with atomic():
        lock(Edition, edition_id)  # two rounds of the same name at once get different slugs
        taken = set(db.session.scalars(select(ReviewRound.slug).where(ReviewRound.edition_id == edition_id)))
        name = request.name.get("en") or next(text for text in request.name.values() if text.strip())
        row = ReviewRound(
            edition_id=edition_id,
            call_id=get_call(edition_id, call_slug).id,
            slug=make_slug(name, taken),
            created_at=now,
            **_columns_of(request),
        )
        db.session.add(row)
        db.session.flush()
        _record(actor, row, "proposals.create_round", now)
        return row.slug


def change_round(actor: Actor, edition_id: int, slug: str, request: RoundRequest, now: datetime) -> None:
    """Change a round; its address and call stay. Raises RoundMissing, Invalid, Conflict `criteria_in_use`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    check_round(request)
    with atomic():
        row = lock_round(edition_id, slug)
        changes_keys = {each["key"] for each in row.criteria} != {each.key for each in request.criteria}
        if changes_keys and db.session.scalar(select(exists().where(Review.round_id == row.id))):
            raise Conflict("criteria_in_use")
        for name, value in _columns_of(request).items():
            setattr(row, name, value)
        db.session.flush()
        _record(actor, row, "proposals.change_round", now)


def close_round(actor: Actor, edition_id: int, slug: str, now: datetime) -> None:
    """Close a round at once. Raises RoundMissing, Conflict `round_not_open`."""
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        row = lock_round(edition_id, slug)
        if state_of_round(row.opens_at, row.closes_at, now) is not CallState.OPEN or row.opens_at == now:
            raise Conflict("round_not_open")
        row.closes_at = now
        db.session.flush()
        _record(actor, row, "proposals.close_round", now)


def set_reviewers(actor: Actor, edition_id: int, slug: str, tracks: Mapping[int, Sequence[str]], now: datetime) -> None:
    """Set the reviewers of a round with the tracks of their teams, by person id.

    Somebody who no longer reviews loses what they have not reviewed yet; their reviews stay. Raises RoundMissing,
    Invalid `reviewer_unknown`.
    """
    require(actor, Permission.PROGRAM_MANAGE, edition_id)
    with atomic():
        row = lock_round(edition_id, slug)
        if tracks.keys() - {each.person_id for each in list_possible_reviewers(edition_id)}:
            raise Invalid("reviewer_unknown", field="reviewers")
        db.session.execute(delete(RoundReviewer).where(RoundReviewer.round_id == row.id))
        db.session.add_all(
            RoundReviewer(round_id=row.id, person_id=person_id, tracks=list(own)) for person_id, own in tracks.items()
        )
        is_reviewed = exists().where(
            Review.round_id == ReviewAssignment.round_id,
            Review.proposal_id == ReviewAssignment.proposal_id,
            Review.person_id == ReviewAssignment.person_id,
        )
        db.session.execute(
            delete(ReviewAssignment).where(
                ReviewAssignment.round_id == row.id, ReviewAssignment.person_id.not_in(tracks), ~is_reviewed
            )
        )
        db.session.flush()
        _record(actor, row, "proposals.set_reviewers", now, reviewers=sorted(tracks))


def lock_round(edition_id: int, slug: str) -> ReviewRound:
    """Return a round's row, locked. Raises RoundMissing."""
    round_id = db.session.scalar(
        select(ReviewRound.id).where(ReviewRound.edition_id == edition_id, ReviewRound.slug == slug)
    )
    row = lock(ReviewRound, round_id) if round_id is not None else None
    if row is None:
        raise RoundMissing
    return row


def _columns_of(request: RoundRequest) -> dict[str, Any]:
    return {
        "name": dict(request.name),
        "opens_at": request.opens_at,
        "closes_at": request.closes_at,
        "is_blind": request.is_blind,
        "criteria": criteria_to_json(request.criteria),
        "min_reviews": request.min_reviews,
    }


def _record(actor: Actor, row: ReviewRound, action: str, now: datetime, **details: object) -> None:
    record_act(
        actor, action, now,
        edition_id=row.edition_id, subject="review_round", subject_id=row.id, slug=row.slug, **details,
    )  # fmt: skip
