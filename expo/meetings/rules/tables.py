"""Checks of tables to meet at. Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from expo.errors import Invalid
from expo.pure.plane import Point

MAX_CODE_LENGTH = 32
MAX_SEATS = 100
MAX_TABLES_AT_ONCE = 200


@dataclass(frozen=True)
class TableRequest:
    """A table to meet at; shared without `exhibitor_id`. No new meetings are at one that is not active."""

    code: str
    hall_id: int | None = None
    seats: int = 4
    exhibitor_id: int | None = None
    is_active: bool = True


def check_table(request: TableRequest) -> TableRequest:
    """Return the request with its code cleaned. Raises Invalid `table_code_invalid` or `table_seats_invalid`."""
    code = " ".join(unicodedata.normalize("NFKC", request.code).split())
    has_control = any(unicodedata.category(char).startswith("C") for char in code)
    if not code or len(code) > MAX_CODE_LENGTH or has_control:
        raise Invalid("table_code_invalid", field="code", maximum=MAX_CODE_LENGTH)
    if not 1 <= request.seats <= MAX_SEATS:
        raise Invalid("table_seats_invalid", field="seats", maximum=MAX_SEATS)
    return replace(request, code=code)


def check_places(places: Mapping[int, Point | None], width: float, depth: float) -> dict[int, Point | None]:
    """Return the places of tables in a hall of this size, to the centimetre. Raises Invalid `table_place_outside`."""
    for place in places.values():
        if place is not None and not (0 <= place[0] <= width and 0 <= place[1] <= depth):
            raise Invalid("table_place_outside", field="places", width=f"{width:g}", depth=f"{depth:g}")
    return {key: place and (round(place[0], 2), round(place[1], 2)) for key, place in places.items()}
