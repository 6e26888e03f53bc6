"""The public exhibitor directory: search, filters, and a page for each company."""

import math

from flask import render_template, request, url_for

from expo.exhibitors.queries import (
    PAGE_SIZE,
    ExhibitorFilter,
    get_public_page,
    list_choices,
    list_exhibitor_ids,
    list_exhibitors_by_id,
)
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.caching import cached_fragment
from expo.web.kit.company_pages import render_company
from expo.web.kit.formats import country_name
from expo.web.kit.language import localized
from expo.web.kit.public_pages import public_page

MAX_QUERY_LENGTH = 100

blueprint = audience_blueprint("public_exhibitors", __name__, Audience.EVERYONE)


@blueprint.get("/exhibitors")
@public_page("category", "country", "hall", "page", searched_by="q")
def show_directory() -> str:
    """Show the matching companies, page by page."""
    edition = current_edition()
    wanted = ExhibitorFilter(
        q=request.args.get("q", "").strip()[:MAX_QUERY_LENGTH],
        category=request.args.get("category", "")[:MAX_QUERY_LENGTH],
        country=request.args.get("country", "")[:2],
        hall=request.args.get("hall", "")[:MAX_QUERY_LENGTH],
    )
    page = max(1, request.args.get("page", 1, type=int))
    body = cached_fragment(edition, f"directory:{wanted}:{page}", lambda: _directory(edition.id, wanted, page))
    return render_template("public/exhibitors/directory.html", body=body, wanted=wanted)


@blueprint.get("/exhibitors/<slug>")
@public_page()
def show_exhibitor(slug: str) -> str:
    """Show one company and similar ones."""
    edition = current_edition()
    return render_company(edition, get_public_page(edition.id, slug))


def _directory(edition_id: int, wanted: ExhibitorFilter, page: int) -> str:
    matching = list_exhibitor_ids(edition_id, wanted)
    first = (page - 1) * PAGE_SIZE
    choices = list_choices(edition_id)
    categories = [
        (
            f"{localized(category.name)} ({category.count})",
            _address(wanted, category="" if category.slug == wanted.category else category.slug),
            category.slug == wanted.category,
        )
        for category in choices.categories
    ]
    countries = sorted((country_name(code), code) for code, _ in choices.countries)
    return render_template(
        "public/exhibitors/_directory.html",
        exhibitors=list_exhibitors_by_id(edition_id, matching[first : first + PAGE_SIZE]),
        count=len(matching),
        page=page,
        pages=max(1, math.ceil(len(matching) / PAGE_SIZE)),
        url_of=lambda number: _address(wanted, page=number),
        categories=categories,
        countries=countries,
        halls=choices.halls,
        wanted=wanted,
    )


def _address(wanted: ExhibitorFilter, **changes: object) -> str:
    parts = {**vars(wanted), **changes}
    return url_for("public_exhibitors.show_directory", **{name: value for name, value in parts.items() if value})
