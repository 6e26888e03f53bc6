"""Checkpoints: who may pass, how full they are now, and who was refused and why."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.checkin.queries.checkpoints import get_checkpoint, list_checkpoints
from expo.checkin.queries.figures import list_door_counts
from expo.checkin.queries.zones import list_zones
from expo.checkin.services.checkpoints import (
    CheckpointRequest,
    close_checkpoint,
    create_checkpoint,
    delete_checkpoint,
    move_checkpoint,
    open_checkpoint,
)
from expo.editions.queries import list_halls, list_rooms
from expo.errors import Conflict, Invalid, Outdated
from expo.infra.clock import utcnow
from expo.program.queries import list_sessions
from expo.reports.doors import list_recent_refusals
from expo.tickets.queries import TicketTypeRow, list_ticket_types
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.form_pages import show_at_field
from expo.web.kit.language import localized
from expo.web.kit.questions import AnswerForm, Question, show_question
from expo.web.kit.text_fields import texts_of
from expo.web.organizer.checkpoints.forms import CheckpointForm
from expo.web.organizer.checkpoints.parts import SETTINGS, find_other_change, save_part, version_of_part
from expo.web.organizer.labels import reason_label
from expo.web.organizer.sections import is_partial_request, section_blueprint

blueprint = section_blueprint("organizer_checkpoints", __name__, "/checkpoints", Permission.CHECKPOINTS_MANAGE)

STEPS = {"up": -1, "down": 1}
COLUMNS = ("Code", "Name (English)", "Name (Chinese)", "Hall", "Room", "Tickets", "Capacity", "Opens", "Closes", "Open")


@blueprint.get("", strict_slashes=False)
def show_checkpoints() -> str:
    """Show every checkpoint with live counts; htmx requests get only counts and refusals."""
    edition, now = current_edition(), utcnow()
    template = "organizer/checkpoints/_live.html" if is_partial_request() else "organizer/checkpoints/list.html"
    return render_template(
        template,
        doors=list_door_counts(edition.id, now),
        checkpoints={each.code: each for each in list_checkpoints(edition.id)},
        ticket_types={each.id: localized(each.name) for each in list_ticket_types(edition.id, now)},
        refusals=[(each, reason_label(each.reason)) for each in list_recent_refusals(current_actor(), edition)],
        now=now,
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return the checkpoints as a file."""
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
    return table_response(kind, f"checkpoints-{edition.slug}", COLUMNS, rows)


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> str | AnyResponse | tuple[str, int]:
    """Create a checkpoint."""
    edition, actor = current_edition(), current_actor()
    form = _set_choices(CheckpointForm())
    if form.validate_on_submit():
        try:
            create_checkpoint(actor, edition.id, form.code.data or "", _put_last(form.to_request(edition)), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "code")
        else:
            flash(_("Checkpoint %(name)s created. It is open for scanning.", name=_name_of(form)), "success")
            return redirect(url_for("organizer_checkpoints.show_checkpoints"))
    page = render_template("organizer/checkpoints/edit.html", form=form, door=None, edition_languages=edition.languages)
    return page, 422 if form.errors else 200


@blueprint.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> str | AnyResponse | tuple[str, int]:
    """Change a checkpoint."""
    edition = current_edition()
    door, others = get_checkpoint(edition.id, code), None
    form = _set_choices(CheckpointForm.of(door, edition))
    del form.code  # scanners use it, so it cannot be changed
    if form.validate_on_submit():
        try:
            save_part(code, SETTINGS, form.version.data or "", lambda now: form.to_request(edition, now))
        except Outdated:
            door = get_checkpoint(edition.id, code)
            others = find_other_change(door, form.show_values(door))
            form.version.data = version_of_part(door, SETTINGS)  # saving again is confirmation enough
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            flash(_("Changes saved. Scanners update within two seconds."), "success")
            return redirect(url_for("organizer_checkpoints.show_checkpoints"))
    page = render_template(
        "organizer/checkpoints/edit.html",
        form=form,
        door=door,
        edition_languages=edition.languages,
        other_changes=others,
        current_url=url_for("organizer_checkpoints.edit", code=code),
    )
    return page, 409 if others is not None else 422 if form.errors else 200


@blueprint.post("/<code>/move/<any(up, down):way>")
def move(code: str, way: str) -> AnyResponse:
    """Move a checkpoint up or down the list."""
    move_checkpoint(current_actor(), current_edition().id, code, STEPS[way], utcnow())
    return redirect(url_for("organizer_checkpoints.show_checkpoints"))


@blueprint.post("/<code>/open")
def reopen(code: str) -> AnyResponse:
    """Reopen a closed checkpoint."""
    edition = current_edition()
    open_checkpoint(current_actor(), edition.id, code, utcnow())
    flash(_("Checkpoint %(name)s opened.", name=localized(get_checkpoint(edition.id, code).name)), "success")
    return redirect(url_for("organizer_checkpoints.show_checkpoints"))


@blueprint.route("/<code>/close", methods=["GET", "POST"])
def close(code: str) -> AnyResponse | tuple[str, int]:
    """Ask for confirmation, then refuse every scan at a checkpoint."""
    edition = current_edition()
    door = get_checkpoint(edition.id, code)
    question = Question(
        _("Close checkpoint %(name)s?", name=localized(door.name)),
        _("All badges are refused there until you open it again."),
        _("Close checkpoint"),
        [(_("Check-in"), url_for("organizer_checkpoints.show_checkpoints"))],
        is_destructive=True,
    )
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    close_checkpoint(current_actor(), edition.id, code, utcnow())
    flash(_("Checkpoint %(name)s closed.", name=localized(door.name)), "success")
    return redirect(question.back_url)


@blueprint.route("/<code>/delete", methods=["GET", "POST"])
def delete(code: str) -> AnyResponse | tuple[str, int]:
    """Ask for confirmation, then delete a checkpoint without scans."""
    edition = current_edition()
    checkpoint = get_checkpoint(edition.id, code)
    question = Question(
        _("Delete %(name)s?", name=localized(checkpoint.name)),
        _("This cannot be undone."),
        _("Delete"),
        [(_("Check-in"), url_for("organizer_checkpoints.show_checkpoints"))],
        is_destructive=True,
    )
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        delete_checkpoint(current_actor(), edition.id, code, utcnow())
    except Conflict as error:
        return show_question(question, error)
    flash(_("Deleted."), "success")
    return redirect(question.back_url)


def _name_of(form: CheckpointForm) -> str:
    return localized(texts_of(form.name, current_edition().languages))


def _put_last(request: CheckpointRequest) -> CheckpointRequest:
    """Put a new checkpoint after the others."""
    return replace(
        request, position=max((each.position for each in list_checkpoints(current_edition().id)), default=-1) + 1
    )


def _set_choices(form: CheckpointForm) -> CheckpointForm:
    edition = current_edition()
    types: Sequence[TicketTypeRow] = list_ticket_types(edition.id, utcnow())
    form.offer(
        ticket_types=[(each.id, localized(each.name)) for each in types],
        halls=[(each.id, localized(each.name)) for each in list_halls(edition.id)],
        rooms=[(each.id, localized(each.name)) for each in list_rooms(edition.id)],
        sessions=[(each.id, localized(each.title)) for each in list_sessions(edition.id)],
        zones=list_zones(edition.id),
    )
    return form
