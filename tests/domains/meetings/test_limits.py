"""10,000 requests from one account: the limits hold, and a refusal costs the same however many there were."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.errors import Conflict
from expo.infra.db import atomic, db
from expo.meetings.models import Meeting, MeetingParticipant
from expo.meetings.rules import MeetingRequest, MeetingState, SettingsRequest
from expo.meetings.services import change_settings, invite_attendees, request_company
from expo.profiles.rules import Visibility
from tests.make import make_attendee
from tests.meetings import FIRST, guest_of, make_company, request_meeting
from tests.profiles import make_person
from tests.query_counts import count_statements

REQUESTS = 10_000


def store_old_requests(edition: EditionFacts, attendee_id: int, exhibitor_id: int, at: datetime) -> None:
    """Store requests of an attendee that expired long ago."""
    row = {
        "edition_id": edition.id,
        "exhibitor_id": exhibitor_id,
        "state": MeetingState.EXPIRED.value,
        "initiator": "guest",
        "created_at": at,
        "changed_at": at,
    }
    part = {"side": "guest", "attendee_id": attendee_id, "state": "joined", "is_initiator": True}
    first = (db.session.scalar(select(func.max(Meeting.id))) or 0) + 1
    ids = range(first, first + REQUESTS)
    with atomic():
        db.session.execute(
            insert(Meeting), [{**row, "id": n, "code": f"OLD{n}", "request_key": f"old{n}"} for n in ids]
        )
        db.session.execute(insert(MeetingParticipant), [{**part, "meeting_id": n} for n in ids])


def test_requests_when_one_account_sends_ten_thousand_then_few_are_stored_and_refusals_stay_cheap(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    ann = make_attendee(edition, now)
    change_settings(SYSTEM, edition.id, SettingsRequest(max_open=3, max_per_day=5), now)
    companies = [make_company(edition, now, f"Company {n}") for n in range(4)]
    for each in companies[:3]:
        request_meeting(edition, ann, each, now)
    party, costs = guest_of(edition, ann), []

    for is_many in (False, True):
        if is_many:
            store_old_requests(edition, ann.id, companies[0].id, now - timedelta(days=30))
        for _ in range(5):
            with count_statements() as statements, pytest.raises(Conflict, match="meeting_limit_open"):
                request_company(party, companies[3].id, MeetingRequest("", key="again"), now)
            costs.append(len(statements))

    sent = select(func.count()).where(Meeting.state == MeetingState.REQUESTED.value)
    assert (db.session.scalar(sent), set(costs)) == (3, {costs[0]})
    # The transaction, the lock, the attendee, the form's key, the settings and the limits.
    assert costs[0] == 7


def test_invitations_when_to_groups_then_each_guest_counts(app: Flask, edition: EditionFacts, now: datetime) -> None:
    change_settings(SYSTEM, edition.id, SettingsRequest(max_per_day=5), now)
    host = make_attendee(edition, now)
    guests = [make_person(edition, now, Visibility.EVERYONE).id for _ in range(6)]
    party = guest_of(edition, host)

    invite_attendees(party, MeetingRequest("", (FIRST,), companions=tuple(guests[:3])), now)
    with pytest.raises(Conflict) as too_many:
        invite_attendees(party, MeetingRequest("", (FIRST,), companions=tuple(guests[3:])), now)
    invite_attendees(party, MeetingRequest("", (FIRST,), companions=tuple(guests[3:5])), now)

    assert too_many.value.code == "meeting_limit_day"
