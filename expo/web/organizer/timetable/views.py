"""The timetable editor: the page, the plain form, and the JSON that the script sends and polls."""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Permission
from expo.editions.queries import EditionFacts
from expo.errors import ExpoError
from expo.infra.clock import utcnow
from expo.program import services
from expo.program.queries import Draft, DraftRoom, DraftSession, read_draft, read_history
from expo.program.rules.conflicts import PlacementConflict, find_conflicts, find_session_conflicts
from expo.program.rules.timetable import Slot, day_begins_at, day_of
from expo.program.services import PlacementResult, set_check_minutes, unplace_session
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import status_of
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.timetable.editor import (
    changes_to_json,
    content_to_json,
    editor_to_json,
    list_days,
    read_placement_request,
)
from expo.web.organizer.timetable.forms import CheckMinutesForm, PlacementForm
from expo.web.organizer.timetable.texts import conflict_to_json, describe_conflict, describe_error

blueprint = section_blueprint("organizer_timetable", __name__, "/program/timetable", Permission.PROGRAM_MANAGE)

Page = str | AnyResponse | tuple[str, int]
# A room (None for no room) with its sessions on a day.
RoomDay = tuple[DraftRoom | None, list[tuple[DraftSession, Slot]]]


@blueprint.get("", strict_slashes=False)
def show_timetable() -> str:
    """Show the editor at one day."""
    edition, actor = current_edition(), current_actor()
    draft, history = read_draft(edition), read_history(actor, edition.id)
    conflicts = [conflict_to_json(draft, each) for each in find_conflicts(draft.facts, draft.slots)]
    day = _chosen_day(edition, draft)
    return render_template(
        "organizer/timetable/editor.html",
        day=day,
        begins_at=day_begins_at(day, edition.zone),
        days=list_days(edition, draft),
        draft=draft,
        unplaced=[each for each in draft.sessions.values() if each.slot is None],
        rooms=_group_by_room(edition, draft, day),
        conflicts=conflicts,
        history=history,
        changed=sum(each.is_changed for each in draft.sessions.values()),
        data=editor_to_json(edition, draft, conflicts, history, day),
    )


@blueprint.get("/changes")
def show_changes() -> Response:
    """Return the changes of places after a revision, or the whole draft if its content is no longer `content`.

    While there are none, the answer to a repeated request is 304.
    """
    edition, since = current_edition(), max(request.args.get("since", 0, type=int), 0)
    if request.args.get("content", edition.content_version, type=int) != edition.content_version:
        return Response(content_to_json(edition), mimetype="application/json", headers={"Cache-Control": "no-store"})
    changes = changes_to_json(edition, current_actor(), since)
    response = jsonify(changes)
    response.set_etag(f"{changes['revision']}.{edition.content_version}")
    response.cache_control.no_cache = True
    response.cache_control.private = True
    response.make_conditional(request)
    return response


@blueprint.post("/placements")
def store_placement() -> tuple[Response, int]:
    """Place, move, resize or unplace a session."""
    edition, actor = current_edition(), current_actor()
    wanted = read_placement_request(request.get_json(silent=True))
    try:
        if wanted.slot is None:
            unplace_session(actor, edition.id, wanted.slug, wanted.before, utcnow(), request_id=wanted.request_id)
        else:
            services.place_session(
                actor, edition.id, wanted.slug, wanted.slot, wanted.before, utcnow(), request_id=wanted.request_id
            )
    except ExpoError as error:
        return _refusal(edition, error, wanted.since), status_of(error)
    return _changes(edition, wanted.since), 200


@blueprint.post("/undo")
def undo() -> AnyResponse | tuple[Response, int]:
    """Undo one's own last change."""
    return _revert(services.undo_change, _("Undone."))


@blueprint.post("/redo")
def redo() -> AnyResponse | tuple[Response, int]:
    """Redo the change that was undone last."""
    return _revert(services.redo_change, _("Redone."))


@blueprint.route("/sessions/<slug>", methods=["GET", "POST"])
def place_session(slug: str) -> Page:
    """Place one session by a plain form; show its conflicts, for another place before it is saved."""
    edition = current_edition()
    draft = read_draft(edition)
    session = draft.get_session(slug)
    form = PlacementForm.of(session, draft, list_days(edition, draft), edition.zone)
    wanted: Slot | None = None
    if form.validate_on_submit():
        wanted = form.to_slot(edition.zone)
        if "check" not in request.form and (saved := _save(form, draft, session, wanted)):
            return saved
    checked = draft.with_slot(session.id, wanted) if wanted else draft
    return render_form(
        form,
        "organizer/timetable/place.html",
        session=session,
        slot=session.slot,
        is_checked=wanted is not None,
        conflicts=[
            (each, describe_conflict(checked, each), _others(checked, each, session.id))
            for each in find_session_conflicts(checked.facts, checked.slots, session.id)
        ],
        room=draft.rooms.get(session.slot.room_id or 0) if session.slot else None,
        day=day_of(session.slot.starts_at, edition.zone) if session.slot else None,
    )


