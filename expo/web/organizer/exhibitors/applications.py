"""Applications of companies: the queue, asking questions, declining, and when companies can apply."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, FormField, TextAreaField
from wtforms.validators import DataRequired, Length

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid
from expo.exhibitors.queries import (
    count_applications,
    find_window,
    get_application,
    get_application_file,
    list_application_files,
    list_applications,
)
from expo.exhibitors.rules import MAX_MESSAGE_LENGTH, ExhibitorState, WindowRequest, WindowState
from expo.exhibitors.services import set_window
from expo.flows.exhibitor_applications import ask_applicant, decline_application
from expo.infra.clock import utcnow
from expo.questions.queries import get_answers, list_fields
from expo.questions.rules import Field, FieldKind, Value
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.exhibitor_labels import EXHIBITOR_STATES, EXHIBITOR_TONES, WINDOW_STATES
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.question_fields import show_answer
from expo.web.kit.stored_files import stored_file_response
from expo.web.kit.text_fields import LongTexts, from_local, moment_field, texts_of, to_local
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_applications", __name__, "/exhibitors/applications", Permission.EXHIBITORS_MANAGE
)

Page = str | Response | tuple[str, int]


class WindowForm(FlaskForm):  # type: ignore[misc]
    """When companies can apply."""

    is_open = BooleanField(_l("Companies can apply"))
    opens_at = moment_field(_l("Opens"), _l("In the expo’s time zone. Leave empty to open immediately."))
    closes_at = moment_field(_l("Deadline"), _l("Leave empty for no deadline."))
    introduction = FormField(LongTexts, label=_l("Introduction"))


class MessageForm(FlaskForm):  # type: ignore[misc]
    """A question to an applicant, or the reason for declining."""

    text = TextAreaField(
        _l("Message"),
        validators=[DataRequired(_l("Enter a message.")), Length(max=MAX_MESSAGE_LENGTH)],
        render_kw={"rows": 5, "dir": "auto"},
    )


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the applications: first those that await a decision."""
    edition = current_edition()
    window = find_window(edition.id)
    page = page_of_request(count_applications(edition.id))
    applications = list_applications(edition.id, limit=page.size, offset=page.offset)
    return render_template(
        "organizer/exhibitors/applications.html",
        open_ones=[each for each in applications if each.state is ExhibitorState.APPLIED],
        decided=[each for each in applications if each.state is not ExhibitorState.APPLIED],
        page=page,
        window=window,
        window_word=WINDOW_STATES[window.state_at(utcnow()) if window else WindowState.OFF],
        states=EXHIBITOR_STATES,
        tones=EXHIBITOR_TONES,
    )


@blueprint.route("/window", methods=["GET", "POST"])
def edit_window() -> Page:
    """Set when companies can apply."""
    edition = current_edition()
    window = find_window(edition.id)
    form = WindowForm(
        data={
            "is_open": window.is_open if window else False,
            "opens_at": to_local(window.opens_at if window else None, edition.zone),
            "closes_at": to_local(window.closes_at if window else None, edition.zone),
            "introduction": window.introduction if window else {},
        }
    )
    if form.validate_on_submit():
        before = window.introduction if window else None
        request = WindowRequest(
            is_open=form.is_open.data,
            opens_at=from_local(form.opens_at.data, edition.zone),
            closes_at=from_local(form.closes_at.data, edition.zone),
            introduction=texts_of(form.introduction, edition.languages, before),
        )
        try:
            set_window(current_actor(), edition.id, request, utcnow())
        except Invalid as error:
            show_at_field(form, error, "closes_at")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_applications.list_all"))
    return render_form(form, "organizer/exhibitors/window.html", languages=edition.languages)


@blueprint.route("/<slug>", methods=["GET"])
def show(slug: str) -> str:
    """Show an application with its answers."""
    edition = current_edition()
    application = get_application(edition.id, slug)
    window, answers = find_window(edition.id), get_answers(application.sheet_id)
    fields = list_fields(window.form_id) if window else []
    files = list_application_files(application.exhibitor_id)
    shown = [(each, show_answer(each, answers.get(each.key), files)) for each in fields]
    return render_template(
        "organizer/exhibitors/application.html",
        application=application,
        answers=[(field, text, _file_url(slug, field, answers.get(field.key))) for field, text in shown if text],
        states=EXHIBITOR_STATES,
        tones=EXHIBITOR_TONES,
    )


@blueprint.get("/<slug>/files/<key>")
def download(slug: str, key: str) -> Response:
    """Return a file that an applicant sent; it is only ever a download."""
    application = get_application(current_edition().id, slug)
    return stored_file_response(get_application_file(application.exhibitor_id, key))


def _file_url(slug: str, field: Field, value: Value | None) -> str:
    """Return where the file that answers a question can be downloaded; empty for other questions."""
    is_file = field.kind is FieldKind.FILE and value
    return url_for("organizer_applications.download", slug=slug, key=str(value)) if is_file else ""


@blueprint.route("/<slug>/<any(ask, decline):act>", methods=["GET", "POST"])
def write(slug: str, act: str) -> Page:
    """Ask an applicant something, or decline the application with a reason; both by e-mail."""
    actor, edition = current_actor(), current_edition()
    application = get_application(edition.id, slug)
    form = MessageForm()
    if form.validate_on_submit():
        acts = ask_applicant if act == "ask" else decline_application
        try:
            acts(actor, edition.id, slug, form.text.data or "", utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "text")
        else:
            done = _("Your question has been sent.") if act == "ask" else _("The application has been declined.")
            flash(done, "success")
            return redirect(url_for("organizer_exhibitors.show_company", slug=slug))
    return render_form(form, "organizer/exhibitors/write.html", application=application, is_question=act == "ask")
