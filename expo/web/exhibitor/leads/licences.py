"""Whether the viewer may scan badges, and who can change that."""

from expo.exhibitors.queries import get_scan_right
from expo.leads.services import licence_missing
from expo.web.exhibitor.sections import current_membership
from expo.web.kit.errors import message_of


def describe_missing_licence() -> str:
    """Return why the viewer cannot scan, and who can assign a licence; empty if nothing is in the way."""
    membership = current_membership()
    if membership.member_id is None or get_scan_right(membership.member_id).is_held:
        return ""
    return message_of(licence_missing(membership))
