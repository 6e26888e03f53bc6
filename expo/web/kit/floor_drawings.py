"""Floor plans as shapes for an SVG in metres: outlines, and labels that fit into their booths."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from expo.exhibitors.queries import BoothRow, HallPlan
from expo.exhibitors.rules import Structures, read_structures
from expo.pure.plane import Point

# Sizes in metres. A letter is about this much narrower than high; a Chinese character is square.
LETTER_WIDTH = 0.58
LARGEST_NUMBER, LARGEST_NAME = 0.95, 0.55
SMALLEST_NAME = 0.3
NAME_LINES = 2
# Numbers are bold, and so are wider.
BOLD = 1.2
_PADDING = 0.2


@dataclass(frozen=True)
class DrawnBooth:
    """A booth as drawn: its outline, its number and the first company's name, each with the size of its letters."""

    id: int
    code: str
    path: str
    x: float
    y: float
    number_size: float
    name_size: float
    name_lines: tuple[str, ...]
    is_taken: bool
    slugs: tuple[str, ...]


@dataclass(frozen=True)
class DrawnHall:
    """A hall with everything in it; `shapes` are walls, obstacles, entrances and passages."""

    plan: HallPlan
    booths: tuple[DrawnBooth, ...]
    shapes: Structures
    # The edge of the hall as a path.
    outline: str


def draw_hall(plan: HallPlan, booths: Iterable[BoothRow]) -> DrawnHall:
    """Return a hall's placed booths and its shapes as they are drawn."""
    shapes = read_structures(plan.structures)
    return DrawnHall(plan, tuple(_draw(each) for each in booths if each.place), shapes, outline_of(plan))


def outline_of(plan: HallPlan) -> str:
    """Return the edge of a hall as the path of an SVG: its outline, or else a rectangle."""
    outline = read_structures(plan.structures).outline
    return path_of(outline or ((0, 0), (plan.width, 0), (plan.width, plan.depth), (0, plan.depth)))


def path_of(points: Sequence[Point], *, closed: bool = True) -> str:
    """Return points as the path of an SVG."""
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + ("Z" if closed else "")


def _draw(booth: BoothRow) -> DrawnBooth:
    if booth.place is None:
        raise ValueError("a booth without a place cannot be drawn")
    box = booth.place.box
    x, y = box.centre
    inner = max(box.width - _PADDING, 0.3)
    name = booth.companies[0].name if booth.companies else ""
    number_size = min(LARGEST_NUMBER, box.depth * 0.4, inner / max(width_of(booth.code) * BOLD, 1))
    name_size = max(SMALLEST_NAME, min(LARGEST_NAME, box.depth * 0.16))
    return DrawnBooth(
        id=booth.id,
        code=booth.code,
        path=path_of(booth.place.corners),
        x=round(x, 2),
        y=round(y, 2),
        number_size=round(number_size, 2),
        name_size=round(name_size, 2),
        name_lines=tuple(break_name(name, inner / name_size)),
        is_taken=bool(booth.companies),
        slugs=tuple(each.slug for each in booth.companies),
    )


def width_of(text: str) -> float:
    """Return about how wide a text is, as a multiple of the size of its letters."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WF" else LETTER_WIDTH for char in text)


def break_name(name: str, width: float) -> list[str]:
    """Return a name in at most two lines of this width; what does not fit ends in "…"."""
    lines: list[str] = []
    rest = name.strip()
    while rest and len(lines) < NAME_LINES:
        fitting = _fitting(rest, width)
        is_last = len(lines) == NAME_LINES - 1
        if fitting == len(rest):
            lines.append(rest)
            break
        if is_last:
            lines.append(rest[: max(fitting - 1, 1)].rstrip() + "…")
            break
        space = rest.rfind(" ", 0, fitting + 1)
        at = space if space > 0 else max(fitting, 1)
        lines.append(rest[:at].strip())
        rest = rest[at:].strip()
    return lines


def _fitting(text: str, width: float) -> int:
    used = 0.0
    for at, char in enumerate(text):
        used += width_of(char)
        if used > width:
            return at
    return len(text)
