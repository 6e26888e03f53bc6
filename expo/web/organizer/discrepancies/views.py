"""What devices decided offline and the server sees differently: badges that entered twice, and other decisions."""

from flask import Response, render_template, request

from expo.accounts.rules import Permission
from expo.checkin.queries.zones import list_zones
from expo.checkin.rules import Reason
from expo.infra.clock import utcnow
from expo.reports.discrepancies import COLUMNS, export_discrepancies, get_discrepancies
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.downloads import table_response
from expo.web.kit.language import localized
from expo.web.kit.list_pages import page_of_request
from expo.web.organizer.labels import reason_label
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_discrepancies", __name__, "/discrepancies", Permission.CHECKPOINTS_MANAGE)

# The page of all kinds shows the latest of each; the page of a kind has all of them, and so has the export.
SHOWN_OF_KIND = 10
KINDS = ("double_entries", "disagreements", "late_scans")


@blueprint.get("", strict_slashes=False)
def list_discrepancies() -> str:
    """List the latest of all kinds, or one kind page by page, filtered by zone and reason."""
    edition = current_edition()
    zone, reason = _zone(), _reason()
    found = get_discrepancies(current_actor(), edition, zone=zone, reason=reason)
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else None
    query = {"zone": zone or "", "reason": reason.value if reason else ""}
    query = {name: value for name, value in query.items() if value}
    page = page_of_request(len(getattr(found, kind)), {**query, "kind": kind}) if kind else None
    kinds = (kind,) if kind else KINDS
    return render_template(
        "organizer/discrepancies/list.html",
        found=found,
        shown={
            name: page.cut(getattr(found, name)) if page else getattr(found, name)[:SHOWN_OF_KIND] for name in kinds
        },
        page=page,
        query=query,
        zone=zone or "",
        reason=reason.value if reason else "",
        zones=[(each.code, localized(each.name)) for each in list_zones(edition.id)],
        reasons=[(each.value, reason_label(each)) for each in Reason],
        words={each: reason_label(each) for each in Reason},
    )


@blueprint.get("/export.csv")
def export() -> Response:
    """Return all kinds as a CSV file, with the same filter."""
    edition = current_edition()
    rows = export_discrepancies(current_actor(), edition, utcnow(), zone=_zone(), reason=_reason())
    return table_response("csv", f"discrepancies-{edition.slug}", COLUMNS, rows)


def _zone() -> str | None:
    return request.args.get("zone", "")[:32] or None


def _reason() -> Reason | None:
    """Return the reason in the query string, or None if it is missing or unknown."""
    value = request.args.get("reason", "")
    return next((each for each in Reason if each.value == value), None)
