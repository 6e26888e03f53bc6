"""The public map: the site, each hall with its booths, a search, and routes between two points."""

from flask import Response, jsonify, render_template, request, url_for
from markupsafe import Markup

from expo.editions.queries import EditionFacts
from expo.errors import Missing
from expo.exhibitors.queries import (
    BoothRow,
    ExhibitorFilter,
    HallPlan,
    list_exhibitors_by_id,
    read_directory,
)
from expo.infra.files import find_file_by_key
from expo.web.kit.access import Audience, audience_blueprint, current_edition
from expo.web.kit.caching import cached_fragment
from expo.web.kit.favourites import list_own_favourites
from expo.web.kit.floor_drawings import draw_hall, outline_of, path_of
from expo.web.kit.language import localized
from expo.web.kit.public_pages import public_page
from expo.web.kit.stored_files import background_response
from expo.web.public.map_data import VenueMap, read_map
from expo.web.public.map_meetings import list_own_meetings, list_shown_tables, list_table_stops, pin_meetings
from expo.web.public.map_routes import RouteSteps, find_steps, find_stop, list_entrances

MAX_QUERY_LENGTH = 100
MAX_FOUND = 30
SITE_MARGIN = 10

blueprint = audience_blueprint("public_map", __name__, Audience.EVERYONE)


@blueprint.get("/map")
@public_page()
def show_site() -> str:
    """Show all halls on the site."""
    edition = current_edition()
    venue = read_map(edition)
    return render_template(
        "public/map/site.html",
        halls=venue.plans,
        site=_site_box(venue),
        outlines={each.code: outline_of(each) for each in venue.plans},
        counts={each.code: len(venue.list_booths(each)) for each in venue.plans},
        entrances=list_entrances(venue),
        meetings=list_own_meetings(edition, venue),
    )


@blueprint.get("/map/<hall>")
@public_page("booth")
def show_hall(hall: str) -> str:
    """Show one hall with its booths; `booth` is highlighted."""
    edition = current_edition()
    venue = read_map(edition)
    plan = venue.get_plan(hall)
    chosen = venue.find_booth(plan, request.args.get("booth", "")[:MAX_QUERY_LENGTH])
    meetings = list_own_meetings(edition, venue)
    return render_template(
        "public/map/hall.html",
        plan=plan,
        halls=venue.plans,
        drawing=_drawing(edition, venue, plan),
        list_of_booths=cached_fragment(edition, f"map list:{hall}", lambda: _list(venue, plan)),
        chosen=chosen,
        chosen_path=path_of(chosen.place.corners) if chosen and chosen.place else "",
        companies=_companies(edition, chosen),
        entrances=list_entrances(venue),
        favourites=list_own_favourites(),
        meetings=meetings,
        pins=pin_meetings(meetings, plan),
        tables=[each for each in list_shown_tables(edition) if each.hall_id == plan.hall_id],
    )


@blueprint.get("/map/<hall>/booths/<path:code>")
@public_page()
def show_booth(hall: str, code: str) -> str:
    """Return the card of one booth, for the map's script."""
    edition = current_edition()
    venue = read_map(edition)
    plan = venue.get_plan(hall)
    booth = venue.find_booth(plan, code)
    if booth is None:
        raise Missing("booth_missing")
    return render_template("public/map/_booth.html", plan=plan, booth=booth, companies=_companies(edition, booth))


@blueprint.get("/map/search")
@public_page("part", searched_by="q")
def search() -> str:
    """List the booths and companies that match what was typed; with `part`, only the list."""
    edition = current_edition()
    venue = read_map(edition)
    q = request.args.get("q", "").strip()[:MAX_QUERY_LENGTH]
    booths = [
        (plan, booth)
        for plan in venue.plans
        for booth in venue.list_booths(plan)
        if q and booth.code.casefold().startswith(q.casefold())
    ]
    result = read_directory(edition).find(ExhibitorFilter(q=q)) if q else None
    companies = [
        (entry, *venue.places_of_companies.get(entry.id, (None, None))) for entry in (result.entries if result else ())
    ]
    template = "public/map/_found.html" if request.args.get("part") else "public/map/search.html"
    return render_template(
        template,
        q=q,
        booths=booths[:MAX_FOUND],
        companies=companies[:MAX_FOUND],
        is_exact=result.is_exact if result else True,
        count=len(booths) + len(companies),
    )


