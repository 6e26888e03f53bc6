"""The questions of a call: list, add, edit, move, remove and preview."""

from flask import url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission
from expo.proposals.queries import get_call
from expo.web.kit.access import current_edition
from expo.web.kit.language import localized
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
    "organizer_call_questions", __name__, "/calls/<slug>/questions", Permission.PROGRAM_MANAGE
)


@blueprint.get("", strict_slashes=False)
def list_all(slug: str) -> str:
    """List the questions in their order, with buttons to change them."""
    return list_questions(_section(slug))


@blueprint.get("/preview")
def preview(slug: str) -> str:
    """Show the form as speakers see it."""
    return preview_questions(_section(slug))


@blueprint.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Page:
    """Add a question of the kind that the address names."""
    return add_question(_section(slug))


@blueprint.route("/<int:field_id>/edit", methods=["GET", "POST"])
def edit(slug: str, field_id: int) -> Page:
    """Change a question; what others changed in the meantime is not overwritten."""
    return edit_question(_section(slug), field_id)


@blueprint.post("/<int:field_id>/<any(up, down, remove):act>")
def change(slug: str, field_id: int, act: str) -> Response:
    """Move a question up or down, or remove it."""
    return change_question(_section(slug), field_id, act)


def _section(slug: str) -> QuestionSection:
    call = get_call(current_edition().id, slug)
    return QuestionSection(
        form_id=call.form_id,
        trail=[
            (_("Calls for proposals"), url_for("organizer_calls.list_all")),
            (localized(call.title), url_for("organizer_calls.edit", slug=slug)),
        ],
        blueprint=blueprint.name,
        introduction=_(
            "Title, abstract, type, track, language and level are always asked. Add what else you need to know."
        ),
        values={"slug": slug},
        has_blind_reviews=True,
    )
