"""Session types: list, add, duplicate, change, reorder and delete."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.errors import Conflict, Invalid, Outdated
from expo.infra.clock import utcnow
from expo.program.queries import TypeRow, get_type, list_types as list_session_types
from expo.program.services import change_type, create_type, delete_type, move_type
from expo.pure.copies import name_copy
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import localized
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.changes import list_other_changes
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.session_types.forms import TypeForm, values_of

blueprint = section_blueprint("organizer_session_types", __name__, "/program/types", Permission.PROGRAM_READ)

Page = str | Response | tuple[str, int]
STEPS = {"up": -1, "down": 1}


@blueprint.get("", strict_slashes=False)
def list_types() -> str:
    """List session types in their order."""
    return render_template("organizer/session_types/list.html", types=list_session_types(current_edition().id))


@blueprint.route("/new", methods=["GET", "POST"])
def add_type() -> Page:
    """Add a session type; with `copy`, the form begins with the values of another."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    original = get_type(edition.id, request.args["copy"]) if "copy" in request.args else None
    form = TypeForm.of(_copy_of(original, edition.id)) if original else TypeForm()
    if form.validate_on_submit():
        try:
            create_type(actor, edition.id, form.to_request(edition.languages), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Session type added."), "success")
            return redirect(url_for("organizer_session_types.list_types"))
    return render_form(
        form,
        "organizer/session_types/edit.html",
        session_type=None,
        original=original,
        edition_languages=edition.languages,
    )


def _copy_of(row: TypeRow, edition_id: int) -> TypeRow:
    return replace(row, name=name_copy(row.name, [each.name for each in list_session_types(edition_id)]))


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
def edit_type(code: str) -> Page:
    """Change a session type; if somebody else changed it in the meantime, show what they did."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    row = get_type(edition.id, code)
    form, others = TypeForm.of(row), None
    if form.validate_on_submit():
        wanted = form.to_request(edition.languages, row)
        try:
            change_type(actor, edition.id, code, wanted, form.version.data or "", utcnow())
        except Outdated:
            row = get_type(edition.id, code)
            others = list_other_changes(form, "session_type", row.id, edition.id, values_of(row))
            form.version.data = row.version
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_session_types.list_types"))
    page, status = render_form(
        form,
        "organizer/session_types/edit.html",
        session_type=row,
        other_changes=others,
        edition_languages=edition.languages,
    )
    return page, 409 if others is not None else status


@blueprint.post("/<code>/move/<any(up, down):way>")
def shift_type(code: str, way: str) -> Response:
    """Move a session type up or down the list."""
    move_type(current_actor(), current_edition().id, code, STEPS[way], utcnow())
    return redirect(url_for("organizer_session_types.list_types"))


@blueprint.route("/<code>/delete", methods=["GET", "POST"])
def confirm_deletion(code: str) -> Page:
    """Name what depends on a session type and ask for confirmation, then delete it."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.PROGRAM_MANAGE, edition.id)
    row = get_type(edition.id, code)
    count = row.session_count
    question = Question(
        title=_("Delete %(name)s?", name=localized(row.name)),
        text=ngettext(
            "%(count)s session will be left without a type. This cannot be undone.",
            "%(count)s sessions will be left without a type. This cannot be undone.",
            count,
            count=number(count),
        )
        if count
        else _("No session uses it. This cannot be undone."),
        button=_("Delete session type"),
        trail=[
            (_("Programme"), url_for("organizer_sessions.list_sessions")),
            (_("Session types"), url_for("organizer_session_types.list_types")),
        ],
        is_destructive=True,
    )
    return confirm_first(
        question, lambda: delete_type(actor, edition.id, code, None, utcnow()), _("Session type deleted.")
    )
