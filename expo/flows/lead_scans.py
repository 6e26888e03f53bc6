"""Badges that a company scans: each becomes a lead, and checks both sides in if the visitor has a meeting then.

The queue of the lead scanner works without a network, and so does checking in by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import Actor
from expo.infra.db import retried
from expo.leads import services
from expo.leads.rules import LeadEntry
from expo.leads.services import LeadAnswer
from expo.meetings.queries import Party, party_of_company
from expo.meetings.services import Arrival, check_in_by_scan


@dataclass(frozen=True)
class ScanAnswer:
    """What came of a scan: the lead, and the meeting that the visitor was checked in for, if any."""

    lead: LeadAnswer
    arrival: Arrival | None


def record_scans(
    actor: Actor, edition_id: int, slug: str, entries: Sequence[LeadEntry], now: datetime
) -> list[ScanAnswer]:
    """Record scans as leads and as arrivals at meetings; either may be repeated. Raises what the service raises."""
    answers = services.record_scans(actor, edition_id, slug, entries, now)
    party = party_of_company(actor, edition_id, slug)
    return [ScanAnswer(each, _check_in(party, each, now)) for each in answers]


@retried
def _check_in(party: Party, answer: LeadAnswer, now: datetime) -> Arrival | None:
    if answer.attendee_id is None or answer.scanned_at is None:
        return None
    return check_in_by_scan(party, answer.attendee_id, answer.scanned_at, now)
