"""The check of lead licences. This is the only place that limits who may scan."""

from collections.abc import Sequence

from expo.errors import Refused
from expo.exhibitors.queries import Membership, get_scan_right, list_owner_names
from expo.leads.rules import LeadEntry


def list_licensed_entries(membership: Membership, entries: Sequence[LeadEntry]) -> list[LeadEntry]:
    """Return the scans for which the member has a licence, or had one when they were made; organizers need none."""
    if membership.member_id is None:
        return list(entries)
    right = get_scan_right(membership.member_id)
    return [each for each in entries if right.covers(each.scanned_at)]


def licence_missing(membership: Membership) -> Refused:
    """Return the error that names who can assign a licence: `lead_licence_missing`."""
    return Refused("lead_licence_missing", owners=", ".join(list_owner_names(membership.exhibitor_id)))
