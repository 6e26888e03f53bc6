"""Where countries and regions lie on the map of the world: static/img/world-land.svg."""

import json
from functools import cache

from expo.infra.config import ROOT


@cache
def country_points() -> dict[str, list[float]]:
    """Return x and y on the canvas of 1000 by 460 by ISO 3166-1 alpha-2 code: a file of the product, read once."""
    points: dict[str, list[float]] = json.loads((ROOT / "static/data/country-points.json").read_text())
    return points
