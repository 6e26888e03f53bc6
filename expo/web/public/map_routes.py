"""Routes on the public map: what people typed as start and end, and the way in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import HallPlan, read_directory
from expo.exhibitors.rules import read_structures
from expo.pure.plane import Point
from expo.pure.routes import Leg, Route, Stop, TurnKind, find_route, list_turns
from expo.web.kit.formats import number
from expo.web.kit.language import localized
from expo.web.public.map_data import VenueMap, stop_at

# Between the hall and the booth or entrance in addresses, such as "hall-1/A-12" and "hall-1/entrance 2".
SEPARATOR = "/"
ENTRANCE = "entrance "
TABLE = "table "


@dataclass(frozen=True)
class NamedStop:
    """A start or end as it is called; `value` is how an address names it."""

    value: str
    label: str
    stop: Stop


@dataclass(frozen=True)
class RouteSteps:
    """A route with its steps in words, and the parts of the way in each hall."""

    route: Route
    steps: tuple[str, ...]
    start: NamedStop
    goal: NamedStop

    @property
    def halls(self) -> tuple[str, ...]:
        """Return the halls on the way, in order."""
        return tuple(dict.fromkeys(leg.hall for leg in self.route.legs if leg.hall))

    def legs_in(self, hall: str) -> tuple[Leg, ...]:
        """Return the parts of the way within a hall."""
        return tuple(leg for leg in self.route.legs if leg.hall == hall)


def list_entrances(venue: VenueMap) -> list[NamedStop]:
    """Return the entrances of all halls."""
    found = []
    for plan in venue.plans:
        entrances = read_structures(plan.structures).entrances
        for position, each in enumerate(entrances, 1):
            name = each.label or (_("Entrance %(number)s", number=number(position)) if len(entrances) > 1 else "")
            label = _("%(place)s, %(hall)s", place=name or _("Entrance"), hall=localized(plan.name))
            value = f"{plan.code}{SEPARATOR}{ENTRANCE}{position}"
            found.append(NamedStop(value, label, Stop(plan.code, (each.x, each.y))))
    return found


def name_table(venue: VenueMap, plan: HallPlan, code: str, point: Point) -> NamedStop:
    """Return a table for meetings as a start or end."""
    label = _("%(place)s, %(hall)s", place=_("Table %(code)s", code=code), hall=localized(plan.name))
    return NamedStop(
        f"{plan.code}{SEPARATOR}{TABLE}{code}", label, Stop(plan.code, point, venue.shape_around(plan, point))
    )


def find_stop(edition: EditionFacts, venue: VenueMap, text: str, tables: Iterable[NamedStop] = ()) -> NamedStop | None:
    """Return the booth, entrance or company that somebody typed, or chose by its value in an address.

    `tables` are those that the visitor may see.
    """
    text = text.strip()
    if not text:
        return None
    wanted = text.casefold()
    for named in (*list_entrances(venue), *tables):
        if wanted in (named.value.casefold(), named.label.casefold()):
            return named
    hall, _separator, code = text.rpartition(SEPARATOR)
    for plan in venue.plans:
        booth = venue.find_booth(plan, code if hall == plan.code else text)
        if booth is not None and (not hall or hall == plan.code or booth.code.casefold() == wanted):
            return name_booth(venue, plan.code, booth.code)
    directory = read_directory(edition)
    numbers = directory.index.find(text).numbers
    for entry in directory.entries:
        if entry.id in numbers and entry.id in venue.places_of_companies:
            plan, booth = venue.places_of_companies[entry.id]
            return name_booth(venue, plan.code, booth.code)
    return None


def find_steps(venue: VenueMap, start: NamedStop, goal: NamedStop) -> RouteSteps | None:
    """Return the shortest way in words; None if there is none."""
    route = find_route(venue.walk_halls, start.stop, goal.stop)
    if route is None:
        return None
    steps = [_("Start: %(place)s", place=start.label)]
    for position, leg in enumerate(route.legs):
        steps += _describe_leg(venue, leg) if leg.hall else [_describe_change(venue, route, position)]
    steps.append(_("You have arrived: %(place)s", place=goal.label))
    return RouteSteps(route, tuple(steps), start, goal)


def name_booth(venue: VenueMap, hall: str, code: str) -> NamedStop | None:
    """Return a booth as a start or end, with the company that is there."""
    plan = venue.get_plan(hall)
    booth = venue.find_booth(plan, code)
    if booth is None:
        return None
    place = _("%(place)s, %(hall)s", place=booth.code, hall=localized(plan.name))
    label = f"{booth.companies[0].name} ({place})" if booth.companies else place
    return NamedStop(f"{plan.code}{SEPARATOR}{booth.code}", label, stop_at(plan, booth))


def _describe_leg(venue: VenueMap, leg: Leg) -> list[str]:
    plan = venue.get_plan(leg.hall)
    booths = [each for each in venue.list_booths(plan) if each.place]
    steps = []
    for turn in list_turns(leg.points):
        metres = number(max(1, round(turn.metres)))
        near = min(
            booths,
            key=lambda each: _distance(turn.at, each.place.box.centre) if each.place else 0.0,
            default=None,
        )
        if turn.kind is TurnKind.STRAIGHT or near is None:
            steps.append(_("Walk %(metres)s m.", metres=metres))
        elif turn.kind is TurnKind.LEFT:
            steps.append(_("Turn left at %(booth)s and walk %(metres)s m.", booth=near.code, metres=metres))
        else:
            steps.append(_("Turn right at %(booth)s and walk %(metres)s m.", booth=near.code, metres=metres))
    return steps


def _describe_change(venue: VenueMap, route: Route, position: int) -> str:
    """Return how to get from one hall to the next: through a passage, or outside."""
    metres = number(max(1, round(route.legs[position].length)))
    here, there = route.legs[position - 1], route.legs[position + 1]
    plan = venue.get_plan(there.hall)
    passages = read_structures(venue.get_plan(here.hall).structures).passages
    if any((each.x, each.y) == here.points[-1] and each.to == there.hall for each in passages):
        return _("Go through the passage to %(hall)s.", hall=localized(plan.name))
    return _("Leave the hall and walk %(metres)s m to %(hall)s.", metres=metres, hall=localized(plan.name))


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])
