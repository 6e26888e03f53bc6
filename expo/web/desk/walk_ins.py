"""Walk-ins: one short form, then registered, paid, admitted and the badge on its way to the printer."""

import uuid

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
from expo.tickets.errors import TicketTypeMissing
from expo.tickets.queries import list_ticket_types
from expo.web.desk.acts import describe_check_in
from expo.web.desk.place import current_place, desk_blueprint
from expo.web.desk.walk_in_forms import WalkInForm
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, status_of

blueprint = desk_blueprint("desk_walk_ins", __name__)

# Many walk-ins come from where the last one came from, and buy the same ticket.
_LAST = "walk_in"


@blueprint.route("/walk-in", methods=["GET", "POST"])
def add() -> str | Response | tuple[str, int]:
    """Register a person at the counter, and do the rest at once."""
    edition = current_edition()
    place = current_place(edition.id)
    offers = list_ticket_types(edition.id, utcnow())
    form = WalkInForm()
    form.offer(offers, place)
    same: tuple[AttendeeRow, ...] = ()
    status = 200
    if request.method == "GET":
        form.client_key.data = uuid.uuid4().hex
        last = session.get(_LAST) or {}
        codes = [each.code for each in offers]
        form.country.data = last.get("country", "")
        form.ticket_type.data = last.get("ticket") if last.get("ticket") in codes else next(iter(codes), None)
    elif form.validate_on_submit():
        try:
            done = serve_walk_in(current_actor(), edition.id, form.to_walk_in(place), utcnow())
        except MaybeRegistered as error:
            same, status = error.found, status_of(error)
        except (Conflict, Invalid, TicketTypeMissing) as error:
            _show_at_person(form, error)
            status = status_of(error)
        else:
            session[_LAST] = {"country": form.country.data, "ticket": form.ticket_type.data}
            _tell(done)
            return redirect(url_for("desk.show_person", code=done.attendee.code))
    page = render_template("desk/walk_in.html", form=form, same=same, offers=offers)
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


def _show_at_person(form: WalkInForm, error: ExpoError) -> None:
    """Show the error at the field of the only attendee."""
    name = str(error.params.get("field", "ticket_type")).removeprefix("attendees-0-")
    form[name if name in form else "ticket_type"].errors = [message_of(error)]
