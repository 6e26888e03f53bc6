"""The floor plan editor: the halls, the page of one hall, and the JSON that its script sends."""

from flask import Response, jsonify, render_template, request
from werkzeug.exceptions import BadRequest

from expo.accounts.rules import Permission, require
from expo.errors import ExpoError, Missing
from expo.exhibitors.queries import get_plan, list_booths, list_plans, list_unassigned, read_mark, summarize_booths
from expo.exhibitors.rules import BoothState
from expo.exhibitors.services import change_booths, save_outline
from expo.infra.clock import utcnow
from expo.infra.files import find_file_by_key
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of, status_of
from expo.web.kit.floor_drawings import draw_hall
from expo.web.kit.list_pages import page_of_request
from expo.web.kit.stored_files import background_response
from expo.web.organizer.floor_plan.editor import (
    describe_faults,
    editor_to_json,
    list_faults,
    read_changes,
    read_request_id,
    state_in_words,
    state_to_json,
)
from expo.web.organizer.floor_plan.edits import describe_refusal
from expo.web.organizer.floor_plan.filters import read_booth_filter
from expo.web.organizer.floor_plan.forms import ArrangeForm
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_floor_plan", __name__, "/floor-plan", Permission.EXHIBITORS_READ)


@blueprint.get("", strict_slashes=False)
def list_halls() -> str:
    """List the halls with their size and how many booths are free, held and sold."""
    edition = current_edition()
    halls = [
        (plan, summarize_booths(list_booths(edition.id, plan.hall_id, utcnow()))) for plan in list_plans(edition.id)
    ]
    return render_template(
        "organizer/floor_plan/list.html",
        halls=halls,
        booths_without_hall=list_booths(edition.id, None, utcnow()),
        unassigned=len(list_unassigned(edition.id)),
        currency_code=edition.currency,
    )


@blueprint.get("/<hall>")
def show_plan(hall: str) -> str:
    """Show the editor of a hall, with the same content as a table."""
    edition = current_edition()
    plan = get_plan(edition.id, hall)
    rows = list_booths(edition.id, plan.hall_id, utcnow())
    wanted = read_booth_filter()
    matching = wanted.apply(rows)
    page = page_of_request(len(matching), wanted.to_query, anchor="booths")
    return render_template(
        "organizer/floor_plan/editor.html",
        plan=plan,
        has_booths=bool(rows),
        booths=page.cut(matching),
        page=page,
        wanted=wanted,
        states=[(each.value, state_in_words(each)) for each in BoothState],
        figures=summarize_booths(rows),
        faults=describe_faults(*list_faults(plan, rows)) if plan.is_drawn else [],
        drawing=draw_hall(plan, rows),
        data=editor_to_json(edition, plan) if plan.is_drawn else None,
        state_in_words=state_in_words,
        currency_code=edition.currency,
        arrange_form=ArrangeForm(),
    )


@blueprint.get("/<hall>/state.json")
def show_state(hall: str) -> Response | tuple[str, int]:
    """Return the booths as they are now; 204 if nothing was changed `since` the mark that an editor has."""
    edition, since = current_edition(), request.args.get("since", "")
    plan = get_plan(edition.id, hall)
    if since and since == str(read_mark(plan.hall_id, utcnow())):
        return "", 204
    return jsonify(state_to_json(edition, plan, since, request.args.get("editor", "")))


@blueprint.post("/<hall>/changes")
def store_changes(hall: str) -> tuple[Response, int]:
    """Add, move, resize, renumber or delete booths: all of the changes, or none."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    body = request.get_json(silent=True)
    request_id, editor, since = read_request_id(body)
    try:
        ids = change_booths(actor, edition.id, hall, read_changes(body), utcnow(), request_id)
    except ExpoError as error:
        return jsonify(error=describe_refusal(error), code=error.code), status_of(error)
    return jsonify(ids=ids, **state_to_json(edition, get_plan(edition.id, hall), since, editor)), 200


@blueprint.post("/<hall>/outline")
def store_outline(hall: str) -> tuple[Response, int]:
    """Set the corners of a hall that is not a rectangle; none make it one again."""
    edition, actor = current_edition(), current_actor()
    require(actor, Permission.EXHIBITORS_MANAGE, edition.id)
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or type(body.get("version")) is not int:
        raise BadRequest
    try:
        save_outline(actor, edition.id, hall, body.get("points"), body["version"], utcnow())
    except ExpoError as error:
        return jsonify(error=message_of(error), code=error.code), status_of(error)
    return jsonify(state_to_json(edition, get_plan(edition.id, hall))), 200


@blueprint.get("/<hall>/backgrounds/<key>")
def show_background(hall: str, key: str) -> Response:
    """Return the picture under a plan; other stored files are not found here."""
    plan = get_plan(current_edition().id, hall)
    if plan.background is None or plan.background.key != key:
        raise Missing("file_missing")
    return background_response(find_file_by_key(key), is_public=False)
