"""Taking a lead licence. This is the only place that limits who may scan."""

from expo.errors import Refused
from expo.exhibitors.models import Exhibitor
from expo.exhibitors.queries import Membership
from expo.infra.db import lock
from expo.leads.queries import count_licences, list_licensed


def take_licence(membership: Membership) -> None:
    """Check, in the transaction of a scan, that the member has a licence or may take one: the scan takes it.

    Organizers need none. Raises Refused `lead_licences_used`.
    """
    licences = count_licences(membership.exhibitor_id)
    if licences is None or membership.member_id is None:
        return
    if membership.member_id in list_licensed(membership.exhibitor_id):
        return
    # Two members may want the last licence at once.
    lock(Exhibitor, membership.exhibitor_id)
    if len(list_licensed(membership.exhibitor_id)) >= licences:
        raise Refused("lead_licences_used", maximum=licences)
