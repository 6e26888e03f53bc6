"""The questions of a call: list, add, edit, move, remove and preview."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Conflict, Invalid
from expo.infra.clock import utcnow
from expo.proposals.queries import CallRow, get_call
from expo.questions.queries import Form, get_form
from expo.questions.rules import Field, FieldKind
from expo.questions.services import add_field, change_field, move_field, remove_field
from expo.web.forms.row_fields import change_rows
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.countries import countries_in
from expo.web.kit.errors import message_of
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.language import current_locale
from expo.web.kit.question_fields import PREFIX, conditions_json, describe_conditions
from expo.web.organizer.calls.forms import FIELD_KINDS, OPERATORS, QuestionForm
from expo.web.organizer.calls.rows import has_answers, make_key
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_call_questions", __name__, "/calls/<slug>/questions", Permission.PROGRAM_MANAGE
)

Page = str | Response | tuple[str, int]


@blueprint.get("", strict_slashes=False)
def list_all(slug: str) -> str:
    """List the questions in their order, with buttons to change them."""
    call, form = _load(slug)
    return render_template(
        "organizer/calls/questions.html",
        call=call,
        questions=form.fields,
        hints={each.key: describe_conditions(each, form.fields) for each in form.fields},
        kinds=FIELD_KINDS,
    )


@blueprint.get("/preview")
def preview(slug: str) -> str:
    """Show the form as speakers see it."""
    call, form = _load(slug)
    return render_template(
        "organizer/calls/preview.html",
        call=call,
        fields=form.fields,
        hints={each.key: describe_conditions(each, form.fields) for each in form.fields},
        conditions={each.key: conditions_json(each) for each in form.fields},
        countries=countries_in(current_locale()),
        prefix=PREFIX,
    )


@blueprint.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Page:
    """Add a question of the kind that the address names."""
    call, loaded = _load(slug)
    kind = _kind_of(request.args.get("kind", FieldKind.TEXT.value))
    edition = current_edition()
    form = QuestionForm.of(kind, None, loaded.fields, edition.languages)
    if not change_rows(form) and form.validate_on_submit():
        taken = {each.key for each in loaded.fields}
        field = form.to_field(kind, edition, make_key(form.label.form.en.data or "", taken, "question"))
        try:
            add_field(current_actor(), edition.id, call.form_id, field, utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "label")
        else:
            flash(_("The question has been added."), "success")
            return redirect(url_for("organizer_call_questions.list_all", slug=slug))
    return _page(form, call, kind, None)


@blueprint.route("/<int:field_id>/edit", methods=["GET", "POST"])
def edit(slug: str, field_id: int) -> Page:
    """Change a question; what others changed in the meantime is not overwritten."""
    call, loaded = _load(slug)
    field = _find(loaded, field_id)
    edition = current_edition()
    before = loaded.fields[: loaded.fields.index(field)]
    form = QuestionForm.of(field.kind, field, before, edition.languages)
    version = request.form.get("version", 0, type=int) if form.is_submitted() else loaded.version
    if not change_rows(form) and form.validate_on_submit():
        changed = form.to_field(field.kind, edition, field.key)
        try:
            change_field(current_actor(), edition.id, call.form_id, field_id, changed, version, utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "label")
            if error.code == "form_changed":
                # Whoever saves again has been told.
                version = loaded.version
        else:
            flash(_("The question has been saved."), "success")
            return redirect(url_for("organizer_call_questions.list_all", slug=slug))
    return _page(form, call, field.kind, field, version)


@blueprint.post("/<int:field_id>/<any(up, down, remove):act>")
def change(slug: str, field_id: int, act: str) -> Response:
    """Move a question up or down, or remove it."""
    call, _form = _load(slug)
    actor, edition = current_actor(), current_edition()
    try:
        if act == "remove":
            remove_field(actor, edition.id, call.form_id, field_id, utcnow())
        else:
            move_field(actor, edition.id, call.form_id, field_id, -1 if act == "up" else 1, utcnow())
    except Conflict as error:
        flash(message_of(error), "danger")
    return redirect(url_for("organizer_call_questions.list_all", slug=slug))


def _load(slug: str) -> tuple[CallRow, Form]:
    edition = current_edition()
    call = get_call(edition.id, slug)
    return call, get_form(edition.id, call.form_id)


def _find(form: Form, field_id: int) -> Field:
    field = next((each for each in form.fields if each.id == field_id), None)
    if field is None:
        abort(404)
    return field


def _kind_of(text: str) -> FieldKind:
    if text not in set(FieldKind):
        abort(404)
    return FieldKind(text)


def _page(form: QuestionForm, call: CallRow, kind: FieldKind, field: Field | None, version: int = 0) -> tuple[str, int]:
    return render_form(
        form,
        "organizer/calls/question.html",
        call=call,
        kind=FIELD_KINDS[kind],
        field=field,
        version=version,
        languages=current_edition().languages,
        operators=OPERATORS,
        typed={each.key for each in form.conditions.questions.values() if not has_answers(each)},
    )
