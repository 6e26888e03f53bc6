"""What the floor plan's script works with: the hall as JSON, and the changes that it sends."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _, pgettext
from werkzeug.exceptions import BadRequest

from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.exhibitors.queries import (
    BoothCompany,
    BoothRow,
    HallPlan,
    list_booths,
    list_edits,
    list_unassigned,
    read_mark,
)
from expo.exhibitors.rules import (
    MAX_CHANGES,
    MAX_REQUEST_ID,
    BoothShape,
    BoothState,
    check_geometry,
    find_faults,
    read_structures,
)
from expo.exhibitors.services import BoothChange
from expo.infra.clock import utcnow
from expo.web.kit.formats import currency
from expo.web.organizer.floor_plan.edits import describe_edits

# Booths snap to this grid, in metres.
GRID = 0.5


def editor_to_json(edition: EditionFacts, plan: HallPlan) -> dict[str, Any]:
    """Return everything that the script needs."""
    return {
        "width": plan.width,
        "depth": plan.depth,
        "grid": GRID,
        "structures": plan.structures,
        "background": url_for("organizer_floor_plan.show_background", hall=plan.code, key=plan.background.key)
        if plan.background
        else None,
        **state_to_json(edition, plan),
        "texts": _texts(),
        "urls": {
            "changes": url_for("organizer_floor_plan.store_changes", hall=plan.code),
            "state": url_for("organizer_floor_plan.show_state", hall=plan.code),
            "outline": url_for("organizer_floor_plan.store_outline", hall=plan.code),
            "booth": url_for("organizer_floor_plan_booths.edit_booth", hall=plan.code, booth_id=0),
            "sell": url_for("organizer_floor_plan_booths.sell", hall=plan.code, booth_id=0),
        },
    }


def state_to_json(edition: EditionFacts, plan: HallPlan, since: str = "", editor: str = "") -> dict[str, Any]:
    """Return the booths of a hall, their faults, and the companies without a booth.

    `since` is the mark of an earlier answer, and `news` what was done since then in other editors than this.
    """
    # The mark is read first: what is done in between is then reported twice rather than never.
    mark = read_mark(plan.hall_id, utcnow())
    rows = list_booths(edition.id, plan.hall_id, utcnow())
    overlaps, outside = list_faults(plan, rows)
    edit_id = since.partition(".")[0]
    edits = list_edits(plan.hall_id, int(edit_id)) if edit_id.isascii() and edit_id.isdigit() else []
    return {
        "mark": str(mark),
        "planVersion": plan.version,
        "outline": read_structures(plan.structures).outline,
        "news": describe_edits(edits, editor),
        "booths": [_booth_to_json(edition, each) for each in rows],
        "overlaps": overlaps,
        "outside": outside,
        "faults": describe_faults(overlaps, outside),
        "companies": [_company_to_json(each) for each in list_unassigned(edition.id)],
    }


def list_faults(plan: HallPlan, rows: list[BoothRow]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the booths that overlap, in pairs, and those that are not within the hall."""
    hall = read_structures(plan.structures).outline
    return find_faults([(each.code, each.place) for each in rows if each.place], plan.width, plan.depth, hall)


def describe_faults(overlaps: list[tuple[str, str]], outside: list[str]) -> list[str]:
    """Return the faults in words."""
    return [
        *(_("Booths %(first)s and %(second)s overlap.", first=first, second=second) for first, second in overlaps),
        *(_("Booth %(booth)s is not fully within the hall.", booth=code) for code in outside),
    ]


def read_changes(body: object) -> list[BoothChange]:
    """Return the changes that a request asks for. Raises BadRequest if it is none, or Invalid."""
    if not isinstance(body, dict) or not isinstance(body.get("changes"), list):
        raise BadRequest
    items = body["changes"]
    if len(items) > MAX_CHANGES:
        raise Invalid("changes_too_many", maximum=MAX_CHANGES)
    return [_read_change(each) for each in items]


def read_request_id(body: object) -> tuple[str, str, str]:
    """Return the id of a request, the editor that it begins with, and the mark that the editor has; empty if none."""
    values = body if isinstance(body, dict) else {}
    request_id, since = str(values.get("request_id") or ""), str(values.get("since") or "")
    if len(request_id) > MAX_REQUEST_ID or not all(char.isascii() and char.isprintable() for char in request_id):
        raise BadRequest
    return request_id, request_id.partition(":")[0], since


def _read_change(item: object) -> BoothChange:
    if not isinstance(item, dict):
        raise BadRequest
    booth_id, version = item.get("id"), item.get("version", 0)
    if type(booth_id) not in (int, type(None)) or type(version) is not int or not isinstance(item.get("code"), str):
        raise BadRequest
    is_deleted = item.get("deleted") is True
    seen = _read_shape(item["seen"]) if item.get("seen") is not None else None
    place = None if is_deleted else _read_shape(item).place
    return BoothChange(item["code"], place, booth_id, version, is_deleted, seen)


def _read_shape(item: Any) -> BoothShape:
    if not isinstance(item, dict) or not isinstance(item.get("code"), str):
        raise BadRequest
    return BoothShape(item["code"], check_geometry(item) if item.get("x") is not None else None)


def _booth_to_json(edition: EditionFacts, booth: BoothRow) -> dict[str, Any]:
    box = booth.place.box if booth.place else None
    return {
        "id": booth.id,
        "version": booth.version,
        "code": booth.code,
        "x": box.x if box else None,
        "y": box.y if box else None,
        "width": box.width if box else None,
        "depth": box.depth if box else None,
        "rotation": booth.place.rotation if booth.place else 0,
        "polygon": booth.place.polygon if booth.place else (),
        "state": booth.state.value,
        "stateText": state_in_words(booth.state),
        "price": currency(booth.price, edition.currency) if booth.price is not None else "",
        "companies": [each.name for each in booth.companies] or ([booth.holder.name] if booth.holder else []),
    }


def _company_to_json(company: BoothCompany) -> dict[str, Any]:
    return {"slug": company.slug, "name": company.name}


def state_in_words(state: BoothState) -> str:
    """Return the state of a booth in words."""
    words = {BoothState.FREE: pgettext("booth", "Free"), BoothState.HELD: _("Held"), BoothState.SOLD: _("Sold")}
    return words[state]


def _texts() -> dict[str, str]:
    return {
        "saving": _("Saving…"),
        "saved": _("All changes are saved."),
        "offline": _("The server cannot be reached. Your change will be sent again."),
        "signedOut": _("You are signed out. Sign in again in another tab."),
        "repeat": _("Press “Redo” to make your change anyway."),
        "occupied": _("Booth %(booth)s is held or sold. Release it first, then delete it.", booth="{booth}"),
        "turned": _("%(booth)s rotated to %(degrees)s°", booth="{booth}", degrees="{degrees}"),
        "corner": _("Corner %(number)s at %(x)s, %(y)s", number="{number}", x="{x}", y="{y}"),
        "cross": _("%(x)s, %(y)s", x="{x}", y="{y}"),
        "outline": _("Press Enter to close the outline, or Backspace to remove its last corner."),
        "crossing": _("The outline needs 3 to 40 corners whose edges do not cross."),
        "size": _("%(width)s × %(depth)s m", width="{width}", depth="{depth}"),
        "moved": _("%(booth)s moved to %(x)s, %(y)s", booth="{booth}", x="{x}", y="{y}"),
        "noFaults": _("No overlaps, and all booths are within the hall."),
        "allPlaced": _("All booths are placed."),
        "allAssigned": _("All exhibitors have a booth."),
    }
