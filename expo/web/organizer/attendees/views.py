"""The attendee list with its filters, and everything about one attendee."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.queries import name_actors
from expo.accounts.rules import Permission, require
from expo.badges.queries import find_badge_of
from expo.checkin.queries.checkpoints import door_facts
from expo.checkin.queries.devices import name_devices
from expo.checkin.queries.scans import list_scans_of
from expo.errors import Conflict, Invalid
from expo.flows.badges import badge_pdf
from expo.infra.audit import record_export
from expo.infra.clock import utcnow
from expo.mail.queries import EmailFilter, find_emails
from expo.pure.codes import normalize_code, show_code
from expo.pure.languages import BY_CODE
from expo.registration.queries import (
    AttendeeFilter,
    AttendeeRow,
    attendee_history,
    count_attendees,
    get_attendee,
    get_order,
    list_add_ons_of,
    list_possible_duplicates,
    search_attendees,
)
from expo.registration.queries.sorting import OrderKey
from expo.registration.rules import HOLDING_STATES, AttendeeState
from expo.registration.services import change_attendee
from expo.tickets.queries import list_ticket_types, name_add_ons
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.countries import countries_in
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.language import current_locale, localized
from expo.web.kit.questions import AnswerForm, show_question
from expo.web.kit.scan_labels import force_label
from expo.web.kit.status_labels import ATTENDEE_STATES
from expo.web.organizer.attendees.actions import ATTENDEE_ACTIONS
from expo.web.organizer.attendees.columns import COLUMNS, order_of_request, shown_columns
from expo.web.organizer.attendees.filters import PRESETS, filter_of_request, query_of_request
from expo.web.organizer.attendees.forms import AttendeeForm
from expo.web.organizer.attendees.history import entries_of
from expo.web.organizer.exports.views import export_attendees
from expo.web.organizer.labels import (
    DIRECTIONS,
    MESSAGES,
    ORDER_STATES,
    email_status,
    reason_label,
)
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_attendees", __name__, "/attendees", Permission.ATTENDEES_READ)

PAGE = 50
EMAILS_SHOWN = 20

blueprint.add_app_template_filter(show_code, "code")
blueprint.add_app_template_filter(reason_label)
blueprint.add_app_template_global(force_label)
blueprint.add_app_template_filter(lambda code: BY_CODE[code].name if code in BY_CODE else code, "language_name")


@blueprint.get("", strict_slashes=False)
def list_attendees() -> str:
    """List attendees matching the filter; htmx requests get only the list."""
    edition = current_edition()
    wanted, order = filter_of_request(), order_of_request()
    cursor = request.args.get("cursor", type=int)
    page = search_attendees(edition.id, wanted, cursor=cursor, limit=PAGE, order=order)
    shown = shown_columns()
    template = "organizer/attendees/_list.html" if is_partial_request() else "organizer/attendees/list.html"
    return render_template(
        template,
        form=AnswerForm(),
        wanted=wanted,
        query=query_of_request(wanted),
        sort=request.args["sort"] if order else "",
        page=page,
        add_ons=list_add_ons_of([each.id for each in page.rows]) if OrderKey.ADD_ONS in shown else {},
        add_on_names={code: localized(name) for code, name in name_add_ons(edition.id).items()},
        is_first=cursor is None,
        cursor=cursor,
        is_all_selected=request.args.get("select") == "all",
        columns=COLUMNS,
        shown=shown,
        presets=PRESETS,
        total=count_attendees(edition.id, wanted),
        awaiting=count_attendees(edition.id, AttendeeFilter(state=AttendeeState.AWAITING_APPROVAL)),
        states=ATTENDEE_STATES,
        ticket_types=[(each.code, localized(each.name)) for each in list_ticket_types(edition.id, utcnow())],
        countries=countries_in(current_locale()),
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> str | Response:
    """Return the matching attendees as a file, or offer to prepare it."""
    return export_attendees(kind)


@blueprint.get("/<code>")
def show_attendee(code: str) -> str:
    """Show everything about one attendee."""
    edition, actor = current_edition(), current_actor()
    attendee = get_attendee(edition.id, normalize_code(code))
    history = attendee_history(edition.id, attendee.id)
    scans = list_scans_of(door_facts(edition.id), attendee.id)
    emails, _more = find_emails(
        edition.id, EmailFilter(person_id=attendee.person_id), of_no_edition=False, limit=EMAILS_SHOWN
    )
    actors = [(each.actor_kind, each.actor_id) for each in history]
    actors += [(each.actor_kind, each.actor_id) for each in scans]
    names = name_actors(actors, edition.id) | name_devices(actors, edition.id)
    add_on_names = {add_on: localized(name) for add_on, name in name_add_ons(edition.id).items()}
    return render_template(
        "organizer/attendees/attendee.html",
        attendee=attendee,
        order=get_order(edition.id, attendee.order_code),
        add_ons=list_add_ons_of([attendee.id]).get(attendee.id, ()),
        add_on_names=add_on_names,
        badge=find_badge_of(attendee.id),
        same=_find_duplicates(attendee),
        desk_acts=_list_desk_acts(attendee),
        scans=scans,
        emails=emails,
        history=entries_of(history, names, list_ticket_types(edition.id, utcnow()), add_on_names),
        names=names,
        acts={
            word: act
            for word, act in ATTENDEE_ACTIONS.items()
            if act.fits(attendee) and actor.may(act.permission, edition.id)
        },
        states=ATTENDEE_STATES,
        holding=HOLDING_STATES,
        order_states=ORDER_STATES,
        email_status=email_status,
        messages=MESSAGES,
        directions=DIRECTIONS,
    )


@blueprint.get("/<code>/badge.pdf")
def print_badge(code: str) -> Response:
    """Return an attendee's badge for printing."""
    attendee = get_attendee(current_edition().id, normalize_code(code))
    pdf = badge_pdf(attendee.edition_id, attendee.id)
    record_export(current_actor(), "badge", utcnow(), attendee.edition_id, attendee=attendee.id)
    response = Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"badge-{attendee.code}.pdf")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
