"""The demo's floor plans: all halls arranged, joined by passages, with some booths still free or held."""

from datetime import datetime, timedelta
from random import Random

from expo.accounts.rules import SYSTEM
from expo.editions.queries import EditionFacts
from expo.exhibitors.queries import HallPlan, list_booths, list_plans
from expo.exhibitors.rules import PlanRequest
from expo.exhibitors.services import RowRequest, add_row, arrange_booths, hold_booth, save_plan, set_price
from expo.pure.booth_rows import Spacing
from expo.pure.plane import Box

# In the minor unit: what a square metre costs, and how many booths are unsold in each hall.
PRICE_OF_METRE = 1200_00
FREE_BOOTHS = 6
HELD_BOOTHS = 2


def load_floor_plans(edition: EditionFacts, now: datetime, rng: Random) -> None:
    """Arrange the booths of every hall, add some that are free or held, and connect neighbouring halls."""
    for hall in list_plans(edition.id):
        if hall.booths:
            arrange_booths(SYSTEM, edition.id, hall.code, now)
    halls = [each for each in list_plans(edition.id) if each.is_drawn]
    for number, hall in enumerate(halls, 1):
        _add_free_booths(edition, hall, f"{number}-Z", now, rng)
    _connect(edition, now)


def _add_free_booths(edition: EditionFacts, hall: HallPlan, prefix: str, now: datetime, rng: Random) -> None:
    spacing = Spacing()
    booths = list_booths(edition.id, hall.hall_id, now)
    set_price(
        SYSTEM, edition.id, [each.id for each in booths], int(spacing.width * spacing.depth * PRICE_OF_METRE), now
    )
    bottom = max((each.place.box.bottom for each in booths if each.place), default=0.0)
    place = Box(spacing.margin, bottom + spacing.aisle, 4, 4)
    save_plan(
        SYSTEM,
        edition.id,
        hall.code,
        PlanRequest(
            max(hall.width, place.x + FREE_BOOTHS * place.width + spacing.margin),
            place.bottom + spacing.margin,
            hall.x,
            hall.y,
            tuple(hall.structures),
        ),
        hall.version,
        now,
    )
    row = RowRequest(prefix, FREE_BOOTHS, place, price=int(place.width * place.depth * PRICE_OF_METRE))
    added = add_row(SYSTEM, edition.id, hall.code, row, now)
    for booth_id in rng.sample(added, HELD_BOOTHS):
        hold_booth(SYSTEM, edition.id, booth_id, "", now + timedelta(days=rng.randint(3, 20)), now)


def _connect(edition: EditionFacts, now: datetime) -> None:
    """Put the halls side by side in two rows, and passages between neighbours."""
    halls = [each for each in list_plans(edition.id) if each.is_drawn]
    half = (len(halls) + 1) // 2
    y = 0.0
    for row in (halls[:half], halls[half:]):
        x = 0.0
        for at, hall in enumerate(row):
            middle, centre = round(hall.depth / 2, 2), round(hall.width / 2, 2)
            structures = [
                {"kind": "entrance", "x": centre, "y": 0},
                {"kind": "entrance", "x": centre, "y": hall.depth},
            ]
            if at:
                structures.append({"kind": "passage", "x": 0, "y": middle, "to": row[at - 1].code})
            if at + 1 < len(row):
                structures.append({"kind": "passage", "x": hall.width, "y": middle, "to": row[at + 1].code})
            request = PlanRequest(hall.width, hall.depth, x, y, tuple(structures))
            save_plan(SYSTEM, edition.id, hall.code, request, hall.version, now)
            x = round(x + hall.width + 6, 2)
        y = round(max((each.depth for each in row), default=0.0) + 30, 2)
