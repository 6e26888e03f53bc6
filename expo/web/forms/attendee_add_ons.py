"""The page on which staff change the add-ons of an attendee: what is taken away is asked about first."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from expo.errors import Conflict, Invalid
from expo.flows.add_ons import change_add_ons
from expo.infra.clock import utcnow
from expo.registration.queries import AttendeeRow, get_order, list_add_ons_of
from expo.tickets.errors import AddOnMissing
from expo.tickets.queries import list_add_ons
from expo.web.forms.add_on_fields import AddOnsField, explain_to_staff
from expo.web.kit.access import current_actor
from expo.web.kit.language import localized


class AttendeeAddOnsForm(FlaskForm):  # type: ignore[misc]
    """How many units of each add-on an attendee has."""

    add_ons = AddOnsField(_l("Add-ons"))


def edit_add_ons(attendee: AttendeeRow, template: str, done_url: str) -> str | Response | tuple[str, int]:
    """Show the add-ons of an attendee and change them; price, places and e-mail follow.

    Units that are taken away may be sold to somebody else at once, so the page asks before it does that.
    """
    held = {each.code: each for each in list_add_ons_of([attendee.id]).get(attendee.id, ())}
    form = AttendeeAddOnsForm(data={"add_ons": {code: each.quantity for code, each in held.items()}})
    add_ons = list_add_ons(attendee.edition_id, utcnow())
    removed: list[tuple[str, int]] = []
    if form.validate_on_submit():
        less = {code: each.quantity - form.add_ons.data.get(code, 0) for code, each in held.items()}
        removed = [(localized(held[code].name), number) for code, number in less.items() if number > 0]
        if not removed or "removes" in request.form:
            try:
                change_add_ons(current_actor(), attendee.edition_id, attendee.id, form.add_ons.data, utcnow())
            except (Conflict, Invalid, AddOnMissing) as error:
                form.add_ons.errors = [explain_to_staff(error, add_ons)]
                removed = []
            else:
                flash(_("Add-ons of %(name)s changed.", name=attendee.name), "success")
                return redirect(done_url)
    page = render_template(
        template,
        form=form,
        attendee=attendee,
        add_ons=add_ons,
        removed=removed,
        order=get_order(attendee.edition_id, attendee.order_code),
    )
    return page, 422 if form.add_ons.errors else 200
