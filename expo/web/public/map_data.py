"""The halls and booths of the public map, read once per content version in each process."""

from dataclasses import dataclass
from functools import cached_property

from expo.editions.queries import EditionFacts
from expo.errors import Missing
from expo.exhibitors.queries import BoothRow, HallPlan, list_plans, list_public_booths
from expo.exhibitors.rules import Obstacle, read_structures
from expo.infra.clock import utcnow
from expo.pure.plane import Box, Point, contains, corners_of
from expo.pure.routes import Stop, WalkHall
from expo.pure.walking import make_grid
from expo.web.kit.caching import FRAGMENT_SECONDS, recent_value


@dataclass(frozen=True)
class VenueMap:
    """The halls that have a plan, and all booths by hall."""

    plans: tuple[HallPlan, ...]
    booths: dict[int, tuple[BoothRow, ...]]

    def get_plan(self, code: str) -> HallPlan:
        """Return a drawn hall. Raises Missing `plan_missing`."""
        found = next((each for each in self.plans if each.code == code), None)
        if found is None:
            raise Missing("plan_missing")
        return found

    def list_booths(self, plan: HallPlan) -> tuple[BoothRow, ...]:
        """Return the placed booths of a hall in the order of their numbers."""
        return self.booths.get(plan.hall_id, ())

    def find_booth(self, plan: HallPlan, code: str) -> BoothRow | None:
        """Return a placed booth by its number, however it is typed."""
        wanted = code.strip().casefold()
        return next((each for each in self.list_booths(plan) if each.code.casefold() == wanted), None)

    def shape_around(self, plan: HallPlan, point: Point) -> tuple[Point, ...]:
        """Return the outline of the booth or obstacle that a point is in; empty if it is in neither."""
        shapes = [booth.place.corners for booth in self.list_booths(plan) if booth.place]
        shapes += [obstacle_corners(each) for each in read_structures(plan.structures).obstacles]
        return next((shape for shape in shapes if contains(shape, point)), ())

    @cached_property
    def places_of_companies(self) -> dict[int, tuple[HallPlan, BoothRow]]:
        """Return the first placed booth of each company."""
        found: dict[int, tuple[HallPlan, BoothRow]] = {}
        for plan in self.plans:
            for booth in self.list_booths(plan):
                for company in booth.companies:
                    found.setdefault(company.id, (plan, booth))
        return found

    @cached_property
    def walk_halls(self) -> dict[str, WalkHall]:
        """Return the halls as walkers see them."""
        return {plan.code: self._walk_hall(plan) for plan in self.plans}

    def _walk_hall(self, plan: HallPlan) -> WalkHall:
        structures = read_structures(plan.structures)
        shapes = [booth.place.corners for booth in self.list_booths(plan) if booth.place]
        shapes += [obstacle_corners(each) for each in structures.obstacles]
        return WalkHall(
            plan.code,
            (plan.x, plan.y),
            make_grid(
                plan.width,
                plan.depth,
                shapes,
                [(each.start, each.end) for each in structures.walls],
                structures.outline,
            ),
            tuple((each.x, each.y) for each in structures.entrances),
            tuple(((each.x, each.y), each.to) for each in structures.passages),
        )


def obstacle_corners(obstacle: Obstacle) -> tuple[Point, ...]:
    """Return the outline of an obstacle."""
    return corners_of(Box(obstacle.x, obstacle.y, obstacle.width, obstacle.depth))


def stop_at(plan: HallPlan, booth: BoothRow) -> Stop:
    """Return a booth as the start or end of a route."""
    if booth.place is None:
        raise ValueError("a booth without a place cannot be a stop")
    return Stop(plan.code, booth.place.box.centre, booth.place.corners)


def read_map(edition: EditionFacts) -> VenueMap:
    """Return the map of an edition as of its content version."""
    return recent_value(("map", edition.id, edition.content_version), FRAGMENT_SECONDS, lambda: _read(edition.id))


def _read(edition_id: int) -> VenueMap:
    plans = tuple(each for each in list_plans(edition_id) if each.is_drawn)
    booths: dict[int, list[BoothRow]] = {}
    for each in list_public_booths(edition_id, utcnow()):
        if each.place and each.hall_id is not None:
            booths.setdefault(each.hall_id, []).append(each)
    return VenueMap(plans, {hall_id: tuple(rows) for hall_id, rows in booths.items()})
