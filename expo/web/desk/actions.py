"""The desk's actions on a person, each a single tap."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.badges.services import reissue_badge, request_print
from expo.checkin.queries.scans import ScanAnswer
from expo.checkin.rules import Verdict
from expo.errors import Conflict, Invalid, Missing
from expo.flows.desk import check_in_by_hand, confirm_by_hand
from expo.infra.clock import utcnow
from expo.infra.db import atomic
from expo.infra.limits import count_against
from expo.pure.codes import normalize_code
from expo.registration.queries import AttendeeRow, get_attendee
from expo.registration.services import check_id, record_payment, set_id_check
from expo.web.desk.forms import PaymentForm
from expo.web.desk.place import current_place, desk_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.requirement_texts import Refusal, describe_need
from expo.web.kit.rule_sentences import rule_names
from expo.web.kit.scan_labels import REASON_TEXTS

blueprint = desk_blueprint("desk_acts", __name__, "/attendees/<code>")

# Four characters are few enough to be guessed by someone who may try often.
ID_CHECKS = "10/hour"


@blueprint.post("/check-in-here")
def check_in_here(code: str) -> Response:
    """Check in at the desk's checkpoint; a refusal leads to the page where it can be overridden."""
    attendee = _attendee(code)
    place = current_place(attendee.edition_id)
    if place.checkpoint is None:
        return redirect(url_for("desk_corrections.check_in", code=attendee.code))
    scan_id = request.form.get("scan_id", "")[:64]
    try:
        answer = check_in_by_hand(
            current_actor(), attendee.edition_id, attendee.id, place.checkpoint.code, scan_id, utcnow()
        )
    except Conflict as error:
        flash(message_of(error), "danger")
        return _back(attendee)
    flash(describe_check_in(attendee.name, answer), "success" if answer.verdict is Verdict.ADMITTED else "danger")
    return _back(attendee)


@blueprint.post("/print")
def print_badge(code: str) -> Response:
    """Queue the badge for printing."""
    attendee = _attendee(code)
    try:
        is_queued = request_print(
            current_actor(), attendee, utcnow(), station=current_place(attendee.edition_id).station
        )
    except Missing as error:
        flash(message_of(error), "danger")
    else:
        if is_queued:
            flash(_("The badge of %(name)s is being printed.", name=attendee.name), "success")
        else:
            flash(_("The badge of %(name)s is already in the queue.", name=attendee.name), "info")
    return _back(attendee)


@blueprint.post("/reissue")
def reissue(code: str) -> Response:
    """Replace a lost badge: earlier prints stop working, and the new one is printed."""
    attendee, actor, now = _attendee(code), current_actor(), utcnow()
    try:
        with atomic():
            reissue_badge(actor, attendee.edition_id, attendee.id, now)
            request_print(actor, attendee, now, station=current_place(attendee.edition_id).station)
    except (Conflict, Missing) as error:
        flash(message_of(error), "danger")
    else:
        flash(
            _("New badge issued for %(name)s. The lost one no longer works. It is being printed.", name=attendee.name),
            "success",
        )
    return _back(attendee)


@blueprint.post("/confirm")
def confirm(code: str) -> Response:
    """Confirm an order whose e-mail cannot be opened."""
    attendee = _attendee(code)
    try:
        confirm_by_hand(current_actor(), attendee.edition_id, attendee.order_id, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        flash(_("Order %(order)s confirmed.", order=attendee.order_code), "success")
    return _back(attendee)


@blueprint.post("/pay")
def take_payment(code: str) -> Response:
    """Record a payment on site."""
    attendee, actor = _attendee(code), current_actor()
    require(actor, Permission.ORDERS_MANAGE, attendee.edition_id)
    form = PaymentForm()
    if not form.validate_on_submit():
        flash(_("Choose how the order was paid."), "danger")
        return _back(attendee)
    try:
        record_payment(
            actor,
            attendee.edition_id,
            attendee.order_id,
            utcnow(),
            form.reference.data or "",
            method=form.read_method(),
        )
    except Conflict as error:
        flash(message_of(error), "danger")
    else:
        flash(_("Order %(order)s marked as paid.", order=attendee.order_code), "success")
    return _back(attendee)


@blueprint.post("/id-check")
def compare_id(code: str) -> Response:
    """Compare the last characters of a document with those recorded, or record them if there are none."""
    attendee, actor, now = _attendee(code), current_actor(), utcnow()
    document = request.form.get("document", "")[:40]
    try:
        if request.form.get("act") == "record":
            set_id_check(actor, attendee.edition_id, attendee.id, document, now)
            flash(_("ID characters of %(name)s recorded.", name=attendee.name), "success")
            return _back(attendee)
        count_against(ID_CHECKS, "id-check", str(attendee.id))
        is_same = check_id(actor, attendee.edition_id, attendee.id, document, now)
    except Invalid as error:
        flash(message_of(error), "danger")
        return _back(attendee)
    if is_same:
        flash(_("The document matches %(name)s.", name=attendee.name), "success")
    else:
        flash(_("The document does not match. Check the characters, or ask for another document."), "danger")
    return _back(attendee)


def describe_check_in(name: str, answer: ScanAnswer) -> str:
    """Return the answer of a checkpoint in words."""
    if answer.verdict is Verdict.ADMITTED:
        return _("%(name)s checked in.", name=name)
    if answer.verdict is Verdict.NEEDS_ANSWERS:
        return _("This checkpoint asks questions first. Scan the badge there to answer them.")
    if answer.reason is None:
        return _("Refused")
    text = REASON_TEXTS[answer.reason]
    refusal = Refusal(str(text.word), str(text.advice))
    if answer.needed:
        edition = current_edition()
        today = edition.door_calendar.day_of(utcnow())
        refusal = describe_need(answer.needed, rule_names(edition.id), today)
    return f"{refusal.word}: {refusal.advice}"


def _attendee(code: str) -> AttendeeRow:
    return get_attendee(current_edition().id, normalize_code(code))


def _back(attendee: AttendeeRow) -> Response:
    return redirect(url_for("desk.show_person", code=attendee.code))
