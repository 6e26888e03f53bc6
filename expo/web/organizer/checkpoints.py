"""The list of checkpoints beyond their live counts: its order, a file of it, deleting one that was never used."""

from flask import Response, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.checkin.queries.checkpoints import get_checkpoint, list_checkpoints
from expo.checkin.services.checkpoints import delete_checkpoint, move_checkpoint
from expo.editions.queries import list_halls, list_rooms
from expo.errors import Conflict
from expo.infra.clock import utcnow
from expo.tickets.queries import list_ticket_types
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.language import localized
from expo.web.organizer.downloads import give_table
from expo.web.organizer.questions import AnswerForm, Question, show_question
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_checkpoints", __name__, "/doors", Permission.CHECKPOINTS_MANAGE)

STEPS = {"up": -1, "down": 1}
COLUMNS = ("Code", "Name (English)", "Name (Chinese)", "Hall", "Room", "Tickets", "Capacity", "Opens", "Closes", "Open")


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Give the checkpoints as a file."""
    edition = current_edition()
    halls = {each.id: localized(each.name, "en") for each in list_halls(edition.id)}
    rooms = {each.id: localized(each.name, "en") for each in list_rooms(edition.id)}
    codes = {each.id: each.code for each in list_ticket_types(edition.id, utcnow())}
    rows = [
        [
            each.code,
            each.name.get("en", ""),
            each.name.get("zh", ""),
            halls.get(each.hall_id or 0, ""),
            rooms.get(each.room_id or 0, ""),
            "; ".join(codes[type_id] for type_id in sorted(each.ticket_type_ids or ())),
            each.capacity,
            each.opens_at.astimezone(edition.zone).isoformat(timespec="minutes") if each.opens_at else "",
            each.closes_at.astimezone(edition.zone).isoformat(timespec="minutes") if each.closes_at else "",
            "yes" if each.is_open else "no",
        ]
        for each in list_checkpoints(edition.id)
    ]
    return give_table(kind, f"checkpoints-{edition.slug}", COLUMNS, rows)


@blueprint.post("/<code>/move/<any(up, down):way>")
def shift(code: str, way: str) -> AnyResponse:
    """Move a checkpoint up or down the list."""
    move_checkpoint(current_actor(), current_edition().id, code, STEPS[way], utcnow())
    return redirect(url_for("organizer_doors.list_doors"))


@blueprint.route("/<code>/delete", methods=["GET", "POST"])
def remove(code: str) -> AnyResponse | tuple[str, int]:
    """Ask, and then delete a checkpoint at which nothing was ever scanned."""
    edition = current_edition()
    checkpoint = get_checkpoint(edition.id, code)
    question = Question(
        _("Delete the checkpoint %(name)s?", name=localized(checkpoint.name)),
        _("This cannot be undone."),
        _("Delete"),
        url_for("organizer_doors.list_doors"),
        is_grave=True,
    )
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        delete_checkpoint(current_actor(), edition.id, code, utcnow())
    except Conflict as error:
        return show_question(question, error)
    flash(_("Deleted."), "success")
    return redirect(question.back_url)
