"""What the floor plan's script works with: the hall as JSON, and the changes that it sends."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from expo.editions.queries import EditionFacts
from expo.errors import Invalid
from expo.exhibitors.queries import BoothCompany, BoothRow, HallPlan, list_booths, list_unassigned
from expo.exhibitors.rules import MAX_CHANGES, BoothState, check_geometry, find_faults
from expo.exhibitors.services import BoothChange
from expo.infra.clock import utcnow
from expo.web.kit.formats import currency

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
            "booth": url_for("organizer_floor_plan_booths.edit_booth", hall=plan.code, booth_id=0),
            "sell": url_for("organizer_floor_plan_booths.sell", hall=plan.code, booth_id=0),
        },
    }


def state_to_json(edition: EditionFacts, plan: HallPlan) -> dict[str, Any]:
    """Return the booths of a hall, their faults, and the companies without a booth."""
    rows = list_booths(edition.id, plan.hall_id, utcnow())
    overlaps, outside = list_faults(plan, rows)
    return {
        "booths": [_booth_to_json(edition, each) for each in rows],
        "overlaps": overlaps,
        "outside": outside,
        "faults": describe_faults(overlaps, outside),
        "companies": [_company_to_json(each) for each in list_unassigned(edition.id)],
    }


def list_faults(plan: HallPlan, rows: list[BoothRow]) -> tuple[list[tuple[str, str]], list[str]]:
    """Return the booths that overlap, in pairs, and those that are not within the hall."""
    return find_faults([(each.code, each.place) for each in rows if each.place], plan.width, plan.depth)


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


def _read_change(item: object) -> BoothChange:
    if not isinstance(item, dict):
        raise BadRequest
    booth_id, version = item.get("id"), item.get("version", 0)
    if type(booth_id) not in (int, type(None)) or type(version) is not int or not isinstance(item.get("code"), str):
        raise BadRequest
    is_deleted = item.get("deleted") is True
    has_place = not is_deleted and item.get("x") is not None
    return BoothChange(item["code"], check_geometry(item) if has_place else None, booth_id, version, is_deleted)


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
    words = {BoothState.FREE: _("Free"), BoothState.HELD: _("Held"), BoothState.SOLD: _("Sold")}
    return words[state]


def _texts() -> dict[str, str]:
    return {
        "saving": _("Saving…"),
        "saved": _("All changes are saved."),
        "offline": _("The server cannot be reached. Your change will be sent again."),
        "signedOut": _("You are signed out. Sign in again in another tab."),
        "conflict": _("The plan was reloaded."),
        "size": _("%(width)s × %(depth)s m", width="{width}", depth="{depth}"),
        "moved": _("%(booth)s moved to %(x)s, %(y)s", booth="{booth}", x="{x}", y="{y}"),
        "noFaults": _("No overlaps, and all booths are within the hall."),
        "allPlaced": _("All booths are placed."),
        "allAssigned": _("All exhibitors have a booth."),
    }
