"""Columns of the attendee list: which are shown, and which one it is sorted by."""

from flask import request
from flask_babel import lazy_gettext as _l

from expo.registration.queries.sorting import AttendeeOrder, OrderKey
from expo.web.kit.countries import countries_in
from expo.web.kit.language import current_locale

COOKIE = "attendee_columns"
# The name is always shown.
COLUMNS = {
    OrderKey.COMPANY: _l("Company"),
    OrderKey.JOB_TITLE: _l("Job title"),
    OrderKey.COUNTRY: _l("Country"),
    OrderKey.TICKET: _l("Ticket"),
    OrderKey.ADD_ONS: _l("Add-ons"),
    OrderKey.STATE: _l("Status"),
    OrderKey.EMAIL: _l("E-mail address"),
    OrderKey.CODE: _l("Badge code"),
    OrderKey.ORDER: _l("Order"),
    OrderKey.LANGUAGE: _l("Language"),
    OrderKey.REGISTERED: _l("Registered on"),
}
DEFAULT = (
    OrderKey.COMPANY,
    OrderKey.COUNTRY,
    OrderKey.TICKET,
    OrderKey.STATE,
    OrderKey.EMAIL,
    OrderKey.REGISTERED,
)


def shown_columns() -> list[OrderKey]:
    """Return the columns chosen in this browser, or the default ones, in list order."""
    stored = request.cookies.get(COOKIE)
    return list(DEFAULT) if stored is None else chosen_columns(stored.split("."))


def chosen_columns(names: list[str]) -> list[OrderKey]:
    """Return the columns with these names, in the order of the list."""
    return [key for key in COLUMNS if key.value in names]


def order_of_request() -> AttendeeOrder | None:
    """Return the order requested by `sort=name` or `sort=-name`; None for the default."""
    name = request.args.get("sort", "")
    key = name.removeprefix("-")
    if key not in set(OrderKey):
        return None
    countries = tuple(code for code, _name in countries_in(current_locale())) if key == OrderKey.COUNTRY else ()
    return AttendeeOrder(OrderKey(key), name.startswith("-"), countries)
