"""A reviewer sends the same first review several times at once: one review is stored; without the lock, one fails."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from expo.accounts.queries import actor_for_person, find_person
from expo.accounts.rules import SYSTEM, Actor, Role
from expo.accounts.services import grant_role
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.proposals.models import Review, ReviewRound
from expo.proposals.rules import Criterion, ReviewRequest, RoundRequest
from expo.proposals.services import assign_proposals, create_round, reviews, save_review, set_reviewers
from tests.domains.proposals.makers import make_call, make_proposal, make_speaker
from tests.races.racing import Meeting, Outcome, counts, race_threads

pytestmark = pytest.mark.postgresql

RACERS = 8


def _race(app: Flask, edition: EditionFacts, racers: int, now: datetime) -> list[Outcome]:
    reviewer = _make_reviewer(edition, now)
    call = make_call(edition, now)
    code = make_proposal(edition, call, make_speaker(now), now).code
    request = RoundRequest({"en": "Round"}, criteria=(Criterion("c1", {"en": "Relevance"}),))
    slug = create_round(SYSTEM, edition.id, call.slug, request, now)
    set_reviewers(SYSTEM, edition.id, slug, {reviewer.id or 0: ()}, now)
    assign_proposals(SYSTEM, edition.id, slug, now)
    db.session.rollback()
    review = ReviewRequest({"c1": 4})
    return race_threads(app, lambda _n: save_review(reviewer, edition.id, slug, code, review, now), racers)


def _make_reviewer(edition: EditionFacts, now: datetime) -> Actor:
    person_id = make_speaker(now).id or 0
    grant_role(SYSTEM, edition.id, person_id, Role.REVIEWER, now)
    person = find_person(person_id)
    assert person is not None
    return actor_for_person(person, edition.id)


def test_review_when_sent_several_times_at_once_then_is_stored_once(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    outcomes = _race(each_app, edition, RACERS, now)

    assert counts(outcomes) == {"done": RACERS}
    assert db.session.scalar(select(func.count()).select_from(Review)) == 1


def test_review_when_the_round_is_not_locked_then_one_of_two_fails(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, meeting = reviews._find_review, Meeting()

    def find_and_meet(*arguments: Any) -> Review | None:
        found = find(*arguments)
        meeting.wait()
        return found

    def read_round(edition_id: int, slug: str) -> ReviewRound:
        query = select(ReviewRound).where(ReviewRound.edition_id == edition_id, ReviewRound.slug == slug)
        return db.session.scalars(query).one()

    monkeypatch.setattr(reviews, "lock_round", read_round)
    monkeypatch.setattr(reviews, "_find_review", find_and_meet)

    outcomes = _race(pg_app, edition, 2, now)

    assert counts(outcomes)["done"] == 1
