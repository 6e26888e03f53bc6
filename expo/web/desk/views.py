"""The desk's search, and everything about one person."""

import uuid

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from expo.badges.queries import get_desk_settings
from expo.checkin.queries.checkpoints import list_checkpoints
from expo.checkin.queries.holders import find_holder
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.pure.codes import ATTENDEE_CODE_LENGTH, normalize_code
from expo.registration.errors import AttendeeMissing
from expo.registration.queries import (
    AttendeeFilter,
    AttendeeRow,
    get_attendee,
    get_order,
    list_possible_duplicates,
    search_attendees,
)
from expo.registration.rules import HOLDING_STATES
from expo.reports.desk import DeskCard, list_desk_cards
from expo.tickets.queries import name_add_ons
from expo.web.desk.forms import PaymentForm
from expo.web.desk.place import choose_place, current_place, desk_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.questions import AnswerForm

blueprint = desk_blueprint("desk", __name__)

SHOWN = 12
# Longer texts come from a handheld scanner, and no search word is that long.
SHORTEST_TOKEN = 80


@blueprint.app_context_processor
def _add_place() -> dict[str, object]:
    """Return the place of this browser's desk for every page of the desk."""
    if not (request.blueprint or "").startswith("desk") or not current_actor().roles:
        return {}
    edition = current_edition()
    return {
        "new_scan_id": lambda: str(uuid.uuid4()),
        "place": current_place(edition.id),
        "checkpoints": [each for each in list_checkpoints(edition.id) if each.is_open],
        "stations": get_desk_settings(edition.id).stations,
    }


@blueprint.get("", strict_slashes=False)
def show() -> str:
    """Show the search, with the people found."""
    q = request.args.get("q", "").strip()
    return render_template("desk/search.html", q=q, cards=_find_cards(current_edition(), q), form=AnswerForm())


@blueprint.get("/results")
def show_results() -> Response:
    """Return only the people found, for searching while typing."""
    q = request.args.get("q", "").strip()
    part = render_template("desk/_results.html", q=q, cards=_find_cards(current_edition(), q))
    response = Response(part)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/find")
def find() -> AnyResponse:
    """Open the person whose badge was scanned or whose code was typed; search for anything else.

    Sent as a form, so that a badge's code never becomes part of an address.
    """
    edition, q = current_edition(), request.form.get("q", "").strip()
    if len(q) >= SHORTEST_TOKEN:
        holder = find_holder(edition.id, q)
        if holder is None:
            flash(_("This is not a badge of this expo. Scan it again, or search for the person."), "warning")
            return redirect(url_for("desk.show"))
        if not holder.is_current:
            flash(_("This badge was replaced or revoked. Take it back, and print the current one."), "warning")
        return redirect(url_for("desk.show_person", code=holder.attendee.code))
    attendee = _find_by_code(edition.id, q)
    if attendee is None:
        return redirect(url_for("desk.show", q=q))
    return redirect(url_for("desk.show_person", code=attendee.code))


@blueprint.get("/attendees/<code>")
def show_person(code: str) -> str:
    """Show everything that the desk needs of one person."""
    edition, now = current_edition(), utcnow()
    attendee = get_attendee(edition.id, normalize_code(code))
    card = list_desk_cards(edition.id, [attendee], now)[0]
    return render_template(
        "desk/person.html",
        q="",
        card=card,
        attendee=attendee,
        order=get_order(edition.id, attendee.order_code),
        has_add_ons=bool(name_add_ons(edition.id)),
        same=_find_duplicates(attendee),
        payment=PaymentForm(),
        form=AnswerForm(),
    )


@blueprint.post("/place")
def change_place() -> AnyResponse:
    """Choose the checkpoint and the print station of this browser's desk."""
    choose_place(request.form.get("checkpoint", ""), request.form.get("station", ""))
    flash(_("The checkpoint and print station of this desk have been saved."), "success")
    return redirect(url_for("desk.show"))


def _find_cards(edition: EditionFacts, q: str) -> list[DeskCard]:
    if not q:
        return []
    page = search_attendees(edition.id, AttendeeFilter(q=q), limit=SHOWN)
    return list_desk_cards(edition.id, page.rows, utcnow())


def _find_by_code(edition_id: int, text: str) -> AttendeeRow | None:
    """Return the attendee with this short code, if the text is one."""
    code = normalize_code(text)
    if len(code) != ATTENDEE_CODE_LENGTH:
        return None
    try:
        return get_attendee(edition_id, code)
    except AttendeeMissing:
        return None


def _find_duplicates(attendee: AttendeeRow) -> list[AttendeeRow]:
    """Return possible duplicate registrations of this person."""
    if attendee.state not in HOLDING_STATES:
        return []
    return list_possible_duplicates(
        attendee.edition_id, attendee.email, attendee.name, attendee.company, excluding=attendee
    )
