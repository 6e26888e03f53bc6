"""A badge that is scanned as a lead checks both sides in for their meeting, whenever the scan arrives."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.flows.lead_scans import record_scans
from expo.flows.meetings import settle_meetings
from expo.leads.rules import LeadEntry, LeadOutcome
from expo.leads.services import stop_sharing
from expo.meetings.queries import MeetingRow, get_meeting
from expo.meetings.rules import MeetingState, Side
from expo.meetings.services import check_in_by_badge
from tests.make import MadeAttendee, make_attendee
from tests.meetings import FIRST, SECOND, MadeCompany, make_company, make_meeting
from tests.profiles import own_actor

MINUTE = timedelta(minutes=1)
SCAN = "0b9e2f1e-0000-4000-8000-00000000000"


@pytest.fixture
def company(edition: EditionFacts, now: datetime) -> MadeCompany:
    return make_company(edition, now, members=2)


@pytest.fixture
def ann(edition: EditionFacts, now: datetime) -> MadeAttendee:
    return make_attendee(edition, now, name="Ann")


def entry(made: MadeAttendee, at: datetime, number: int = 1) -> LeadEntry:
    return LeadEntry(f"{SCAN}{number}", at, at, token=made.token)


def meeting(edition: EditionFacts, company: MadeCompany, row: MeetingRow) -> MeetingRow:
    return get_meeting(company.party(edition), row.code)


def test_scan_when_sent_after_the_meeting_was_released_then_it_was_held_and_repeating_it_changes_nothing(
    each_app: Flask, edition: EditionFacts, now: datetime, company: MadeCompany, ann: MadeAttendee
) -> None:
    row = make_meeting(edition, ann, company, now)
    settle_meetings(FIRST + 20 * MINUTE)
    assert meeting(edition, company, row).state is MeetingState.NO_SHOW
    scanned, late = FIRST + 2 * MINUTE, FIRST + timedelta(hours=3)

    first = record_scans(company.actors[0], edition.id, company.slug, [entry(ann, scanned)], late)
    held = meeting(edition, company, row)
    again = record_scans(company.actors[0], edition.id, company.slug, [entry(ann, scanned)], late + MINUTE)

    assert [each.lead.outcome for each in first + again] == [LeadOutcome.SAVED] * 2
    assert [each.arrival and (each.arrival.code, each.arrival.is_first) for each in first + again] == [
        (row.code, True),
        (row.code, False),
    ]
    assert held.state is MeetingState.HELD
    assert [each.checked_in_at for each in held.participants] == [scanned] * 2
    assert meeting(edition, company, row).version == held.version


@pytest.mark.parametrize(("minutes", "is_held"), [(-11, False), (-10, True), (25, True), (26, False)])
def test_scan_when_long_before_or_after_the_meeting_then_it_is_a_visit_only(
    minutes: int,
    is_held: bool,  # noqa: FBT001 - a parameter of the test
    app: Flask,
    edition: EditionFacts,
    now: datetime,
    company: MadeCompany,
    ann: MadeAttendee,
) -> None:
    row = make_meeting(edition, ann, company, now)
    at = FIRST + minutes * MINUTE

    (answer,) = record_scans(company.actors[0], edition.id, company.slug, [entry(ann, at)], at + MINUTE)

    assert (answer.lead.outcome, answer.arrival is not None) == (LeadOutcome.SAVED, is_held)
    assert (meeting(edition, company, row).state is MeetingState.HELD) == is_held


def test_scan_when_of_somebody_else_by_others_or_not_shared_then_the_meeting_stays_as_it_is(
    app: Flask, edition: EditionFacts, now: datetime, company: MadeCompany, ann: MadeAttendee
) -> None:
    row, at = make_meeting(edition, ann, company, now), FIRST + MINUTE
    ben, other = make_attendee(edition, now, name="Ben"), make_company(edition, now, "Other Ltd")

    scans = [
        *record_scans(company.actors[0], edition.id, company.slug, [entry(ben, at)], at),
        *record_scans(other.actors[0], edition.id, other.slug, [entry(ann, at)], at),
    ]
    forged = replace(entry(ann, at, 2), token=ann.token[:-4] + "AAAA")
    scans += record_scans(company.actors[0], edition.id, company.slug, [forged], at)
    record_scans(company.actors[0], edition.id, company.slug, [entry(ann, at - timedelta(hours=2), 3)], at)
    stop_sharing(own_actor(ann), edition.id, ann.id, company.slug, at)
    scans += record_scans(company.actors[0], edition.id, company.slug, [entry(ann, at, 4)], at)

    assert [each.arrival for each in scans] == [None] * 4
    found = meeting(edition, company, row)
    assert (found.state, [each.checked_in_at for each in found.of_side(Side.GUEST)]) == (MeetingState.SCHEDULED, [None])


def test_check_in_when_sent_after_the_meeting_was_released_then_the_time_of_the_scan_counts(
    app: Flask, edition: EditionFacts, now: datetime, company: MadeCompany, ann: MadeAttendee
) -> None:
    row, later = make_meeting(edition, ann, company, now), make_meeting(edition, ann, company, now, SECOND)
    settle_meetings(FIRST + 20 * MINUTE)
    party, scanned, late = company.party(edition), FIRST + 5 * MINUTE, FIRST + timedelta(hours=3)

    with pytest.raises(Invalid) as early:
        check_in_by_badge(party, ann.token, FIRST - 31 * MINUTE, late)
    arrivals = [check_in_by_badge(party, ann.token, scanned, late) for _ in range(2)]
    other = check_in_by_badge(party, ann.token, scanned + 22 * MINUTE, late)

    assert early.value.code == "meeting_badge_nobody"
    assert [(each.code, each.is_first) for each in arrivals] == [(row.code, True), (row.code, False)]
    assert (other.code, other.is_first) == (later.code, True)
    assert [each.checked_in_at for each in meeting(edition, company, row).participants] == [scanned] * 2


def test_check_in_when_scanned_after_a_released_meeting_then_nobody_has_a_meeting(
    app: Flask, edition: EditionFacts, now: datetime, company: MadeCompany, ann: MadeAttendee
) -> None:
    row, late = make_meeting(edition, ann, company, now), FIRST + timedelta(hours=3)
    settle_meetings(FIRST + 20 * MINUTE)

    with pytest.raises(Invalid):
        check_in_by_badge(company.party(edition), ann.token, late, late)

    assert meeting(edition, company, row).state is MeetingState.NO_SHOW
