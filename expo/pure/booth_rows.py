"""Arranging numbered booths in a hall: double rows back to back, with aisles between them."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from expo.pure.plane import Box

_SHORTEST_SIDE = 10.0


@dataclass(frozen=True)
class Spacing:
    """Sizes in metres: of a booth, of the aisles, and of the margin along the walls."""

    width: float = 3.0
    depth: float = 3.0
    aisle: float = 3.0
    margin: float = 4.0


@dataclass(frozen=True)
class Arrangement:
    """The place of each booth in the order given, and the size of the hall that they need."""

    boxes: tuple[Box, ...]
    width: float
    depth: float


def sort_numbers(codes: Sequence[str]) -> list[str]:
    """Return booth numbers in the order in which people count: A-2 before A-10."""
    return sorted(codes, key=number_key)


def number_key(code: str) -> tuple[tuple[int, int, str], ...]:
    """Return the sort key of a booth number: its digits count as numbers."""
    parts = re.findall(r"\d+|\D+", code.casefold())
    return tuple((0, int(each), "") if each.isdecimal() else (1, 0, each) for each in parts)


def row_of(code: str) -> str:
    """Return the row that a booth number names: everything before its last digits, such as "3-B" of "3-B17"."""
    match = re.fullmatch(r"(.*?)\d+\D?", code)
    return match[1].casefold() if match else ""


def arrange(codes: Sequence[str], width: float = 0, spacing: Spacing | None = None) -> Arrangement:
    """Return places for booths with these numbers: each row of numbers runs along the hall, two rows back to back.

    A row that is longer than the hall continues in the next one. Without a width the hall becomes about as wide as
    it is deep; the hall is as deep as the rows need.
    """
    spacing = spacing or Spacing()
    ordered = sort_numbers(codes)
    if width <= 0:
        width = _good_width(ordered, spacing)
    places_in_row = max(1, int((width - 2 * spacing.margin + 1e-9) // spacing.width))
    rows: list[list[str]] = []
    for _, group in groupby(ordered, key=row_of):
        numbers = list(group)
        rows += [numbers[start : start + places_in_row] for start in range(0, len(numbers), places_in_row)]
    rows = _fill_short_rows(rows, places_in_row)
    boxes: dict[str, Box] = {}
    y = spacing.margin
    for number, row in enumerate(rows):
        for at, code in enumerate(row):
            boxes[code] = Box(round(spacing.margin + at * spacing.width, 2), round(y, 2), spacing.width, spacing.depth)
        # The second row of a pair stands back to back with the first.
        y += spacing.depth + (spacing.aisle if number % 2 else 0)
    longest = max((len(row) for row in rows), default=0)
    depth = max((box.bottom for box in boxes.values()), default=0) + spacing.margin
    needed = 2 * spacing.margin + longest * spacing.width
    return Arrangement(
        tuple(boxes[code] for code in codes),
        round(max(width if len(rows) > 1 else needed, needed, _SHORTEST_SIDE), 2),
        round(max(depth, _SHORTEST_SIDE), 2),
    )


def _fill_short_rows(rows: list[list[str]], places: int) -> list[list[str]]:
    """Join rows that fit into one, so that many rows of a few booths do not make a long narrow hall."""
    joined: list[list[str]] = []
    for row in rows:
        if joined and len(joined[-1]) + len(row) <= places and (len(row) < places / 3 or len(joined[-1]) < places / 3):
            joined[-1] = joined[-1] + row
        else:
            joined.append(row)
    return joined


def _good_width(ordered: Sequence[str], spacing: Spacing) -> float:
    """Return the width of the longest row, or one at which the hall is about 4 : 3 if rows are very long or short."""
    area = len(ordered) * spacing.width * (spacing.depth + spacing.aisle / 2)
    balanced = max(4, math.ceil(math.sqrt(area * 4 / 3) / spacing.width))
    longest = max((len(list(group)) for _, group in groupby(ordered, key=row_of)), default=0)
    places = longest if balanced / 2 <= longest <= balanced * 2 else balanced
    return places * spacing.width + 2 * spacing.margin


def number_row(prefix: str, start: int, count: int, step: int = 1, digits: int = 2) -> list[str]:
    """Return the numbers of a row: A-01, A-02, …; with step 2 only every second one."""
    return [f"{prefix}{start + step * each:0{digits}d}" for each in range(count)]
