"""A company that no longer takes part: visitors no longer see it, and its meetings are cancelled."""

from datetime import datetime

from expo.accounts.rules import Actor
from expo.exhibitors.queries import get_record
from expo.exhibitors.services import withdraw_company
from expo.flows.exhibitor_decisions import notify_owners
from expo.flows.meetings import cancel_meetings_of_exhibitor
from expo.infra.db import atomic, retried


@retried
def withdraw_exhibitor(actor: Actor, edition_id: int, slug: str, version: str | None, now: datetime) -> None:
    """Cancel the participation of a company, and tell its owners and everybody who would have met it.

    Raises ExhibitorMissing, Outdated, Conflict `exhibitor_state`.
    """
    with atomic():
        withdraw_company(actor, edition_id, slug, version, now)
        company = get_record(edition_id, slug)
        cancel_meetings_of_exhibitor(edition_id, company.id, now)
        notify_owners("exhibitors/cancelled", edition_id, company, now)
