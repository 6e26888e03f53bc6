"""The attendee's own pages: the badge first, then my day, then what to change."""

from datetime import date
from itertools import groupby

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.badges.queries import list_badges_of
from expo.documents.qr import qr_svg
from expo.errors import Invalid, Missing
from expo.flows.badging import badge_pdf as render_badge_pdf
from expo.flows.registering import cancel_registration
from expo.infra.addresses import public_url
from expo.infra.clock import utcnow
from expo.program.queries import SessionRow, list_agenda
from expo.program.rules import find_overlaps
from expo.program.services import add_to_agenda, remove_from_agenda
from expo.registration.queries import AttendeeRow, list_attendees_of_person
from expo.registration.rules import AttendeeState
from expo.registration.services import change_attendee
from expo.reports.schedules import export_agenda_ics, export_agenda_pdf
from expo.web.attendee.forms import ChangeForm, QuestionForm
from expo.web.kit.access import (
    Audience,
    audience_blueprint,
    current_actor,
    current_edition,
    current_person_id,
    safe_path,
)
from expo.web.kit.countries import countries_in
from expo.web.kit.errors import sentence_of
from expo.web.kit.language import current_language, current_locale
from expo.web.kit.schedule_words import schedule_words

blueprint = audience_blueprint("attendee", __name__, Audience.ATTENDEES, url_prefix="/me")


@blueprint.get("/")
@blueprint.get("", strict_slashes=False)
def me() -> str:
    """Show the badges of the person and of those they registered, and the day of the first of them."""
    edition = current_edition()
    attendees = list_attendees_of_person(current_person_id(), edition.id)
    badges = list_badges_of([attendee.id for attendee in attendees])
    codes = {
        attendee_id: qr_svg(badge.token, title=_("QR code of your badge"))
        for attendee_id, badge in badges.items()
        if badge.revoked_at is None
    }
    own = _first_coming(attendees)
    agenda = list_agenda(own.id, edition.id) if own else []
    return render_template(
        "attendee/me.html",
        attendees=attendees,
        badges=badges,
        codes=codes,
        own=own,
        days=_by_day(agenda),
        overlapping={agenda[at].id for at in find_overlaps(agenda)},
        seen_at=utcnow(),
        is_new=session.pop("confirmed_now", False),
    )


@blueprint.get("/badge.pdf")
def badge_pdf() -> Response:
    """Give a badge as a PDF to print: the first one, or that of `?attendee=CODE`."""
    attendee = _own_attendee(request.args.get("attendee"))
    pdf = render_badge_pdf(attendee.edition_id, attendee.id)
    return _download(pdf, "application/pdf", f"badge-{attendee.code}.pdf")


@blueprint.get("/schedule.pdf")
def schedule_pdf() -> Response:
    """Give my sessions as a PDF."""
    edition, attendee = current_edition(), _own_attendee(request.args.get("attendee"))
    pdf = export_agenda_pdf(edition, attendee, current_language().code, schedule_words(), utcnow())
    return _download(pdf, "application/pdf", "my-schedule.pdf")


@blueprint.get("/schedule.ics")
def schedule_ics() -> Response:
    """Give my sessions to a calendar."""
    edition, attendee = current_edition(), _own_attendee(request.args.get("attendee"))
    return _download(
        export_agenda_ics(edition, attendee.id, current_language().code, _address), "text/calendar", "my.ics"
    )


@blueprint.route("/<code>/change", methods=["GET", "POST"])
def change(code: str) -> str | AnyResponse | tuple[str, int]:
    """Change what is known of an attendee."""
    attendee = _own_attendee(code)
    form = ChangeForm(obj=attendee)
    form.country.choices = countries_in(current_locale())
    if not form.validate_on_submit():
        return render_template("attendee/change.html", form=form, attendee=attendee), 422 if form.errors else 200
    try:
        change_attendee(current_actor(), attendee.edition_id, attendee.id, form.to_change(), utcnow())
    except Invalid as error:
        field = getattr(form, str(error.params.get("field")), form.name)
        field.errors = [sentence_of(error)]
        return render_template("attendee/change.html", form=form, attendee=attendee), 422
    flash(_("Saved."), "success")
    return redirect(url_for("attendee.me"))


@blueprint.route("/<code>/cancel", methods=["GET", "POST"])
def cancel(code: str) -> str | AnyResponse:
    """Ask, and then cancel: the badge stops working and the place goes to somebody else."""
    attendee = _own_attendee(code)
    form = QuestionForm()
    if not form.validate_on_submit():
        return render_template("attendee/cancel.html", form=form, attendee=attendee)
    cancel_registration(current_actor(), attendee.edition_id, attendee.id, utcnow())
    flash(_("The registration of %(name)s is cancelled.", name=attendee.name), "success")
    return redirect(url_for("attendee.me"))


@blueprint.post("/agenda/<slug>")
def change_agenda(slug: str) -> AnyResponse:
    """Put a session on my agenda, or take it off."""
    edition, attendee = current_edition(), _own_attendee(None)
    if request.form.get("go") == "remove":
        remove_from_agenda(current_actor(), edition.id, attendee.id, slug)
    else:
        add_to_agenda(current_actor(), edition.id, attendee.id, slug, utcnow())
    return redirect(safe_path(request.form.get("next")) or url_for("public_program.show_session", slug=slug))


def _own_attendee(code: str | None) -> AttendeeRow:
    """Return the attendee with this code if this person may see them, or the first who comes. Raises Missing."""
    attendees = list_attendees_of_person(current_person_id(), current_edition().id)
    found = next((each for each in attendees if each.code == code), None) if code else _first_coming(attendees)
    if found is None:
        raise Missing("attendee_missing")
    return found


def _first_coming(attendees: list[AttendeeRow]) -> AttendeeRow | None:
    person_id = current_person_id()
    coming = [each for each in attendees if each.state is AttendeeState.CONFIRMED]
    return next((each for each in coming if each.person_id == person_id), next(iter(coming), None))


def _by_day(sessions: list[SessionRow]) -> list[tuple[date | None, list[SessionRow]]]:
    return [(day, list(group)) for day, group in groupby(sessions, key=lambda row: row.day)]


def _address(slug: str) -> str:
    return public_url(url_for("public_program.show_session", slug=slug))


def _download(content: bytes, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
