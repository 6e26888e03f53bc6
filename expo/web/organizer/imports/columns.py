"""The fields that columns of an attendee list can be imported as."""

from flask_babel import lazy_gettext as _l

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
    "language": _l("Language"),
    "quantity": _l("Quantity"),
    "state": _l("Status"),
    "paid": _l("Payment"),
    "cancelled": _l("Cancelled or refunded"),
}