def edit_attendee(code: str) -> str | AnyResponse | tuple[str, int]:
    """Change an attendee's details."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.ATTENDEES_WRITE, edition.id)
    attendee = get_attendee(edition.id, normalize_code(code))
    form = AttendeeForm.of(attendee)
    if form.validate_on_submit():
        try:
            change_attendee(actor, edition.id, attendee.id, form.to_change(), utcnow())
        except Invalid as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes to %(name)s saved.", name=form.name.data), "success")
            return redirect(url_for("organizer_attendees.show_attendee", code=code))
    page = render_template("organizer/attendees/edit.html", form=form, attendee=attendee)
    return page, 422 if form.errors else 200


@blueprint.route(
    "/<code>/<any(approve, reject, cancel, confirm, paid, resend, reissue, revoke):act>", methods=["GET", "POST"]
)
def decide(code: str, act: str) -> AnyResponse | tuple[str, int]:
    """Ask for confirmation, then run an action on an attendee."""
    edition, actor = current_edition(), current_actor()
    chosen = ATTENDEE_ACTIONS[act]
    require(actor, chosen.permission, edition.id)
    attendee = get_attendee(edition.id, normalize_code(code))
    question = chosen.ask(attendee)
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        chosen.run(attendee)
    except (Conflict, Invalid) as error:
        return show_question(question, error)
    flash(chosen.done(attendee), "success")
    return redirect(question.back_url)


def _find_duplicates(attendee: AttendeeRow) -> list[AttendeeRow]:
    """Return possible duplicate registrations of this person."""
    if attendee.state not in HOLDING_STATES:
        return []
    return list_possible_duplicates(
        attendee.edition_id, attendee.email, attendee.name, attendee.company, excluding=attendee
    )


def _list_desk_acts(attendee: AttendeeRow) -> list[tuple[str, str]]:
    """Return the help desk actions for an attendee, as (label, URL)."""
    may, edition_id = current_actor().may, attendee.edition_id
    acts: list[tuple[str, str]] = []
    if not may(Permission.ATTENDEES_WRITE, edition_id):
        return acts
    acts.append((_("Open at the help desk"), url_for("desk.show_person", code=attendee.code)))
    if attendee.state is AttendeeState.CONFIRMED and may(Permission.SCAN, edition_id):
        acts.append((_("Check in"), url_for("desk_corrections.check_in", code=attendee.code)))
    if attendee.state in HOLDING_STATES:
        acts.append((_("Correct e-mail address"), url_for("desk_corrections.correct_email", code=attendee.code)))
        acts.append((_("Change ticket"), url_for("desk_corrections.exchange_ticket", code=attendee.code)))
        acts.append((_("Check-in note"), url_for("desk_corrections.edit_door_note", code=attendee.code)))
    return acts
