"""Two companies become one, and visitors who withdrew from either keep their privacy."""

from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.exhibitors.queries import get_record
from expo.exhibitors.services import merge_companies
from expo.infra.db import atomic, retried
from expo.leads.services import merge_withdrawals


@retried
def merge_exhibitors(actor: Actor, edition_id: int, slug: str, into: str, now: datetime) -> None:
    """Merge a company into another one with everything that refers to it.

    Raises ExhibitorMissing, Invalid `exhibitor_merged_with_itself`.
    """
    require(actor, Permission.EXHIBITORS_MANAGE, edition_id)
    with atomic():
        merge_withdrawals(get_record(edition_id, slug).id, get_record(edition_id, into).id)
        merge_companies(actor, edition_id, slug, into, now)
