"""The add-ons of one attendee, changed by organizers: the attendee is told by e-mail."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid
from expo.flows.add_ons import change_add_ons
from expo.infra.clock import utcnow
from expo.pure.codes import normalize_code
from expo.registration.queries import get_attendee, get_order, list_add_ons_of
from expo.tickets.errors import AddOnSoldOut
from expo.tickets.queries import list_add_ons
from expo.web.forms.add_on_fields import AddOnsField
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.language import localized
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_attendee_add_ons", __name__, "/attendees", Permission.ATTENDEES_WRITE)


class AttendeeAddOnsForm(FlaskForm):  # type: ignore[misc]
    """How many units of each add-on an attendee has."""

    add_ons = AddOnsField(_l("Add-ons"))


@blueprint.route("/<code>/add-ons", methods=["GET", "POST"])
def edit(code: str) -> str | Response | tuple[str, int]:
    """Change which add-ons an attendee has; price, places and e-mail follow."""
    edition, actor = current_edition(), current_actor()
    attendee = get_attendee(edition.id, normalize_code(code))
    held = list_add_ons_of([attendee.id]).get(attendee.id, ())
    form = AttendeeAddOnsForm(data={"add_ons": {each.code: each.quantity for each in held}})
    add_ons = list_add_ons(edition.id, utcnow())
    if form.validate_on_submit():
        try:
            change_add_ons(actor, edition.id, attendee.id, form.add_ons.data, utcnow())
        except (Conflict, Invalid) as error:
            name = next((localized(each.name) for each in add_ons if each.code == error.params.get("add_on")), "")
            if isinstance(error, AddOnSoldOut):
                text = _("%(name)s: only %(left)s left.", name=name, left=error.params["left"])
            else:
                text = f"{name}: {message_of(error)}" if name else message_of(error)
            form.add_ons.errors = [text]
        else:
            flash(_("Add-ons of %(name)s changed.", name=attendee.name), "success")
            return redirect(url_for("organizer_attendees.show_attendee", code=attendee.code))
    page = render_template(
        "organizer/attendees/add_ons.html",
        form=form,
        attendee=attendee,
        add_ons=add_ons,
        order=get_order(edition.id, attendee.order_code),
    )
    return page, 422 if form.add_ons.errors else 200
