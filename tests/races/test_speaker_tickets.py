"""Several organizers issue the same speaker's ticket at once: one registration is made; without the lock, several."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.flows import speaker_tickets
from expo.flows.granted_tickets import find_own_registration
from expo.flows.speaker_tickets import issue_speaker_ticket
from expo.infra.db import db
from expo.program.queries import SpeakerTicketRow, get_speaker_ticket, list_speaker_tickets
from expo.registration.queries import list_attendees_of_person, recount_quotas
from tests.domains.proposals.makers import make_call
from tests.make import make_ticket_type
from tests.races.racing import Meeting, Outcome, counts, race_threads
from tests.speakers import make_confirmed_talk

pytestmark = pytest.mark.postgresql

RACERS = 8
PLACES = 3


def _race_for_one(app: Flask, edition: EditionFacts, racers: int, now: datetime) -> tuple[list[Outcome], int]:
    """Return how the racers ended, and how many registrations the speaker has."""
    make_ticket_type(edition, now, "speaker", places=PLACES, is_public=False)
    speaker, _ = make_confirmed_talk(edition, now)
    (ticket,) = list_speaker_tickets(edition.id)
    db.session.rollback()
    outcomes = race_threads(
        app, lambda _n: issue_speaker_ticket(SYSTEM, edition.id, ticket.slug, "speaker", now), racers
    )
    return outcomes, len(list_attendees_of_person(speaker.id or 0, edition.id))


def test_ticket_when_issued_several_times_at_once_then_one_registration_is_made(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    outcomes, registrations = _race_for_one(each_app, edition, RACERS, now)

    assert counts(outcomes) == {"done": 1, "speaker_has_ticket": RACERS - 1}
    assert registrations == 1
    assert [each for each in recount_quotas(edition.id) if not each.agrees] == []


def test_ticket_when_the_speaker_is_not_locked_then_two_registrations_are_made(
    pg_app: Flask, edition: EditionFacts, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, meeting = find_own_registration, Meeting()

    def find_and_meet(*arguments: Any) -> Any:
        found = find(*arguments)
        meeting.wait()
        return found

    def read_ticket(edition_id: int, slug: str) -> SpeakerTicketRow:
        return get_speaker_ticket(edition_id, slug)

    monkeypatch.setattr(speaker_tickets, "lock_speaker_ticket", read_ticket)
    monkeypatch.setattr(speaker_tickets, "find_own_registration", find_and_meet)

    outcomes, registrations = _race_for_one(pg_app, edition, 2, now)

    assert (counts(outcomes), registrations) == ({"done": 2}, 2)


def test_tickets_when_more_speakers_than_places_at_once_then_exactly_the_places_are_given(
    each_app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_ticket_type(edition, now, "speaker", places=PLACES, is_public=False)
    call = make_call(edition, now)
    for number in range(RACERS):
        make_confirmed_talk(edition, now, f"speaker-{number}@example.com", call, name=f"Speaker {number}")
    slugs = [each.slug for each in list_speaker_tickets(edition.id)]
    db.session.rollback()

    outcomes = race_threads(
        each_app, lambda n: issue_speaker_ticket(SYSTEM, edition.id, slugs[n], "speaker", now), RACERS
    )

    assert counts(outcomes) == {"done": PLACES, "sold_out": RACERS - PLACES}
    issued = [each for each in list_speaker_tickets(edition.id) if each.attendee_id is not None]
    assert len(issued) == PLACES
    assert [each for each in recount_quotas(edition.id) if not each.agrees] == []
