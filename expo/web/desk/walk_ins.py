"""Walk-ins: one short form, then registered, paid, admitted and the badge on its way to the printer."""

import uuid
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.checkin.rules import Verdict
from expo.errors import Conflict, ExpoError, Invalid
from expo.flows.desk import MaybeRegistered
from expo.flows.walk_ins import ServedWalkIn, serve_walk_in
from expo.infra.clock import utcnow
from expo.registration.queries import AttendeeRow
from expo.registration.rules import AttendeeState
from expo.tickets.errors import AddOnMissing, TicketTypeMissing
from expo.tickets.queries import AddOnRow, list_add_ons, list_ticket_types
from expo.web.desk.actions import describe_check_in
from expo.web.desk.place import current_place, desk_blueprint
from expo.web.desk.walk_in_forms import WalkInForm
from expo.web.forms.add_on_fields import explain_to_staff
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, status_of

blueprint = desk_blueprint("desk_walk_ins", __name__)

# Many walk-ins come from where the last one came from, and buy the same ticket.
_LAST = "walk_in"


@blueprint.route("/walk-in", methods=["GET", "POST"])
def add() -> str | Response | tuple[str, int]:
    """Register a person at the counter, and do the rest at once; `go=update` only refreshes add-ons and price."""
    edition, now = current_edition(), utcnow()
    place = current_place(edition.id)
    offers, add_ons = list_ticket_types(edition.id, now), list_add_ons(edition.id, now)
    form = WalkInForm()
    form.offer(offers, add_ons, place)
    same: tuple[AttendeeRow, ...] = ()
    status = 200
    if request.method == "GET":
        form.client_key.data = uuid.uuid4().hex
        last = session.get(_LAST) or {}
        codes = [each.code for each in offers]
        form.country.data = last.get("country", "")
        form.ticket_type.data = last.get("ticket") if last.get("ticket") in codes else next(iter(codes), None)
    elif request.form.get("go") == "update":
        form.drop_unavailable()
    elif form.validate_on_submit():
        try:
            done = serve_walk_in(current_actor(), edition.id, form.to_walk_in(place), now)
        except MaybeRegistered as error:
            same, status = error.found, status_of(error)
        except (Conflict, Invalid, TicketTypeMissing, AddOnMissing) as error:
            _show_at_person(form, error, add_ons)
            status = status_of(error)
        else:
            session[_LAST] = {"country": form.country.data, "ticket": form.ticket_type.data}
            _tell(done)
            return redirect(url_for("desk.show_person", code=done.attendee.code))
    page = render_template(
        "desk/walk_in.html",
        form=form,
        same=same,
        is_priced=any(each.price_cents for each in offers) or any(each.price_cents for each in add_ons),
        has_add_ons=bool(add_ons),
    )
    return page, 422 if form.errors and status == 200 else status  # noqa: PLR2004


def _tell(done: ServedWalkIn) -> None:
    """Say what was done, and what could not be."""
    name = done.attendee.name
    if done.attendee.state is AttendeeState.AWAITING_APPROVAL:
        flash(_("%(name)s registered. This ticket needs approval first.", name=name), "warning")
        return
    if done.is_printing:
        flash(_("%(name)s registered. The badge is being printed.", name=name), "success")
    else:
        flash(_("%(name)s registered.", name=name), "success")
    if done.answer is not None:
        is_in = done.answer.verdict is Verdict.ADMITTED
        flash(describe_check_in(name, done.answer), "success" if is_in else "danger")


def _show_at_person(form: WalkInForm, error: ExpoError, add_ons: Sequence[AddOnRow]) -> None:
    """Show the error at the field of the only attendee."""
    if "add_on" in error.params:
        form.add_ons.errors = [explain_to_staff(error, add_ons)]
        return
    name = str(error.params.get("field", "ticket_type")).removeprefix("attendees-0-")
    form[name if name in form else "ticket_type"].errors = [message_of(error)]
