"""The brand motif: layered karst hills drawn as thin data lines, the same on every document."""

from collections.abc import Iterator
from functools import lru_cache
from math import exp
from typing import Any

from reportlab.lib.colors import Color

from expo.pure.layout import Box

# Each layer is a row of towers as (centre, half width, height), all as shares of the box; far layers come first.
_LAYERS = (
    (
        (0.06, 0.10, 0.62), (0.22, 0.07, 0.80), (0.37, 0.09, 0.58), (0.55, 0.08, 0.92), (0.73, 0.10, 0.66),
        (0.92, 0.08, 0.84),
    ),
    (
        (0.00, 0.09, 0.50), (0.14, 0.06, 0.60), (0.30, 0.08, 0.66), (0.46, 0.07, 0.46), (0.64, 0.09, 0.70),
        (0.82, 0.07, 0.56), (1.00, 0.08, 0.62),
    ),
    (
        (0.08, 0.08, 0.34), (0.24, 0.07, 0.44), (0.40, 0.09, 0.38), (0.58, 0.08, 0.30), (0.75, 0.08, 0.46),
        (0.93, 0.09, 0.36),
    ),
)  # fmt: skip
_STEPS = 110
# Each ridge is repeated below itself, lower each time, like the lines of a chart.
_ECHOES = (1.0, 0.84, 0.68, 0.52, 0.36)


@lru_cache(maxsize=8)
def _ridge(layer: int) -> tuple[float, ...]:
    """Return the height of one layer at every step, as a fraction of the box."""
    return tuple(
        max(height * exp(-(abs((step / _STEPS - centre) / half) ** 2.4)) for centre, half, height in _LAYERS[layer])
        for step in range(_STEPS + 1)
    )


def hill_operators(box: Box, color: Color, strength: float = 1.0) -> str:
    """Return PDF operators that draw the hills in a box, standing on its lower edge.

    `strength` below 1 mixes the colour with white, so that printing needs no transparency.
    """
    parts = ["q 1 j 1 J"]
    for layer in range(len(_LAYERS)):
        parts.extend(_layer_operators(layer, box, color, strength * (0.45 + 0.25 * layer)))
    parts.append("Q")
    return " ".join(parts)


def _layer_operators(layer: int, box: Box, color: Color, strength: float) -> Iterator[str]:
    ridge = _ridge(layer)
    lift = box.height * (0.10 - 0.05 * layer)
    ground = " ".join(
        [f"{box.x:.2f} {box.y:.2f} m", *(f"{x:.2f} {y:.2f} l" for x, y in _points(ridge, box, 1.0, lift)),
         f"{box.right:.2f} {box.y:.2f} l h"]
    )  # fmt: skip
    # Nearer hills hide those behind them.
    yield f"1 g {ground} f" if layer else ""
    for number, echo in enumerate(_ECHOES):
        shade = _tint(color, strength * (1 - 0.15 * number))
        width = 0.7 if number == 0 else 0.3
        path = " ".join(
            f"{x:.2f} {y:.2f} {'m' if step == 0 else 'l'}"
            for step, (x, y) in enumerate(_points(ridge, box, echo, lift))
        )
        yield f"{shade} RG {width} w {path} S"
    yield f"{_tint(color, strength)} rg"
    for centre, _, height in _LAYERS[layer]:
        if 0 < centre < 1:
            yield _dot(box.x + centre * box.width, box.y + lift + height * box.height * 0.86, 0.9)


def _points(ridge: tuple[float, ...], box: Box, echo: float, lift: float) -> Iterator[tuple[float, float]]:
    for step, height in enumerate(ridge):
        yield box.x + step / _STEPS * box.width, box.y + (lift + height * box.height * 0.86) * echo


def _tint(color: Color, strength: float) -> str:
    return " ".join(f"{1 - (1 - part) * min(strength, 1):.3f}" for part in (color.red, color.green, color.blue))


def _dot(x: float, y: float, radius: float) -> str:
    """Return a filled square rotated by 45 degrees: a data point of only four short lines."""
    corners = ((x, y + radius), (x + radius, y), (x, y - radius))
    return f"{x - radius:.2f} {y:.2f} m {' '.join(f'{a:.2f} {b:.2f} l' for a, b in corners)} h f"


def draw_hills(canvas: Any, box: Box, color: Color, strength: float = 1.0) -> None:
    """Draw the hills on a canvas."""
    canvas._code.append(hill_operators(box, color, strength))  # noqa: SLF001 - whole operators, written at once
