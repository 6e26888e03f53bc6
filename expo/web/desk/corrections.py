"""Corrections at the desk that need a form: e-mail address, ticket, and check-in with its exceptions."""

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission, require
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.rules import Verdict
from expo.errors import Conflict, Invalid
from expo.flows.desk import (
    change_address,
    change_ticket,
    check_in_by_hand,
)
from expo.infra.clock import utcnow
from expo.pure.codes import normalize_code
from expo.registration.queries import AttendeeRow, get_attendee, get_order
from expo.registration.services import set_door_note
from expo.tickets.errors import TicketTypeMissing
from expo.tickets.queries import list_ticket_types
from expo.web.desk.actions import describe_check_in
from expo.web.desk.forms import CheckInForm, DoorNoteForm, EmailForm, TicketForm
from expo.web.desk.place import current_place, desk_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import localized

blueprint = desk_blueprint("desk_corrections", __name__, "/attendees")


@blueprint.route("/<code>/email", methods=["GET", "POST"])
def correct_email(code: str) -> str | AnyResponse | tuple[str, int]:
    """Correct an attendee's e-mail address."""
    attendee = _attendee(code)
    order = get_order(attendee.edition_id, attendee.order_code)
    shares = sum(each.email == attendee.email for each in order.attendees) > 1 and order.email == attendee.email
    form = EmailForm(obj=attendee)
    if not shares:
        del form.whole_order
    status = 200
    if form.validate_on_submit():
        try:
            changed = change_address(
                current_actor(),
                attendee.edition_id,
                attendee.id,
                form.email.data or "",
                utcnow(),
                whole_order=shares and form.whole_order.data,
            )
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "email")
            status = status_of(error)
        else:
            flash(
                _("E-mail address of %(name)s changed to %(email)s.", name=changed.name, email=changed.email), "success"
            )
            return redirect(_person_url(attendee))
    page = render_template("desk/email.html", form=form, attendee=attendee)
    return page, 422 if form.errors and status == 200 else status  # noqa: PLR2004


@blueprint.route("/<code>/note", methods=["GET", "POST"])
def edit_door_note(code: str) -> str | AnyResponse | tuple[str, int]:
    """Change the note that staff at the doors see."""
    attendee = _attendee(code)
    form = DoorNoteForm(obj=attendee)
    if form.validate_on_submit():
        set_door_note(current_actor(), attendee.edition_id, attendee.id, form.door_note.data or "", utcnow())
        flash(_("Changes saved."), "success")
        return redirect(_person_url(attendee))
    return render_form(form, "desk/note.html", attendee=attendee)


@blueprint.route("/<code>/ticket", methods=["GET", "POST"])
def exchange_ticket(code: str) -> str | AnyResponse | tuple[str, int]:
    """Exchange an attendee's ticket for another type."""
    attendee = _attendee(code)
    form = TicketForm()
    form.offer(list_ticket_types(attendee.edition_id, utcnow()), attendee.ticket_type_code)
    status = 200
    if form.validate_on_submit():
        try:
            changed = change_ticket(current_actor(), attendee.edition_id, attendee.id, form.ticket_type.data, utcnow())
        except (Conflict, TicketTypeMissing) as error:
            show_at_field(form, error, "ticket_type")
            status = status_of(error)
        else:
            ticket = localized(changed.ticket_type_name)
            flash(_("Ticket of %(name)s changed to %(ticket)s.", name=changed.name, ticket=ticket), "success")
            return redirect(_person_url(attendee))
    page = render_template("desk/ticket.html", form=form, attendee=attendee)
    return page, 422 if form.errors and status == 200 else status  # noqa: PLR2004


@blueprint.route("/<code>/check-in", methods=["GET", "POST"])
def check_in(code: str) -> str | AnyResponse | tuple[str, int]:
    """Check in an attendee manually."""
    actor, attendee = current_actor(), _attendee(code)
    require(actor, Permission.SCAN, attendee.edition_id)
    form = CheckInForm()
    if not actor.may(Permission.SCAN_FORCE, attendee.edition_id):
        form.remove_override()
    form.offer(list_checkpoints(attendee.edition_id))
    refusal, status = None, 200
    if request.method == "GET":
        form.scan_id.data = str(uuid.uuid4())
        place = current_place(attendee.edition_id)
        form.checkpoint.data = place.checkpoint.code if place.checkpoint else None
    elif form.validate_on_submit():
        try:
            answer = check_in_by_hand(
                actor,
                attendee.edition_id,
                attendee.id,
                form.checkpoint.data,
                form.scan_id.data or "",
                utcnow(),
                forced=form.is_forced,
                force_reason=form.read_force_reason(),
                force_note=form.read_force_note(),
            )
        except Conflict as error:
            refusal, status = message_of(error), status_of(error)
        else:
            if answer.verdict is Verdict.ADMITTED:
                flash(describe_check_in(attendee.name, answer), "success")
                return redirect(_person_url(attendee))
            refusal, status = describe_check_in(attendee.name, answer), 409
            form.scan_id.data = str(uuid.uuid4())
    page = render_template("desk/check_in.html", form=form, attendee=attendee, refusal=refusal)
    return page, 422 if form.errors else status


def _attendee(code: str) -> AttendeeRow:
    return get_attendee(current_edition().id, normalize_code(code))


def _person_url(attendee: AttendeeRow) -> str:
    return url_for("desk.show_person", code=attendee.code)
