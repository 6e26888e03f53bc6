"""Attendee filters in URLs: parsing them from a query and building list links."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from expo.infra.clock import utcnow
from expo.pure.codes import normalize_code
from expo.registration.queries import AttendeeFilter
from expo.registration.rules import AttendeeState
from expo.reports.people import arrived_ids
from expo.web.kit.access import current_edition

MAX_CODES = 200
SOON = timedelta(hours=12)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Preset:
    """A preset filter, applied in addition to the freely combinable ones."""

    label: object
    narrow: Callable[[AttendeeFilter, int, datetime], AttendeeFilter]


PRESETS = {
    "unpaid": Preset(_l("Not paid"), lambda wanted, _edition_id, _now: replace(wanted, is_paid=False)),
    "expiring": Preset(
        _l("Must confirm within 12 hours"),
        lambda wanted, _edition_id, now: replace(wanted, expires_by=now + SOON),
    ),
    "new": Preset(
        _l("Registered in the last 7 days"),
        lambda wanted, _edition_id, now: replace(wanted, registered_after=now - WEEK),
    ),
    "arrived": Preset(
        _l("Checked in"), lambda wanted, edition_id, _now: replace(wanted, among=arrived_ids(edition_id))
    ),
}


def filter_of_request() -> AttendeeFilter:
    """Return the filter in this request's URL."""
    return filter_from(request.args, current_edition().id, utcnow())


def filter_from(query: Mapping[str, str], edition_id: int, now: datetime) -> AttendeeFilter:
    """Parse a filter from a query string; invalid values are ignored."""
    state = query.get("state", "")
    codes: Sequence[str] = query.getlist("code") if isinstance(query, MultiDict) else ()
    wanted = AttendeeFilter(
        q=query.get("q", "").strip()[:100],
        ticket_type=query.get("ticket_type") or None,
        add_on=query.get("add_on") or None,
        state=AttendeeState(state) if state in {each.value for each in AttendeeState} else None,
        country=query.get("country") or None,
        codes=tuple(normalize_code(code) for code in codes[:MAX_CODES]),
    )
    preset = PRESETS.get(preset_of(query))
    return preset.narrow(wanted, edition_id, now) if preset else wanted


def preset_of(query: Mapping[str, str]) -> str:
    """Return the name of the preset filter in a query."""
    return "unpaid" if query.get("unpaid") else query.get("show", "")


def query_of_request(filters: AttendeeFilter) -> dict[str, str]:
    """Return this request's filter as query parameters."""
    preset = preset_of(request.args)
    values = {
        "q": filters.q,
        "ticket_type": filters.ticket_type,
        "add_on": filters.add_on,
        "state": filters.state.value if filters.state else None,
        "country": filters.country,
        "show": preset if preset in PRESETS else None,
    }
    return {name: value for name, value in values.items() if value}


def list_url() -> str:
    """Return the URL of the list with this request's filter and order."""
    address: str = url_for("organizer_attendees.list_attendees")
    query = query_of_request(filter_of_request()) | {"sort": request.args.get("sort", "")}
    words = urlencode({name: value for name, value in query.items() if value})
    return f"{address}?{words}" if words else address


def list_url_of(query: Mapping[str, str]) -> str:
    """Return the URL of the list with a filter."""
    return f"{url_for('organizer_attendees.list_attendees')}?{urlencode(query)}"