@blueprint.post("/sessions/<slug>/remove")
def remove_session(slug: str) -> AnyResponse:
    """Remove a session from the draft timetable."""
    edition = current_edition()
    draft = read_draft(edition)
    session = draft.get_session(slug)
    form = PlacementForm.of(session, draft, list_days(edition, draft), edition.zone)
    try:
        unplace_session(current_actor(), edition.id, slug, form.seen_slot(), utcnow())
    except ExpoError as error:
        flash(describe_error(draft, error), "warning")
        return redirect(url_for("organizer_timetable.place_session", slug=slug))
    flash(_("Removed from the timetable."), "success")
    return redirect(url_for("organizer_timetable.show_timetable"))


@blueprint.route("/checks", methods=["GET", "POST"])
def edit_checks() -> Page:
    """Set the minutes that the conflict checks use."""
    edition = current_edition()
    facts = read_draft(edition, around=()).facts
    form = CheckMinutesForm(
        data={
            "walking_minutes": int(facts.walking.total_seconds() // 60),
            "buffer_minutes": int(facts.buffer.total_seconds() // 60),
        }
    )
    if form.validate_on_submit():
        try:
            set_check_minutes(
                current_actor(), edition.id, form.walking_minutes.data or 0, form.buffer_minutes.data or 0, utcnow()
            )
        except ExpoError as error:
            show_at_field(form, error, "walking_minutes")
        else:
            flash(_("Changes saved."), "success")
            return redirect(url_for("organizer_timetable.show_timetable"))
    return render_form(form, "organizer/timetable/checks.html")


def _save(form: PlacementForm, draft: Draft, session: DraftSession, slot: Slot) -> AnyResponse | None:
    """Store the place and return the redirect to the form, which shows its conflicts; None if it is refused."""
    edition = current_edition()
    try:
        services.place_session(current_actor(), edition.id, session.slug, slot, form.seen_slot(), utcnow())
    except ExpoError as error:
        form.room_id.errors = [describe_error(draft, error)]
        form.see(error.params["slot"] if error.code == "placement_changed" else session.slot)
        return None
    flash(_("Changes saved."), "success")
    return redirect(url_for("organizer_timetable.place_session", slug=session.slug))


def _revert(act: Callable[..., PlacementResult], message: str) -> AnyResponse | tuple[Response, int]:
    """Undo or redo, for the script or for a plain button."""
    edition = current_edition()
    body = request.get_json(silent=True)
    is_script = isinstance(body, dict)
    since = body.get("since") if isinstance(body, dict) else None
    since = since if isinstance(since, int) else 0
    request_id = str(body.get("request_id", ""))[:64] if isinstance(body, dict) else ""
    try:
        result = act(current_actor(), edition.id, utcnow(), request_id=request_id)
    except ExpoError as error:
        if is_script:
            return _refusal(edition, error, since), status_of(error)
        flash(describe_error(_read_draft_about(edition, error), error), "warning")
        return redirect(url_for("organizer_timetable.show_timetable"))
    if is_script:
        return _changes(edition, since), 200
    flash(message, "success")
    day = day_of(result.slot.starts_at, edition.zone).isoformat() if result.slot else None
    return redirect(url_for("organizer_timetable.show_timetable", day=day))


def _changes(edition: EditionFacts, since: int) -> Response:
    actor = current_actor()
    history = read_history(actor, edition.id)
    buttons = {"undo": history.to_undo is not None, "redo": history.to_redo is not None}
    return jsonify(**changes_to_json(edition, actor, since), history=buttons)


def _refusal(edition: EditionFacts, error: ExpoError, since: int) -> Response:
    """Return why a change was refused, and the changes that the person has not seen."""
    text = describe_error(_read_draft_about(edition, error), error)
    changes = changes_to_json(edition, current_actor(), since)
    return jsonify(error=text, code=error.code, **changes)


def _read_draft_about(edition: EditionFacts, error: ExpoError) -> Draft:
    """Return the part of the draft that an error is about."""
    session_id = error.params.get("session_id")
    return read_draft(edition, around=[session_id] if session_id else ())


def _chosen_day(edition: EditionFacts, draft: Draft) -> date:
    """Return the requested day, otherwise today during the expo, otherwise the first day."""
    days = list_days(edition, draft)
    try:
        wanted = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        wanted = day_of(utcnow(), edition.zone)
    return wanted if wanted in days else days[0]


def _group_by_room(edition: EditionFacts, draft: Draft, day: date) -> list[RoomDay]:
    """Return the rooms in order, each with its sessions on a day, also those that began earlier; at the end no room."""
    begins, ends = day_begins_at(day, edition.zone), day_begins_at(day + timedelta(days=1), edition.zone)
    placed: dict[int | None, list[tuple[DraftSession, Slot]]] = {}
    for each in draft.sessions.values():
        if each.slot and each.slot.starts_at < ends and each.slot.ends_at > begins:
            placed.setdefault(each.slot.room_id, []).append((each, each.slot))
    rooms: list[RoomDay] = [(room, placed.get(room.id, [])) for room in draft.rooms.values()]
    return [*rooms, (None, placed[None])] if None in placed else rooms


def _others(draft: Draft, conflict: PlacementConflict, session_id: int) -> list[DraftSession]:
    return [draft.sessions[each] for each in conflict.session_ids if each != session_id]
