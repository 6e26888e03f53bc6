"""Attendees' own pages: badge, schedule, and forms to change or cancel a registration."""

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.badges.queries import list_badges_of
from expo.documents.qr import qr_svg
from expo.errors import Invalid, Missing
from expo.flows.badges import badge_pdf as render_badge_pdf
from expo.flows.registration import cancel_registration, cancel_whole_order
from expo.infra.addresses import public_url
from expo.infra.clock import utcnow
from expo.leads.queries import list_collectors
from expo.leads.rules import UNDO_FOR
from expo.meetings.exports import own_calendar_entries
from expo.meetings.queries import count_awaiting, find_next_meeting, party_of_attendee
from expo.program.exports import export_agenda_ics, export_agenda_pdf
from expo.program.queries import (
    ReminderChoices,
    SessionRow,
    get_reminder_choices,
    get_session,
    list_agenda,
    list_own_seats,
    list_sessions_to_rate,
)
from expo.program.rules import GIVE_FEEDBACK_FOR, find_clashes
from expo.program.services import add_to_agenda, merge_into_agenda, remove_from_agenda
from expo.registration.errors import OrderMissing
from expo.registration.queries import (
    AttendeeRow,
    OrderRow,
    get_order,
    get_order_by_id,
    list_add_ons_of,
    list_attendees_of_person,
)
from expo.registration.rules import HOLDING_STATES
from expo.registration.services import change_attendee
from expo.web.attendee.forms import ChangeForm
from expo.web.kit.access import (
    Audience,
    audience_blueprint,
    current_actor,
    current_edition,
    current_person_id,
    safe_path,
)
from expo.web.kit.countries import countries_in
from expo.web.kit.errors import message_of
from expo.web.kit.formats import time_local
from expo.web.kit.language import current_language, current_locale, localized
from expo.web.kit.own_schedule import describe_own_schedule, first_confirmed
from expo.web.kit.questions import AnswerForm
from expo.web.kit.schedule_labels import own_schedule_labels

SHOWN_TO_RATE = 5

blueprint = audience_blueprint("attendee", __name__, Audience.ATTENDEES, url_prefix="/me")


@blueprint.get("/")
@blueprint.get("", strict_slashes=False)
def me() -> str:
    """Show the badges of the person and of everyone they registered, and the first attendee's day."""
    edition = current_edition()
    attendees = list_attendees_of_person(current_person_id(), edition.id)
    badges = list_badges_of([attendee.id for attendee in attendees])
    codes = {
        attendee_id: qr_svg(badge.token, title=_("QR code of your badge"))
        for attendee_id, badge in badges.items()
        if badge.revoked_at is None
    }
    own = first_confirmed(attendees, current_person_id())
    confirmed_now = session.pop("confirmed_now", None)
    agenda = list_agenda(own.id, edition.id) if own else []
    return render_template(
        "attendee/me.html",
        attendees=attendees,
        add_ons=list_add_ons_of([each.id for each in attendees]),
        badges=badges,
        codes=codes,
        collectors=list_collectors([each.id for each in attendees if each.person_id == current_person_id()]),
        undo_for=UNDO_FOR,
        codes_of={each.id: each.code for each in attendees},
        orders=_own_orders(attendees),
        holding=HOLDING_STATES,
        own=own,
        days=describe_own_schedule(edition, agenda, utcnow()),
        chosen=[row.slug for row in agenda],
        seats=list_own_seats(own.id, edition.id) if own else [],
        to_rate=_list_to_rate(own) if own else [],
        next_meeting=find_next_meeting(edition.id, own.id, utcnow()) if own else None,
        meetings_to_answer=count_awaiting(party_of_attendee(current_actor(), edition.id, own.id)) if own else 0,
        reminders=(choices := get_reminder_choices(own.id) if own else None),
        calendar_url=_calendar_url(choices),
        seen_at=utcnow(),
        just_confirmed=[each.state for each in attendees if each.order_id == confirmed_now],
    )


@blueprint.get("/badge.pdf")
def badge_pdf() -> Response:
    """Return a badge as a PDF: that of `?attendee=CODE`, by default the first."""
    attendee = _own_attendee(request.args.get("attendee"))
    pdf = render_badge_pdf(attendee.edition_id, attendee.id)
    return _download(pdf, "application/pdf", f"badge-{attendee.code}.pdf")


@blueprint.get("/schedule.pdf")
def schedule_pdf() -> Response:
    """Return my schedule as a PDF."""
    edition, attendee = current_edition(), _own_attendee(request.args.get("attendee"))
    language = current_language().code
    meetings = own_calendar_entries(edition, attendee.id, language)
    pdf = export_agenda_pdf(edition, attendee, language, own_schedule_labels(), utcnow(), meetings)
    return _download(pdf, "application/pdf", "my-schedule.pdf")


@blueprint.get("/schedule.ics")
def schedule_ics() -> Response:
    """Return my schedule as an iCalendar file."""
    edition, attendee = current_edition(), _own_attendee(request.args.get("attendee"))
    meetings = own_calendar_entries(edition, attendee.id, current_language().code)
    content = export_agenda_ics(edition, attendee.id, current_language().code, _address, meetings)
    return _download(content, "text/calendar", "my.ics")


