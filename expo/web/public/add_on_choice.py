"""The add-ons that people choose in the registration form: what is offered to whom, and what is refused and why."""

from collections import Counter
from collections.abc import Sequence

from flask_babel import gettext as _

from expo.errors import Conflict, ExpoError, Invalid
from expo.tickets.errors import AddOnSoldOut
from expo.tickets.queries import AddOnRow, QuotaRow
from expo.tickets.rules import SaleState
from expo.web.kit.errors import message_of
from expo.web.kit.language import localized
from expo.web.public.forms import STEPS, RegistrationForm

Chosen = list[tuple[AddOnRow, int]]


def list_offered(add_ons: Sequence[AddOnRow], ticket_type_code: str) -> list[AddOnRow]:
    """Return the add-ons that are offered with a ticket, also those that are sold out or not on sale now."""
    return [each for each in add_ons if each.is_offered_with(ticket_type_code)]


def steps_with(form: RegistrationForm, add_ons: Sequence[AddOnRow]) -> tuple[str, ...]:
    """Return the steps of the form: that of add-ons only if somebody can choose one."""
    if any(list_offered(add_ons, code or "") for code in form.list_ticket_codes()):
        return STEPS
    return tuple(step for step in STEPS if step != "add_ons")


def drop_unavailable(form: RegistrationForm, add_ons: Sequence[AddOnRow]) -> None:
    """Drop chosen add-ons that are not offered with the ticket, because another ticket was chosen since."""
    for entry, code in zip(form.attendees, form.list_ticket_codes(), strict=True):
        offered = {each.code for each in list_offered(add_ons, code or "")}
        field = entry.form.add_ons
        field.data = {add_on: quantity for add_on, quantity in field.data.items() if add_on in offered}


def list_chosen(form: RegistrationForm, add_ons: Sequence[AddOnRow]) -> list[Chosen]:
    """Return the add-ons that each person chose, with the number of units."""
    by_code = {each.code: each for each in add_ons}
    return [
        [(by_code[code], quantity) for code, quantity in entry.form.add_ons.data.items() if code in by_code]
        for entry in form.attendees
    ]


def find_wrong_add_on(
    form: RegistrationForm, add_ons: Sequence[AddOnRow], quotas: Sequence[QuotaRow]
) -> tuple[str, ExpoError] | None:
    """Return the first field with an add-on that is not on sale or exceeds a limit or the places left, and why."""
    taken = Counter[int]()
    for quota in quotas:
        taken[quota.id] = sum(code in quota.ticket_type_codes for _name, code in form.list_tickets())
    left = {quota.id: quota.left for quota in quotas}
    for entry, units in zip(form.attendees, list_chosen(form, add_ons), strict=True):
        for add_on, quantity in units:
            error = _explain_unavailable(add_on, quantity)
            for quota in quotas if error is None else ():
                if add_on.code not in quota.add_on_codes:
                    continue
                places = left[quota.id]
                if places is not None and taken[quota.id] + quantity > places:
                    error = AddOnSoldOut(add_on.code, max(places - taken[quota.id], 0))
                    break
                taken[quota.id] += quantity
            if error is not None:
                return entry.form.add_ons.name, error
    return None


def explain_add_on_refusal(error: ExpoError, add_ons: Sequence[AddOnRow]) -> str:
    """Return the message shown to the visitor, with the name of the add-on."""
    names = {each.code: localized(each.name) for each in add_ons}
    name = names.get(str(error.params.get("add_on")))
    if name is None or not isinstance(error, AddOnSoldOut):
        return f"{name}: {message_of(error)}" if name else message_of(error)
    left = error.params["left"]
    if left == 0:
        return str(_("%(name)s is sold out. Continue without it.", name=name))
    return str(_("%(name)s: only %(left)s left. Choose fewer, or continue without it.", name=name, left=left))


def _explain_unavailable(add_on: AddOnRow, quantity: int) -> ExpoError | None:
    """Return why an add-on cannot be had, for somebody who chose it while it could."""
    if quantity > add_on.max_per_attendee:
        return Invalid("too_many_of_add_on", add_on=add_on.code, maximum=add_on.max_per_attendee)
    if add_on.sale_state is SaleState.SOLD_OUT:
        return AddOnSoldOut(add_on.code, 0)
    if add_on.sale_state is SaleState.ON_SALE:
        return None
    code = "add_on_not_on_sale" if add_on.sale_state is SaleState.NOT_YET else "add_on_sale_ended"
    return Conflict(code, add_on=add_on.code)
