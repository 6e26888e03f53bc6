"""The eight bands of ticket types, distinguished by colour, lightness (in greyscale print) and pattern."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from reportlab.lib.colors import Color, HexColor

from expo.pure.layout import Box

BandColor = Literal["teal", "indigo", "amber", "red", "green", "sky", "violet", "slate"]
BAND_COLORS: tuple[BandColor, ...] = get_args(BandColor)

INK = HexColor("#0f172a")
WHITE = HexColor("#ffffff")


@dataclass(frozen=True)
class Band:
    """The look of a ticket type's band. Each has its own lightness and pattern."""

    ground: Color
    word: Color
    pattern: Callable[[Box], str]


def _stripes(box: Box) -> str:
    step = 9.0
    count = int((box.width + box.height) / step) + 1
    lines = (
        f"{box.x + n * step - box.height:.1f} {box.y:.1f} m {box.x + n * step:.1f} {box.top:.1f} l"
        for n in range(count)
    )
    return f"3.2 w {' '.join(lines)} S"


def _lines(box: Box) -> str:
    step = box.height / 6
    lines = (
        f"{box.x:.1f} {box.y + (n + 0.5) * step:.1f} m {box.right:.1f} {box.y + (n + 0.5) * step:.1f} l"
        for n in range(6)
    )
    return f"2.8 w {' '.join(lines)} S"


def _bars(box: Box) -> str:
    step = box.width / 8
    lines = (
        f"{box.x + (n + 0.5) * step:.1f} {box.y:.1f} m {box.x + (n + 0.5) * step:.1f} {box.top:.1f} l" for n in range(8)
    )
    return f"3.2 w {' '.join(lines)} S"


def _dots(box: Box) -> str:
    # A zero-length line with round caps is a dot.
    step = box.height / 5
    dots = (
        f"{box.x + (c + 0.5 + (r % 2) / 2) * step:.1f} {box.y + (r + 0.5) * step:.1f} m 0 0 l"
        for r in range(5)
        for c in range(int(box.width / step))
    )
    points = " ".join(dot.replace("m 0 0 l", "m " + dot.partition(" m")[0] + " l") for dot in dots)
    return f"1 J 5 w {points} S"


def _chevrons(box: Box) -> str:
    step = 13.0
    middle = box.y + box.height / 2
    peaks = (
        f"{x:.1f} {box.y:.1f} m {x + 14:.1f} {middle:.1f} l {x:.1f} {box.top:.1f} l"
        for x in (box.x + n * step for n in range(int(box.width / step) + 1))
    )
    return f"4 w {' '.join(peaks)} S"


def _checks(box: Box) -> str:
    side = box.height / 4
    squares = (
        f"{box.x + c * side:.1f} {box.y + r * side:.1f} {side:.1f} {side:.1f} re"
        for r in range(4)
        for c in range(int(box.width / side) + 1)
        if (r + c) % 2
    )
    return f"{' '.join(squares)} f"


def _lattice(box: Box) -> str:
    step = 11.0
    count = int((box.width + box.height) / step) + 1
    lines = (
        f"{box.x + n * step - box.height:.1f} {box.y:.1f} m {box.x + n * step:.1f} {box.top:.1f} l "
        f"{box.x + n * step - box.height:.1f} {box.top:.1f} m {box.x + n * step:.1f} {box.y:.1f} l"
        for n in range(count)
    )
    return f"1.6 w {' '.join(lines)} S"


def _waves(box: Box) -> str:
    step, rise = 10.0, 5.0
    rows = []
    for row in range(4):
        y = box.y + (row + 0.5) * box.height / 4
        path = [f"{box.x:.1f} {y:.1f} m"]
        for n in range(int(box.width / step) + 1):
            x = box.x + n * step
            swing = rise if n % 2 else -rise
            path.append(f"{x + 3.5:.1f} {y + swing:.1f} {x + 6.5:.1f} {y + swing:.1f} {x + step:.1f} {y:.1f} c")
        rows.append(" ".join(path))
    return f"2.4 w {' '.join(rows)} S"


BANDS: dict[str, Band] = {
    "teal": Band(HexColor("#0f766e"), WHITE, _waves),
    "indigo": Band(HexColor("#312e81"), WHITE, _stripes),
    "amber": Band(HexColor("#fbbf24"), INK, _dots),
    "red": Band(HexColor("#b91c1c"), WHITE, _chevrons),
    "green": Band(HexColor("#86efac"), INK, _lines),
    "sky": Band(HexColor("#7dd3fc"), INK, _checks),
    "violet": Band(HexColor("#a855f7"), WHITE, _bars),
    "slate": Band(HexColor("#1e293b"), WHITE, _lattice),
}
