"""Stopping sharing: by the visitor and by staff, repeated, and with scans that arrive late."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.accounts.errors import PermissionMissing
from expo.accounts.rules import SYSTEM, Actor
from expo.editions.queries import EditionFacts
from expo.leads.errors import LeadMissing, LeadWithdrawn
from expo.leads.queries import get_lead, list_collectors, list_leads
from expo.leads.rules import LeadOutcome, WithdrawalReason
from expo.leads.services import add_note, record_scans, resume_sharing, stop_sharing
from tests.domains.leads.test_scans import entry
from tests.exhibitors import exhibitor_id_of, make_exhibitor, make_member
from tests.make import MadeAttendee, make_attendee


@pytest.fixture
def slug(app: Flask, edition: EditionFacts) -> str:
    return make_exhibitor(edition)


@pytest.fixture
def member(edition: EditionFacts, slug: str, now: datetime) -> Actor:
    return make_member(edition, slug, now)


@pytest.fixture
def visitor(edition: EditionFacts, slug: str, member: Actor, now: datetime) -> MadeAttendee:
    """A visitor whose badge was scanned."""
    made = make_attendee(edition, now)
    record_scans(member, edition.id, slug, [entry(made.token, now, note="Demo")], now)
    return made


def _person(visitor: MadeAttendee) -> Actor:
    return Actor("person", visitor.attendee.person_id, visitor.attendee.edition_id)


def test_sharing_when_stopped_by_staff_then_the_reason_says_so(
    edition: EditionFacts, slug: str, visitor: MadeAttendee, now: datetime
) -> None:
    stop_sharing(SYSTEM, edition.id, visitor.id, slug, now)

    (lead,) = list_leads(exhibitor_id_of(edition, slug), edition.zone)
    assert (lead.withdrawal_reason, lead.contact.name, lead.scans) == (WithdrawalReason.ON_REQUEST, "", ())


def test_sharing_when_stopped_twice_then_the_first_time_counts(
    edition: EditionFacts, slug: str, visitor: MadeAttendee, now: datetime
) -> None:
    for minutes in (0, 5):
        stop_sharing(_person(visitor), edition.id, visitor.id, slug, now + timedelta(minutes=minutes))

    assert [each.withdrawn_at for each in list_collectors([visitor.id])] == [now]


def test_scan_when_made_before_or_after_the_withdrawal_then_changes_nothing(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    stop_sharing(_person(visitor), edition.id, visitor.id, slug, now)
    late = now + timedelta(hours=1)
    scans = [entry(visitor.token, now - timedelta(hours=1), note="x"), entry(visitor.token, late, note="y")]

    answers = record_scans(member, edition.id, slug, scans, late)
    resume_sharing(_person(visitor), edition.id, visitor.id, slug, late)

    assert [each.outcome for each in answers] == [LeadOutcome.WITHDRAWN] * 2
    (lead,) = list_leads(exhibitor_id_of(edition, slug), edition.zone)
    assert (len(lead.scans), [note.text for note in lead.notes]) == (1, ["Demo"])


def test_note_when_added_after_the_withdrawal_then_refused(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    (lead,) = list_leads(exhibitor_id_of(edition, slug), edition.zone)
    stop_sharing(_person(visitor), edition.id, visitor.id, slug, now)

    with pytest.raises(LeadWithdrawn):
        add_note(member, edition.id, slug, lead.code, "x", now)
    assert get_lead(lead.exhibitor_id, lead.code).notes == ()


def test_sharing_when_stopped_by_others_or_with_a_company_that_never_scanned_then_refused(
    edition: EditionFacts, slug: str, member: Actor, visitor: MadeAttendee, now: datetime
) -> None:
    with pytest.raises(PermissionMissing):
        stop_sharing(member, edition.id, visitor.id, slug, now)
    with pytest.raises(LeadMissing):
        stop_sharing(_person(visitor), edition.id, visitor.id, make_exhibitor(edition, "Rival"), now)