@blueprint.get("/map/route")
@public_page("to", searched_by="from")
def show_route() -> str:
    """Show the shortest way between two booths, entrances or companies."""
    edition = current_edition()
    venue = read_map(edition)
    texts = {name: request.args.get(name, "").strip()[:MAX_QUERY_LENGTH] for name in ("from", "to")}
    tables = list_table_stops(edition, venue) if any(texts.values()) else []
    start, goal = (find_stop(edition, venue, text, tables) for text in texts.values())
    found = find_steps(venue, start, goal) if start and goal else None
    return render_template(
        "public/map/route.html",
        texts=texts,
        start=start,
        goal=goal,
        found=found,
        parts=_parts(edition, venue, found) if found else [],
        entrances=list_entrances(venue),
    )


@blueprint.get("/map.json")
@public_page()
def map_json() -> Response:
    """Return the map as data: halls with their size and position, and booths with outline and companies."""
    venue = read_map(current_edition())
    return jsonify(halls=[_hall_to_json(venue, each) for each in venue.plans])


@blueprint.get("/map/backgrounds/<key>")
def show_background(key: str) -> Response:
    """Return the picture under a plan of this edition; other stored files are not found here."""
    if key not in {each.background.key for each in read_map(current_edition()).plans if each.background}:
        raise Missing("file_missing")
    return background_response(find_file_by_key(key))


def _drawing(edition: EditionFacts, venue: VenueMap, plan: HallPlan) -> Markup:
    """Return everything in the hall that is the same for all visitors, as the inside of an SVG."""
    return cached_fragment(
        edition,
        f"map:{plan.code}",
        lambda: render_template("public/map/_drawing.html", hall=draw_hall(plan, venue.list_booths(plan))),
    )


def _list(venue: VenueMap, plan: HallPlan) -> str:
    return render_template("public/map/_list.html", plan=plan, booths=venue.list_booths(plan))


def _parts(edition: EditionFacts, venue: VenueMap, found: RouteSteps) -> list[tuple[HallPlan, Markup, str, list[str]]]:
    """Return each hall on the way with its drawing, the line of the way, and the outlines of start and end."""
    parts = []
    for code in found.halls:
        plan = venue.get_plan(code)
        line = " ".join(path_of(leg.points, closed=False) for leg in found.legs_in(code))
        ends = [path_of(each.stop.shape) for each in (found.start, found.goal) if each.stop.hall == code]
        parts.append((plan, _drawing(edition, venue, plan), line, [each for each in ends if each != "MZ"]))
    return parts


def _companies(edition: EditionFacts, booth: BoothRow | None) -> list[object]:
    return list(list_exhibitors_by_id(edition.id, [each.id for each in booth.companies])) if booth else []


def _site_box(venue: VenueMap) -> tuple[float, float, float, float]:
    """Return the part of the site to show: all halls and a margin."""
    if not venue.plans:
        return 0, 0, 0, 0
    left, top = min(each.x for each in venue.plans), min(each.y for each in venue.plans)
    right = max(each.x + each.width for each in venue.plans)
    bottom = max(each.y + each.depth for each in venue.plans)
    return left - SITE_MARGIN, top - SITE_MARGIN, right - left + 2 * SITE_MARGIN, bottom - top + 2 * SITE_MARGIN


def _hall_to_json(venue: VenueMap, plan: HallPlan) -> dict[str, object]:
    return {
        "code": plan.code,
        "name": localized(plan.name),
        "width": plan.width,
        "depth": plan.depth,
        "x": plan.x,
        "y": plan.y,
        "structures": plan.structures,
        "url": url_for("public_map.show_hall", hall=plan.code),
        "booths": [
            {
                "code": booth.code,
                "outline": booth.place.corners if booth.place else (),
                "companies": [{"slug": each.slug, "name": each.name} for each in booth.companies],
            }
            for booth in venue.list_booths(plan)
        ],
    }
