"""All editions of this installation, and which of them visitors see."""

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import Permission, require
from expo.editions.queries import get_edition, list_editions
from expo.editions.services import make_current
from expo.infra.clock import utcnow
from expo.web.kit.access import current_actor
from expo.web.kit.language import localized
from expo.web.kit.questions import Question, confirm_first
from expo.web.organizer.navigation import settings_trail
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_editions", __name__, "/settings/expos", Permission.EDITION_MANAGE)


@blueprint.get("")
def show_editions() -> str:
    """List all editions; for administrators only."""
    require(current_actor(), Permission.EDITION_MANAGE, None)
    return render_template("organizer/editions/list.html", every=list_editions())


@blueprint.route("/<int:edition_id>/make-current", methods=["GET", "POST"])
def make_edition_current(edition_id: int) -> Response | tuple[str, int]:
    """Ask for confirmation, then show another edition to visitors."""
    require(current_actor(), Permission.EDITION_MANAGE, None)
    chosen = get_edition(edition_id)
    question = Question(
        _("Show %(name)s to visitors?", name=localized(chosen.title)),
        _("The public pages, registration and schedule switch to this expo immediately."),
        _("Make current"),
        settings_trail(_("All expos"), "organizer_editions.show_editions"),
    )
    return confirm_first(
        question,
        lambda: make_current(current_actor(), edition_id, utcnow()),
        _("Visitors now see %(name)s.", name=localized(chosen.title)),
    )
