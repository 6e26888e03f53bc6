"""Lists on paper, one per checkpoint, for when neither network nor power can be relied on."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from expo.accounts.rules import require_confirmed
from expo.checkin.queries.checkpoints import get_checkpoint, list_checkpoints
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.reports.gate_list import count_gate_entries, start_gate_list
from expo.tickets.queries import list_ticket_types
from expo.web.desk.place import desk_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.language import current_language, localized
from expo.web.kit.questions import AnswerForm

blueprint = desk_blueprint("desk_lists", __name__, "/lists")


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the checkpoints with the size of their lists."""
    edition = current_edition()
    checkpoints = list_checkpoints(edition.id)
    return render_template(
        "desk/lists.html",
        form=AnswerForm(),
        gates=[(each, count_gate_entries(edition.id, each)) for each in checkpoints],
        ticket_names={each.id: localized(each.name) for each in list_ticket_types(edition.id, utcnow())},
    )


@blueprint.post("/<code>")
def prepare(code: str) -> Response:
    """Queue a checkpoint's list, and show its progress."""
    edition, actor = current_edition(), current_actor()
    require_confirmed(actor)
    count_against("20/hour", "export", str(actor.id))
    labels = {
        "title": f"{localized(edition.title)} · {localized(get_checkpoint(edition.id, code).name)}",
        "as_of": _("As of {moment}"),
        "page": _("Page {page}"),
        "nobody": _("Nobody may enter here."),
    }
    run_id = start_gate_list(actor, edition, code, labels, current_language().code, utcnow())
    return redirect(url_for("organizer_exports.show", run_id=run_id))
