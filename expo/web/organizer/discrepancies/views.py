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
from expo.web.organizer.labels import reason_label
from expo.web.organizer.sections import section_blueprint

blueprint = section_blueprint("organizer_discrepancies", __name__, "/discrepancies", Permission.CHECKPOINTS_MANAGE)

# More are only in the export.
MAX_SHOWN = 500


@blueprint.get("", strict_slashes=False)
def list_discrepancies() -> str:
    """List all kinds, filtered by zone and reason."""
    edition = current_edition()
    zone, reason = _zone(), _reason()
    found = get_discrepancies(current_actor(), edition, zone=zone, reason=reason)
    return render_template(
        "organizer/discrepancies/list.html",
        found=found,
        is_cut=max(len(each) for each in (found.double_entries, found.disagreements, found.late_scans)) > MAX_SHOWN,
        maximum=MAX_SHOWN,
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
