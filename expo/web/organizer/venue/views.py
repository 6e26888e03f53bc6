"""Halls and rooms: list, add, duplicate, change, reorder and delete."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from expo.accounts.rules import Actor, Permission
from expo.editions.queries import HallRow, RoomRow, list_halls, list_rooms
from expo.editions.services import change_hall, change_room, create_hall, create_room, move_hall, move_room
from expo.errors import Conflict, Invalid, Missing, Outdated
from expo.flows.venue import PlaceInUse, Uses, count_venue_uses, delete_hall, delete_room
from expo.formats.tables import Cell
from expo.infra.clock import utcnow
from expo.pure.copies import name_copy
from expo.web.forms.row_fields import change_rows
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.form_pages import render_form, show_at_field
from expo.web.kit.formats import number
from expo.web.kit.language import localized
from expo.web.kit.questions import AnswerForm, Question, show_question
from expo.web.organizer.changes import OtherChange, list_other_changes
from expo.web.organizer.navigation import settings_trail
from expo.web.organizer.sections import section_blueprint
from expo.web.organizer.venue.forms import HallForm, RoomForm, values_of

blueprint = section_blueprint("organizer_venue", __name__, "/settings/venue", Permission.EDITION_MANAGE)

Page = str | AnyResponse | tuple[str, int]
STEPS = {"up": -1, "down": 1}
COLUMNS = ("Kind", "Hall", "Name (English)", "Name (Chinese)", "Capacity", "Sessions", "Booths", "Checkpoints")


@blueprint.get("", strict_slashes=False)
def show_venue() -> str:
    """List halls and rooms matching the search, in their order."""
    edition = current_edition()
    halls, rooms = list_halls(edition.id), list_rooms(edition.id)
    q = request.args.get("q", "").strip()[:100]
    uses = count_venue_uses(edition.id)
    return render_template(
        "organizer/venue/list.html",
        q=q,
        has_any=bool(halls or rooms),
        halls=[each for each in halls if _matches(q, each.name)],
        rooms=[each for each in rooms if _matches(q, each.name) or (each.hall and _matches(q, each.hall.name))],
        uses=uses,
        nothing=Uses(),
    )


@blueprint.get("/export.<any(csv, xlsx):kind>")
def export(kind: str) -> Response:
    """Return halls and rooms as a file."""
    edition = current_edition()
    uses = count_venue_uses(edition.id)
    rows = [
        *(_row("hall", None, each.name, None, uses.halls.get(each.id)) for each in list_halls(edition.id)),
        *(
            _row("room", each.hall, each.name, each.capacity, uses.rooms.get(each.id))
            for each in list_rooms(edition.id)
        ),
    ]
    return table_response(kind, f"halls-and-rooms-{edition.slug}", COLUMNS, rows)


@blueprint.route("/halls/new", methods=["GET", "POST"])
def add_hall() -> Page:
    """Add a hall."""
    edition = current_edition()
    form = HallForm()
    if form.validate_on_submit():
        try:
            create_hall(current_actor(), edition.id, form.to_request(edition.languages), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            return _saved(_("Hall added."))
    return _hall_page(form, None)


@blueprint.route("/halls/<int:hall_id>/edit", methods=["GET", "POST"])
def edit_hall(hall_id: int) -> Page:
    """Rename a hall."""
    edition = current_edition()
    hall = _hall(hall_id)
    form = HallForm(data={"name": hall.name})
    if form.validate_on_submit():
        try:
            change_hall(current_actor(), edition.id, hall_id, form.to_request(edition.languages, hall), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            return _saved(_("Changes saved."))
    return _hall_page(form, hall)


@blueprint.post("/halls/<int:hall_id>/move/<any(up, down):way>")
def shift_hall(hall_id: int, way: str) -> AnyResponse:
    """Move a hall up or down the list."""
    move_hall(current_actor(), current_edition().id, hall_id, STEPS[way], utcnow())
    return redirect(url_for("organizer_venue.show_venue", _anchor="halls"))


@blueprint.route("/halls/<int:hall_id>/delete", methods=["GET", "POST"])
def remove_hall(hall_id: int) -> Page:
    """Ask for confirmation, then delete a hall that nothing uses."""
    hall = _hall(hall_id)
    uses = count_venue_uses(current_edition().id).halls.get(hall_id)
    return _delete(hall_id, _("Delete %(name)s?", name=localized(hall.name)), uses, delete_hall)


@blueprint.route("/rooms/new", methods=["GET", "POST"])
def add_room() -> Page:
    """Add a room; with `copy`, the form begins with the values of another."""
    edition = current_edition()
    original = _room(request.args.get("copy", 0, type=int)) if "copy" in request.args else None
    form = RoomForm.of(_copy_of(original), edition.zone) if original else RoomForm()
    form.offer(list_halls(edition.id))
    if request.method == "GET" and original is None:
        form.hall_id.data = request.args.get("hall", 0, type=int)
    if not change_rows(form) and form.validate_on_submit():
        try:
            create_room(current_actor(), edition.id, form.to_request(edition), utcnow())
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            return _saved(_("Room added."))
    return _room_page(form, None, original=original)


def _copy_of(room: RoomRow) -> RoomRow:
    return replace(room, name=name_copy(room.name, [each.name for each in list_rooms(current_edition().id)]))


@blueprint.route("/rooms/<int:room_id>/edit", methods=["GET", "POST"])
def edit_room(room_id: int) -> Page:
    """Change a room."""
    edition = current_edition()
    room = _room(room_id)
    form, others = RoomForm.of(room, edition.zone), None
    form.offer(list_halls(edition.id))
    if not change_rows(form) and form.validate_on_submit():
        wanted, version = form.to_request(edition, room), form.version.data or ""
        try:
            change_room(current_actor(), edition.id, room_id, wanted, utcnow(), version)
        except Outdated:
            room = _room(room_id)
            others = list_other_changes(form, "room", room_id, edition.id, values_of(room, edition.zone))
            form.version.data = room.version
        except (Conflict, Invalid) as error:
            show_at_field(form, error, "name")
        else:
            return _saved(_("Changes saved."))
    return _room_page(form, room, others)


@blueprint.post("/rooms/<int:room_id>/move/<any(up, down):way>")
def shift_room(room_id: int, way: str) -> AnyResponse:
    """Move a room up or down the list."""
    move_room(current_actor(), current_edition().id, room_id, STEPS[way], utcnow())
    return redirect(url_for("organizer_venue.show_venue", _anchor="rooms"))


@blueprint.route("/rooms/<int:room_id>/delete", methods=["GET", "POST"])
def remove_room(room_id: int) -> Page:
    """Ask for confirmation, then delete a room that nothing uses."""
    room = _room(room_id)
    uses = count_venue_uses(current_edition().id).rooms.get(room_id)
    return _delete(room_id, _("Delete %(name)s?", name=localized(room.name)), uses, delete_room)


def _delete(place_id: int, title: str, uses: Uses | None, act: Callable[[Actor, int, int, datetime], None]) -> Page:
    if uses:
        return _show_in_use(title, uses)
    trail = settings_trail(_("Halls and rooms"), "organizer_venue.show_venue")
    question = Question(title, _("This cannot be undone."), _("Delete"), trail, is_destructive=True)
    if not AnswerForm().validate_on_submit():
        return show_question(question)
    try:
        act(current_actor(), current_edition().id, place_id, utcnow())
    except PlaceInUse as error:
        return _show_in_use(title, error.uses)
    flash(_("Deleted."), "success")
    return redirect(question.back_url)


def _show_in_use(title: str, uses: Uses) -> tuple[str, int]:
    """Explain why a place cannot be deleted, with links to what uses it."""
    reasons = [
        (
            ngettext("%(count)s room", "%(count)s rooms", uses.rooms, count=number(uses.rooms)),
            "organizer_venue.show_venue",
        ),
        (
            ngettext("%(count)s session", "%(count)s sessions", uses.sessions, count=number(uses.sessions)),
            "organizer_sessions.list_sessions",
        ),
        (
            ngettext("%(count)s booth", "%(count)s booths", uses.booths, count=number(uses.booths)),
            "organizer_exhibitors.list_companies",
        ),
        (
            ngettext("%(count)s checkpoint", "%(count)s checkpoints", uses.checkpoints, count=number(uses.checkpoints)),
            "organizer_checkpoints.show_checkpoints",
        ),
    ]
    counts = (uses.rooms, uses.sessions, uses.booths, uses.checkpoints)
    shown = [(words, url_for(endpoint)) for (words, endpoint), count in zip(reasons, counts, strict=True) if count]
    status = 409 if request.method == "POST" else 200
    return render_template("organizer/venue/in_use.html", title=title, reasons=shown), status


def _saved(text: str) -> AnyResponse:
    flash(text, "success")
    return redirect(url_for("organizer_venue.show_venue"))


def _hall_page(form: HallForm, hall: HallRow | None) -> tuple[str, int]:
    page = render_template(
        "organizer/venue/hall.html", form=form, hall=hall, edition_languages=current_edition().languages
    )
    return page, 422 if form.errors else 200


def _room_page(
    form: RoomForm,
    room: RoomRow | None,
    others: list[OtherChange] | None = None,
    original: RoomRow | None = None,
) -> tuple[str, int]:
    page, status = render_form(
        form,
        "organizer/venue/room.html",
        room=room,
        original=original,
        other_changes=others,
        edition_languages=current_edition().languages,
    )
    return page, status if others is None else 409


def _hall(hall_id: int) -> HallRow:
    found = next((each for each in list_halls(current_edition().id) if each.id == hall_id), None)
    if found is None:
        raise Missing("hall_missing")
    return found


def _room(room_id: int) -> RoomRow:
    found = next((each for each in list_rooms(current_edition().id) if each.id == room_id), None)
    if found is None:
        raise Missing("room_missing")
    return found


def _matches(q: str, name: Mapping[str, str]) -> bool:
    return any(q.casefold() in text.casefold() for text in name.values())


def _row(
    kind: str, hall: HallRow | None, name: Mapping[str, str], capacity: int | None, uses: Uses | None
) -> list[Cell]:
    uses = uses or Uses()
    return [
        kind,
        localized(hall.name, "en") if hall else "",
        name.get("en", ""),
        name.get("zh", ""),
        capacity,
        uses.sessions,
        uses.booths,
        uses.checkpoints,
    ]