@blueprint.route("/<code>/change", methods=["GET", "POST"])
def change(code: str) -> str | AnyResponse | tuple[str, int]:
    """Change an attendee's details."""
    attendee = _own_attendee(code)
    form = ChangeForm(obj=attendee)
    form.country.choices = countries_in(current_locale())
    if not form.validate_on_submit():
        return render_template("attendee/change.html", form=form, attendee=attendee), 422 if form.errors else 200
    try:
        change_attendee(current_actor(), attendee.edition_id, attendee.id, form.to_change(), utcnow())
    except Invalid as error:
        field = getattr(form, str(error.params.get("field")), form.name)
        field.errors = [message_of(error)]
        return render_template("attendee/change.html", form=form, attendee=attendee), 422
    flash(_("Changes saved."), "success")
    return redirect(url_for("attendee.me"))


@blueprint.route("/<code>/cancel", methods=["GET", "POST"])
def cancel(code: str) -> str | AnyResponse:
    """Ask for confirmation, then cancel a registration: the badge is revoked and the place released."""
    attendee = _own_attendee(code)
    form = AnswerForm()
    if not form.validate_on_submit():
        return render_template("attendee/cancel.html", form=form, attendee=attendee)
    cancel_registration(current_actor(), attendee.edition_id, attendee.id, utcnow())
    flash(_("Registration of %(name)s cancelled.", name=attendee.name), "success")
    return redirect(url_for("attendee.me"))


@blueprint.route("/orders/<code>/cancel", methods=["GET", "POST"])
def cancel_order(code: str) -> str | AnyResponse:
    """Ask for confirmation, then cancel everyone in an order that this person placed."""
    order = get_order(current_edition().id, code)
    if order.person_id != current_person_id():
        raise OrderMissing
    form = AnswerForm()
    if not form.validate_on_submit():
        held = [each for each in order.attendees if each.state in HOLDING_STATES]
        return render_template("attendee/cancel_order.html", form=form, order=order, held=held)
    cancel_whole_order(current_actor(), order.edition_id, order.id, utcnow())
    flash(_("Order %(code)s cancelled.", code=order.code), "success")
    return redirect(url_for("attendee.me"))


@blueprint.post("/stars")
def star_session() -> str | AnyResponse:
    """Add the session `add` to my schedule, or remove the session `remove`; report any clashes."""
    edition, attendee = current_edition(), _own_attendee(None)
    slug = request.form.get("add", "")
    if slug:
        add_to_agenda(current_actor(), edition.id, attendee.id, slug, utcnow())
    else:
        slug = request.form.get("remove", "")
        remove_from_agenda(current_actor(), edition.id, attendee.id, slug)
    agenda = list_agenda(attendee.id, edition.id)
    category, text = _describe_change(slug, agenda)
    if "HX-Request" in request.headers:
        row = next((each for each in agenda if each.slug == slug), None) or get_session(edition.id, slug).row
        chosen = [each.slug for each in agenda]
        return render_template("attendee/_starred.html", row=row, chosen=chosen, category=category, text=text)
    flash(text, category)
    return redirect(safe_path(request.form.get("next")) or url_for("public_program.show_session", slug=slug))


@blueprint.post("/stars/merge")
def merge_stars() -> dict[str, int]:
    """Add the sessions that were starred on the device before signing in; repeating it changes nothing."""
    edition, attendee = current_edition(), _own_attendee(None)
    slugs = request.form.getlist("session")
    return {"added": merge_into_agenda(current_actor(), edition.id, attendee.id, slugs, utcnow())}


def _list_to_rate(attendee: AttendeeRow) -> list[SessionRow]:
    now = utcnow()
    return list_sessions_to_rate(attendee.id, attendee.edition_id, now - GIVE_FEEDBACK_FOR, now)[:SHOWN_TO_RATE]


def _calendar_url(choices: ReminderChoices | None) -> str:
    """Return the address of an attendee's calendar feed; empty while it is off."""
    key = choices.calendar_key if choices else None
    return public_url(url_for("public_calendars.show_calendar", key=key)) if key else ""


def _describe_change(slug: str, agenda: list[SessionRow]) -> tuple[str, str]:
    """Return the flash message's category and text after a session was added or removed."""
    at = next((position for position, row in enumerate(agenda) if row.slug == slug), None)
    if at is None:
        return "success", _("Removed from your schedule.")
    clashes = find_clashes(agenda).get(at, [])
    if not clashes:
        return "success", _("Added to your schedule.")
    others = _(", ").join(
        f"{localized(row.title)} ({time_local(row.starts_at)})"
        for row in (agenda[each] for each in clashes)
        if row.starts_at
    )
    return "warning", _("Added to your schedule. It overlaps with: %(sessions)s", sessions=others)


def _own_orders(attendees: list[AttendeeRow]) -> list[tuple[OrderRow | None, list[AttendeeRow]]]:
    """Return the attendees grouped by order, with the order itself if this person placed it."""
    by_order: dict[int, list[AttendeeRow]] = {}
    for each in attendees:
        by_order.setdefault(each.order_id, []).append(each)
    return [
        (get_order_by_id(order_id) if group[0].order_person_id == current_person_id() else None, group)
        for order_id, group in by_order.items()
    ]


def _own_attendee(code: str | None) -> AttendeeRow:
    """Return the attendee with this code, or the first one; only if this person may see them. Raises Missing."""
    attendees = list_attendees_of_person(current_person_id(), current_edition().id)
    found = (
        next((each for each in attendees if each.code == code), None)
        if code
        else first_confirmed(attendees, current_person_id())
    )
    if found is None:
        raise Missing("attendee_missing")
    return found


def _address(slug: str) -> str:
    return public_url(url_for("public_program.show_session", slug=slug))


def _download(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
