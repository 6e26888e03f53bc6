"""Availability of chosen tickets, checked at the step that chooses them, before an order is placed."""

from collections import Counter
from collections.abc import Sequence

from flask_babel import gettext as _

from expo.errors import Conflict, ExpoError, Invalid
from expo.tickets.errors import SoldOut
from expo.tickets.queries import QuotaRow, TicketTypeRow
from expo.tickets.rules import SaleState
from expo.web.kit.errors import message_of
from expo.web.public.forms import RegistrationForm


def is_on_sale(offer: TicketTypeRow) -> bool:
    """Return whether a ticket is available now."""
    return offer.sale_state is SaleState.ON_SALE


def find_wrong_ticket(form: RegistrationForm, offers: Sequence[TicketTypeRow]) -> tuple[str, ExpoError] | None:
    """Return the first field whose ticket is unavailable, and why; the form itself asks where none is chosen."""
    by_code = {each.code: each for each in offers}
    for name, code in form.list_tickets():
        offer = by_code.get(code)
        if offer is None:
            return name, Invalid("ticket_type_missing")
        if not is_on_sale(offer):
            return name, _explain_unavailable(offer)
    return None


def find_excess_ticket(
    form: RegistrationForm, offers: Sequence[TicketTypeRow], quotas: Sequence[QuotaRow]
) -> tuple[str, ExpoError] | None:
    """Return the field of the first ticket exceeding the limit per order or the places left, and why."""
    maximum = {each.code: each.max_per_order for each in offers}
    tickets, counts = form.list_tickets(), Counter[str]()
    for name, code in tickets:
        counts[code] += 1
        if counts[code] > maximum[code]:
            return name, Invalid("too_many_of_type", maximum=maximum[code])
    for quota in quotas:
        taking = [each for each in tickets if each[1] in quota.ticket_type_codes]
        if quota.left is not None and len(taking) > quota.left:
            name, code = taking[max(quota.left, 0)]
            return name, SoldOut(code, max(quota.left, 0))
    return None


def explain_refusal(error: ExpoError) -> str:
    """Return the message shown to the visitor; it never says that "only 0" places are left."""
    if error.params.get("left") == 0:
        return str(_("This ticket is sold out. Choose another ticket."))
    return message_of(error)


def _explain_unavailable(offer: TicketTypeRow) -> Conflict:
    """Return why a ticket is unavailable, for somebody who chose it while it was available."""
    if offer.sale_state is SaleState.SOLD_OUT:
        return SoldOut(offer.code, 0)
    return Conflict("not_on_sale" if offer.sale_state is SaleState.NOT_YET else "sale_ended")
