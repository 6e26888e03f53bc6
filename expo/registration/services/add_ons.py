"""Add and remove the add-ons of an attendee."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.errors import Invalid
from expo.infra.db import atomic
from expo.registration.queries import AttendeeRow, get_attendee_by_id, list_add_ons_of
from expo.registration.services.attendees import lock_attendee, record_change, require_holding
from expo.registration.services.lines import NewLine, replace_add_on_lines
from expo.tickets.queries import find_add_on_offers
from expo.tickets.rules import AddOnOffer, AddOnUnits, check_add_ons
from expo.tickets.services import lock_add_ons, lock_ticket_types


@dataclass(frozen=True)
class AddOnExchange:
    """An attendee whose add-ons were changed; the caller still has to exchange their places."""

    attendee: AttendeeRow
    released: tuple[AddOnUnits, ...] = ()
    taken: tuple[AddOnUnits, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Return whether anything was changed."""
        return bool(self.released or self.taken)


def change_attendee_add_ons(
    actor: Actor, edition_id: int, attendee_id: int, wanted: Mapping[str, int], now: datetime
) -> AddOnExchange:
    """Give an attendee exactly these add-ons, in these numbers; price and total are updated.

    What is new costs what it costs today. The caller must exchange the places last in the same transaction. An order
    that now costs more than was paid becomes unpaid. Raises AttendeeMissing, AddOnMissing, Invalid
    `too_many_of_add_on`, Conflict `attendee_state`.
    """
    require(actor, Permission.ATTENDEES_WRITE, edition_id)
    if any(quantity < 0 for quantity in wanted.values()):
        raise Invalid("number_out_of_range", field="add_ons", minimum=0, maximum=0)
    wanted = {code: quantity for code, quantity in wanted.items() if quantity}
    with atomic():
        order, attendee = lock_attendee(edition_id, attendee_id)
        require_holding(attendee)
        held = {each.code: each for each in list_add_ons_of([attendee_id]).get(attendee_id, ())}
        before = {code: each.quantity for code, each in held.items()}
        changed = sorted(code for code in {*before, *wanted} if before.get(code, 0) != wanted.get(code, 0))
        if not changed:
            return AddOnExchange(get_attendee_by_id(edition_id, attendee_id))
        offers = find_add_on_offers(edition_id, changed)
        units = [code for code in changed for _ in range(wanted.get(code, 0))]
        check_add_ons([("", units)], offers, now, for_public=False)
        lock_ticket_types([attendee.ticket_type_id])
        lock_add_ons(offers[code].id for code in changed)
        lines = [
            _new_line(attendee.id, attendee.ticket_type_id, offers[code], wanted[code])
            for code in changed
            if code in wanted
        ]
        replace_add_on_lines(order.id, attendee.id, [offers[code].id for code in changed], lines, now)
        attendee.updated_at = now
        row = record_change(
            actor,
            "registration.change_add_ons",
            attendee,
            now,
            changed=["add_ons"],
            values={"add_ons": [_shown(before), _shown(wanted)]},
        )
        return AddOnExchange(
            row,
            tuple(AddOnUnits(offers[code].id, code, before[code]) for code in changed if code in before),
            tuple(AddOnUnits(offers[code].id, code, wanted[code]) for code in changed if code in wanted),
        )


def _new_line(attendee_id: int, ticket_type_id: int, offer: AddOnOffer, quantity: int) -> NewLine:
    return NewLine(attendee_id, ticket_type_id, offer.price_cents * quantity, offer.id, quantity)


def _shown(quantities: Mapping[str, int]) -> str:
    """Return add-ons as they are recorded: the code of each unit."""
    return ", ".join(code for code in sorted(quantities) for _ in range(quantities[code]))
