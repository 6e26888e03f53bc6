"""Filters of the list of exhibitors in addresses, and which companies are selected in it."""

from dataclasses import asdict
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l

from expo.exhibitors.queries import RecordFilter, RecordOrder, find_record_ids, list_record_slugs
from expo.exhibitors.rules import PagePart
from expo.web.kit.access import current_edition
from expo.web.kit.language import lazy_pgettext

ORDERS = {
    RecordOrder.NAME: lazy_pgettext("object", "Name"),
    RecordOrder.NEWEST: _l("Newest first"),
    RecordOrder.COUNTRY: _l("Country"),
    RecordOrder.COMPLETENESS: _l("Least complete page first"),
}
# How complete the company page is; see `rules.matches_completeness`.
COMPLETENESS = {
    "below-50": _l("Less than half complete"),
    "below-80": _l("Less than four fifths complete"),
    "complete": _l("Complete"),
}
MISSING_PARTS = {
    PagePart.LOGO: _l("No logo"),
    PagePart.TAGLINE: _l("No tagline"),
    PagePart.DESCRIPTION: _l("No description"),
    PagePart.LANGUAGES: _l("Not in English and Chinese"),
    PagePart.CATEGORIES: _l("No categories"),
    PagePart.TOPICS: _l("No topics"),
    PagePart.PRODUCTS: _l("No products"),
    PagePart.PICTURES: _l("No pictures of products"),
    PagePart.WEBSITE: _l("No website"),
    PagePart.BANNER: _l("No banner"),
    PagePart.DOCUMENTS: _l("No documents"),
}


def read_filter() -> RecordFilter:
    """Return the filter in this request's address; unknown values do not restrict."""
    order, completeness = request.args.get("order", ""), request.args.get("completeness", "")
    return RecordFilter(
        q=request.args.get("q", "").strip()[:100],
        state=request.args.get("state", ""),
        package=request.args.get("package", ""),
        hall=request.args.get("hall", ""),
        category=request.args.get("category", ""),
        country=request.args.get("country", ""),
        completeness=completeness if completeness in COMPLETENESS or completeness in set(PagePart) else "",
        order=RecordOrder(order) if order in set(RecordOrder) else RecordOrder.NAME,
    )


def query_of(filters: RecordFilter) -> dict[str, Any]:
    """Return the filter as the address names it, without what does not restrict."""
    values = asdict(filters) | {"order": "" if filters.order is RecordOrder.NAME else filters.order.value}
    return {name: value for name, value in values.items() if value}


def selected_slugs() -> list[str]:
    """Return the selected companies of the sent list: the ticked ones, or all that match its filter."""
    if request.form.get("scope") == "all":
        return list_record_slugs(find_record_ids(current_edition().id, read_filter()))
    return list(dict.fromkeys(request.form.getlist("company")))
