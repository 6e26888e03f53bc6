"""The questions that companies answer when they apply: list, add, edit, move, remove and preview."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.errors import Missing
from expo.exhibitors.queries import find_window
from expo.web.kit.access import current_edition
from expo.web.organizer.question_pages import (
    Page,
    QuestionSection,
    add_question,
    change_question,
    edit_question,
    list_questions,
    preview_questions,
)
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint(
    "organizer_application_questions",
    __name__,
    "/exhibitors/applications/questions",
    Permission.EXHIBITORS_MANAGE,
)


@blueprint.get("", strict_slashes=False)
def list_all() -> str:
    """List the questions in their order, with buttons to change them."""
    return list_questions(_section())


@blueprint.get("/preview")
def preview() -> str:
    """Show the form as applicants see it."""
    return preview_questions(_section())


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> Page:
    """Add a question of the kind that the address names."""
    return add_question(_section())


@blueprint.route("/<int:field_id>/edit", methods=["GET", "POST"])
def edit(field_id: int) -> Page:
    """Change a question; what others changed in the meantime is not overwritten."""
    return edit_question(_section(), field_id)


@blueprint.post("/<int:field_id>/<any(up, down, remove):act>")
def change(field_id: int, act: str) -> Response:
    """Move a question up or down, or remove it."""
    return change_question(_section(), field_id, act)


def _section() -> QuestionSection:
    window = find_window(current_edition().id)
    if window is None:
        raise Missing("form_missing")
    return QuestionSection(
        form_id=window.form_id,
        trail=[
            (_("Exhibitors"), url_for("organizer_exhibitors.list_companies")),
            (_("Applications"), url_for("organizer_applications.list_all")),
        ],
        blueprint=blueprint.name,
        introduction=_(
            "Company, country, website, contact, package and what the company shows are always asked. Add what else "
            "you need to know."
        ),
    )
