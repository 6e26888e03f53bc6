"""Several drafts are submitted at once to a call that takes one: one is; without the lock, too many are."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import Actor
from expo.editions.queries import EditionFacts
from expo.infra.db import db
from expo.proposals.queries import CallRow, list_own_proposals
from expo.proposals.rules import ProposalState
from expo.proposals.services import proposals, submit_proposal
from tests.domains.proposals.makers import OFFER, make_call, make_draft, make_speaker
from tests.races.racing import Meeting, Outcome, counts, race_threads

pytestmark = pytest.mark.postgresql

RACERS = 8


def _race(app: Flask, edition: EditionFacts, speaker: Actor, codes: list[str], now: datetime) -> list[Outcome]:
    db.session.rollback()
    return race_threads(
        app, lambda n: submit_proposal(speaker, edition.id, codes[n], OFFER, now).proposal.state.value, len(codes)
    )


def _submitted(edition: EditionFacts, speaker: Actor) -> int:
    own = list_own_proposals(edition.id, speaker.id or 0)
    return sum(each.state is ProposalState.SUBMITTED for each in own)


@pytest.fixture
def call(edition: EditionFacts, now: datetime) -> CallRow:
    return make_call(edition, now, max_per_person=1)


def test_drafts_when_all_are_submitted_at_once_then_only_as_many_as_allowed(
    each_app: Flask, edition: EditionFacts, call: CallRow, now: datetime
) -> None:
    speaker = make_speaker(now)
    codes = [make_draft(edition, call, speaker, now).code for _ in range(RACERS)]

    outcomes = _race(each_app, edition, speaker, codes, now)

    assert counts(outcomes) == {"done": 1, "proposals_too_many": RACERS - 1}
    assert _submitted(edition, speaker) == 1


def test_drafts_when_nobody_holds_the_person_then_too_many_are_submitted(
    pg_app: Flask, edition: EditionFacts, call: CallRow, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    speaker = make_speaker(now)
    codes = [make_draft(edition, call, speaker, now).code for _ in range(2)]
    count, meeting = proposals._count, Meeting()

    def count_and_meet(*arguments: Any) -> int:
        found = count(*arguments)
        meeting.wait()
        return found

    monkeypatch.setattr(proposals, "_hold_person", lambda _person_id: None)
    monkeypatch.setattr(proposals, "_count", count_and_meet)

    outcomes = _race(pg_app, edition, speaker, codes, now)

    assert counts(outcomes) == {"done": 2}
    assert _submitted(edition, speaker) == 2
