"""The lead scanner of a company: its page, what it needs to work without a network, and the scans that it sends."""

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask_babel import gettext as _

from expo.errors import Refused
from expo.exhibitors.rules import TeamAction
from expo.flows.lead_scans import ScanAnswer, record_scans
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.leads.queries import LeadRow, find_lead_by_id
from expo.leads.rules import LeadEntry, LeadOutcome
from expo.meetings.services import Arrival
from expo.web.exhibitor.leads.booth import booth_response
from expo.web.exhibitor.leads.entries import read_entries
from expo.web.exhibitor.leads.licences import describe_missing_licence
from expo.web.exhibitor.leads.page_data import describe_scanner
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition
from expo.web.kit.errors import message_of
from expo.web.kit.formats import country_name, time_local

# Short codes can be guessed, so few are looked up.
CODE_LIMIT = "30/minute"

blueprint = exhibitor_blueprint("exhibitor_scanner", __name__, "/leads/scan", TeamAction.COLLECT_LEADS)


@blueprint.get("", strict_slashes=False)
def show_scanner() -> str:
    """Show the scanner; its page loads the company's data."""
    return render_template("exhibitor/leads/scan.html", data=describe_scanner(current_edition()))


@blueprint.get("/booth")
def send_booth() -> Response:
    """Return what the scanner stores: public keys, to check signatures without a network, and the questions."""
    return booth_response(describe_missing_licence())


@blueprint.post("/scans")
def post_scans() -> Response | tuple[Response, int]:
    """Record a queue of scans; what cannot be read has an answer of its own and does not hold up the others."""
    membership, actor, edition = current_membership(), current_actor(), current_edition()
    sent = read_entries()
    entries = [each for each in sent if isinstance(each, LeadEntry)]
    for each in entries:
        if each.code:
            count_against(CODE_LIMIT, "lead-code", str(actor.id))
    try:
        found = iter(record_scans(actor, edition.id, membership.slug, entries, utcnow()))
    except Refused as error:
        return jsonify(code=error.code, message=message_of(error)), HTTPStatus.FORBIDDEN
    return jsonify(answers=[_describe(next(found) if isinstance(each, LeadEntry) else each) for each in sent])


def _describe(scan: ScanAnswer | str) -> dict[str, Any]:
    if isinstance(scan, str):
        return {"scan_id": scan, "outcome": "invalid", "lead": None}
    answer = scan.lead
    lead = find_lead_by_id(answer.lead_id) if answer.lead_id is not None else None
    if answer.outcome is LeadOutcome.SAVED and (lead is None or lead.withdrawn_at is not None):
        # The visitor stopped sharing at this very moment.
        return {"scan_id": answer.scan_id, "outcome": LeadOutcome.WITHDRAWN.value, "lead": None}
    return {
        "scan_id": answer.scan_id,
        "outcome": answer.outcome.value,
        "lead": _shown_lead(lead) if lead else None,
        "meeting": _shown_arrival(scan.arrival),
    }


def _shown_arrival(arrival: Arrival | None) -> str:
    if arrival is None or arrival.starts_at is None:
        return ""
    return _("Checked in for the meeting at %(time)s", time=time_local(arrival.starts_at))


def _shown_lead(lead: LeadRow) -> dict[str, Any]:
    contact = lead.contact
    return {
        "name": contact.name,
        "company": contact.company,
        "country": country_name(contact.country) if contact.country else "",
        "visits": len(lead.scans),
        "url": url_for("exhibitor_leads.show_lead", code=lead.code, company=current_membership().slug),
    }
