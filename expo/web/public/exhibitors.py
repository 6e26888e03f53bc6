"""The public exhibitor directory: search, filters, letters, favourites, and a page for each company."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Response, get_template_attribute, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from expo.editions.queries import EditionFacts
from expo.exhibitors.errors import ExhibitorMissing
from expo.exhibitors.queries import (
    PAGE_SIZE,
    Directory,
    DirectoryResult,
    ExhibitorFilter,
    find_booth_halls,
    find_successors,
    get_public_page,
    list_exhibitors_by_id,
    read_directory,
)
from expo.web.kit.access import Audience, audience_blueprint, current_edition, current_viewer
from expo.web.kit.caching import cached_fragment, recent_value
from expo.web.kit.company_pages import render_company
from expo.web.kit.favourites import list_own_favourites
from expo.web.kit.formats import country_name, number
from expo.web.kit.language import current_language, localized
from expo.web.kit.public_pages import public_page
from expo.web.kit.topic_choices import ShownChoices, show_topic_choices

MAX_QUERY_LENGTH = 100
# More companies than fit on a page; also keeps the address short enough.
MAX_FAVOURITES = 100
CARD_SECONDS = 600.0

blueprint = audience_blueprint("public_exhibitors", __name__, Audience.EVERYONE)


@blueprint.get("/exhibitors")
@public_page("category", "country", "hall", "offers", "page", "seeks", searched_by="q")
def show_directory() -> str:
    """Show the matching companies, page by page."""
    edition = current_edition()
    wanted = ExhibitorFilter(
        q=request.args.get("q", "").strip()[:MAX_QUERY_LENGTH],
        category=request.args.get("category", "")[:MAX_QUERY_LENGTH],
        country=request.args.get("country", "")[:2],
        hall=request.args.get("hall", "")[:MAX_QUERY_LENGTH],
        offers=request.args.get("offers", "")[:MAX_QUERY_LENGTH],
        seeks=request.args.get("seeks", "")[:MAX_QUERY_LENGTH],
    )
    page = max(1, request.args.get("page", 1, type=int))
    # What visitors type is not stored, since they may type anything.
    body = (
        Markup(_directory(edition, wanted, page))  # noqa: S704 - rendered by our own template
        if wanted.q
        else cached_fragment(edition, f"directory:{wanted}:{page}", lambda: _directory(edition, wanted, page))
    )
    return render_template(
        "public/exhibitors/directory.html", body=_mark_favourites(body, list_own_favourites()), wanted=wanted
    )


@blueprint.get("/exhibitors/favourites")
def show_favourites() -> str:
    """Show the favourites of the signed-in attendee, or those stored on this device."""
    edition = current_edition()
    return render_template(
        "public/exhibitors/favourites.html",
        exhibitors=_cards(edition, list_own_favourites()),
        is_on_device=not current_viewer().is_signed_in,
    )


@blueprint.get("/exhibitors/favourites/cards")
def list_device_favourites() -> Response:
    """Return the cards of the companies named in the address; all of it is public."""
    edition = current_edition()
    chosen = request.args.getlist("exhibitor")[:MAX_FAVOURITES]
    successors = find_successors(edition.id, chosen)
    slugs = list(dict.fromkeys(successors.get(each, each) for each in chosen))
    response = make_response(
        render_template("public/exhibitors/_cards.html", exhibitors=_cards(edition, slugs), chosen=slugs)
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/exhibitors/<slug>")
@public_page()
def show_exhibitor(slug: str) -> str | AnyResponse:
    """Show one company and similar ones; the address of a merged one leads to the company it is part of."""
    edition = current_edition()
    try:
        page = get_public_page(edition.id, slug)
    except ExhibitorMissing:
        successor = find_successors(edition.id, [slug]).get(slug)
        if successor is None:
            raise
        answer = redirect(url_for("public_exhibitors.show_exhibitor", slug=successor), 301)
        # The company may be hidden later, or a new one get this address.
        answer.headers["Cache-Control"] = "no-cache"
        return answer
    places = find_booth_halls(edition.id, page.company.id)
    return render_company(edition, page, places=places, chosen=list_own_favourites())


def _directory(edition: EditionFacts, filters: ExhibitorFilter, page: int) -> str:
    directory = read_directory(edition)
    found = directory.find(filters, current_language().tag)
    first = (page - 1) * PAGE_SIZE
    shown = found.entries[first : first + PAGE_SIZE]
    return render_template(
        "public/exhibitors/_directory.html",
        cards=_render_cards(edition, [each.id for each in shown]),
        letter_of=found.letter_of,
        count=len(found.entries),
        total=len(directory.entries),
        is_exact=found.is_exact,
        letters=_letters(found, filters, page),
        page=page,
        pages=max(1, math.ceil(len(found.entries) / PAGE_SIZE)),
        url_of=lambda each: _address(filters, page=each),
        categories=_category_chips(directory, found, filters),
        topics=_topic_choices(directory, found, filters),
        countries=sorted((country_name(code), code) for code, _count in directory.choices.countries),
        halls=directory.choices.halls,
        wanted=filters,
        is_narrowed=filters != ExhibitorFilter(),
        removable=_removable(directory, filters),
    )


def _render_cards(edition: EditionFacts, exhibitor_ids: Sequence[int]) -> list[tuple[int, Markup]]:
    """Return the cards of companies by id, each rendered once per language and content version in this process.

    They are the same for all viewers: the favourites are marked in the page.
    """
    key = ("exhibitor cards", edition.id, edition.content_version, current_language().code)
    cards: dict[int, Markup] = recent_value(key, CARD_SECONDS, dict)
    missing = [each for each in exhibitor_ids if each not in cards]
    if missing:
        render = get_template_attribute("components/exhibitors.html", "exhibitor_card")
        for company in list_exhibitors_by_id(edition.id, missing):
            cards[company.id] = render(company)
    return [(each, cards[each]) for each in exhibitor_ids if each in cards]


def _cards(edition: EditionFacts, slugs: Sequence[str]) -> list[object]:
    ids = {each.slug: each.id for each in read_directory(edition).entries}
    return list(list_exhibitors_by_id(edition.id, [ids[slug] for slug in slugs if slug in ids]))


def _letters(found: DirectoryResult, filters: ExhibitorFilter, page: int) -> list[tuple[str, str, bool]]:
    """Return the letters that companies begin with, each with its address and whether it is on this page."""
    links = []
    for letter, position in found.letters.items():
        target = position // PAGE_SIZE + 1
        links.append((letter, f"{_address(filters, page=target)}#letter-{_anchor(letter)}", target == page))
    return links


def _anchor(letter: str) -> str:
    return letter if letter.isalpha() else "other"


def _category_chips(
    directory: Directory, found: DirectoryResult, filters: ExhibitorFilter
) -> list[tuple[str, str, bool]]:
    """Return the categories that companies found have, each with the number that it would narrow the list to."""
    return [
        (
            f"{localized(category.name)} ({number(found.categories.get(category.slug, 0))})",
            _address(filters, category="" if category.slug == filters.category else category.slug),
            category.slug == filters.category,
        )
        for category in directory.choices.categories
        if category.slug in found.categories or category.slug == filters.category
    ]


def _topic_choices(directory: Directory, found: DirectoryResult, filters: ExhibitorFilter) -> dict[str, ShownChoices]:
    """Return the topics to choose from, by parameter, with how many of the companies found offer or seek each."""
    counts: dict[str, Mapping[str, int]] = {"offers": found.offers, "seeks": found.seeks}
    return {name: show_topic_choices(directory.topics, counts[name], getattr(filters, name)) for name in counts}


def _removable(directory: Directory, filters: ExhibitorFilter) -> list[tuple[str, str]]:
    """Return the filters in use as (label, address without it)."""
    names = {each.slug: localized(each.name) for each in directory.choices.categories}
    halls = {code: localized(name) for code, name in directory.choices.halls}
    language = current_language().tag
    labels = {
        "q": _("“%(text)s”", text=filters.q),
        "category": names.get(filters.category, filters.category),
        "country": country_name(filters.country.upper()),
        "hall": halls.get(filters.hall, filters.hall),
        "offers": _("Offers: %(topic)s", topic=directory.topics.name(filters.offers, language)),
        "seeks": _("Looking for: %(topic)s", topic=directory.topics.name(filters.seeks, language)),
    }
    return [
        (label, _address(replace(filters, **{name: ""}))) for name, label in labels.items() if getattr(filters, name)
    ]


def _mark_favourites(body: Markup, slugs: Sequence[str]) -> Markup:
    """Mark the hearts of the viewer's favourites in a list that is the same for everybody."""
    text = str(body)
    for slug in slugs:
        plain = f'name="add" value="{slug}" aria-pressed="false"'
        text = text.replace(plain, f'name="remove" value="{slug}" aria-pressed="true"')
    return Markup(text)  # noqa: S704 - rendered by our own template; slugs have no signs


def _address(filters: ExhibitorFilter, **changes: object) -> str:
    parts = {**vars(filters), **changes}
    if parts.get("page") == 1:
        del parts["page"]
    return url_for("public_exhibitors.show_directory", **{name: value for name, value in parts.items() if value})
