"""The fields that columns of a list can be imported as, by the kind of list."""

from flask_babel import lazy_gettext as _l

from expo.flows.attendee_import import COLUMNS
from expo.formats.schedule_table import COLUMNS as SESSION_COLUMNS
from expo.imports.rules import ImportKind
from expo.web.kit.language import lazy_pgettext

FIELDS = {
    "name": _l("Name"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "latin_name": _l("Name in Latin letters"),
    "email": _l("E-mail address"),
    "country": _l("Country or region"),
    "company": _l("Company or organization"),
    "job_title": _l("Job title"),
    "ticket_type": _l("Ticket type"),
    "add_ons": _l("Add-ons"),
    "language": _l("Language"),
    "quantity": _l("Quantity"),
    "state": _l("Status"),
    "paid": _l("Payment"),
    "cancelled": _l("Cancelled or refunded"),
}

# Also the names of the fields in a preview, which has some that tables do not have.
SESSION_FIELDS = {
    "title": _l("Title"),
    "subtitle": _l("Subtitle"),
    "day": _l("Day"),
    "start": _l("Start"),
    "end": _l("End"),
    "end day": _l("End date"),
    "duration": _l("Duration"),
    "room": _l("Room"),
    "speakers": _l("Speakers"),
    "emails": _l("E-mail addresses of the speakers"),
    "track": _l("Track"),
    "type": _l("Type"),
    "language": _l("Language"),
    "level": _l("Level"),
    "abstract": _l("Abstract"),
    "description": _l("Description"),
    "links": _l("Links"),
    "attachments": _l("Attachments"),
    "recording": _l("Recording allowed"),
    "id": _l("Number or code"),
}
CHANGED_FIELDS = {
    **SESSION_FIELDS,
    "minutes": _l("Duration in minutes"),
    "persons": _l("Speakers"),
    "kind": _l("Type"),
    "is_recording_refused": _l("Recording refused"),
    "name": _l("Name"),
    "biography": _l("Biography"),
}
# The fields in which a list of companies can differ from ours.
COMPANY_FIELDS = {
    "name": lazy_pgettext("object", "Name"),
    "booths": _l("Booths"),
    "categories": _l("Categories"),
    "description": _l("Description"),
    "website": _l("Website"),
    "country": _l("Country or region"),
}
KNOWN_FIELDS = {ImportKind.ATTENDEES: frozenset(COLUMNS), ImportKind.SCHEDULE: frozenset(SESSION_COLUMNS)}
