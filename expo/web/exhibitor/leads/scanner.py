"""The lead scanner of a company: its page, what it needs to work without a network, and the scans that it sends."""

import base64
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from expo.badges.queries import list_trusted_keys
from expo.errors import Invalid, Refused
from expo.exhibitors.rules import TeamAct
from expo.flows.lead_scans import ScanAnswer, record_scans
from expo.infra.clock import utcnow
from expo.infra.limits import count_against
from expo.leads.queries import LeadRow, find_lead_by_id
from expo.leads.rules import LeadEntry, LeadOutcome, check_note
from expo.meetings.services import Arrival
from expo.pure.texts import clean_text
from expo.web.exhibitor.leads.licences import describe_missing_licence
from expo.web.exhibitor.leads.page_data import describe_scanner
from expo.web.exhibitor.leads.questions import shown_questions
from expo.web.exhibitor.sections import current_membership, exhibitor_blueprint
from expo.web.kit.access import current_actor, current_edition, current_person_id
from expo.web.kit.errors import message_of
from expo.web.kit.formats import country_name, time_local

MAX_BODY = 512 * 1024
MAX_SCANS = 100
MAX_TEXT = 1000
MAX_ANSWERS = 50
# Short codes can be guessed, so few are looked up.
CODE_LIMIT = "30/minute"
_YEARS = range(2000, 2101)

blueprint = exhibitor_blueprint("exhibitor_scanner", __name__, "/leads/scan", TeamAct.COLLECT_LEADS)


@blueprint.get("", strict_slashes=False)
def show_scanner() -> str:
    """Show the scanner; the company's data follows by itself."""
    return render_template("exhibitor/leads/scan.html", data=describe_scanner(current_edition()))


@blueprint.get("/booth")
def send_booth() -> Response:
    """Return what the scanner stores: public keys, to check signatures without a network, and the questions."""
    membership, edition = current_membership(), current_edition()
    answer = jsonify(
        owner=str(current_person_id()),
        name=membership.name,
        edition=edition.number,
        keys=[
            {"edition": number, "key_id": key_id, "public_key": base64.b64encode(key).decode()}
            for number, keys in list_trusted_keys().items()
            for key_id, key in keys.items()
        ],
        questions=shown_questions(membership.exhibitor_id),
        problem=describe_missing_licence(),
        csrf_token=generate_csrf(),
        server_time=utcnow().isoformat(),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/scans")
def post_scans() -> Response | tuple[Response, int]:
    """Record a queue of scans; what cannot be read has an answer of its own and does not hold up the others."""
    request.max_content_length = MAX_BODY
    membership, actor, edition = current_membership(), current_actor(), current_edition()
    sent = _read_body(request.get_json(silent=True))
    entries = [each for each in sent if isinstance(each, LeadEntry)]
    for each in entries:
        if each.code:
            count_against(CODE_LIMIT, "lead-code", str(actor.id))
    try:
        found = iter(record_scans(actor, edition.id, membership.slug, entries, utcnow()))
    except Refused as error:
        return jsonify(code=error.code, message=message_of(error)), HTTPStatus.FORBIDDEN
    return jsonify(answers=[_describe(next(found) if isinstance(each, LeadEntry) else each) for each in sent])


def _read_body(body: Any) -> list[LeadEntry | str]:
    """Return the entries of a queue, or the scan id where one cannot be read. Raises Invalid."""
    scans = body.get("scans") if isinstance(body, dict) else None
    if not isinstance(scans, list) or not 1 <= len(scans) <= MAX_SCANS:
        raise Invalid("lead_scans_unreadable")
    return [_read_entry(each) or _shown_id(each) for each in scans]


def _shown_id(body: Any) -> str:
    scan_id = body.get("scan_id") if isinstance(body, dict) else None
    return clean_text(scan_id[:MAX_TEXT]) if isinstance(scan_id, str) else ""


def _read_entry(body: Any) -> LeadEntry | None:
    try:
        note, rating, answers = body.get("note"), body.get("rating"), body.get("answers")
        return LeadEntry(
            scan_id=str(UUID(body["scan_id"])),
            scanned_at=_moment(body["scanned_at"]),
            changed_at=_moment(body["changed_at"]),
            token=_text(body.get("token")),
            keys=_text(body.get("keys")),
            code=_text(body.get("code")),
            note=None if note is None else check_note(_text(note, longest=MAX_BODY)),
            rating=None if rating is None else _rating(rating),
            answers=None if answers is None else _answers(answers),
        )
    except (Invalid, KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def _text(value: Any, longest: int = MAX_TEXT) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise ValueError("no text")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None or moment.year not in _YEARS:
        raise ValueError("no moment")
    return moment


def _rating(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("no rating")
    return value


def _answers(value: dict[str, Any]) -> dict[str, list[str]]:
    if len(value) > MAX_ANSWERS:
        raise ValueError("too many answers")
    return {str(key): [_text(each) for each in given] for key, given in value.items() if isinstance(given, list)}


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
