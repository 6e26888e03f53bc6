"""Positions of countries and regions on the world map, static/img/world-land.svg."""

import json
from functools import cache

from expo.infra.config import ROOT


@cache
def country_points() -> dict[str, list[float]]:
    """Return [x, y] on the 1000 × 460 canvas by ISO 3166-1 alpha-2 code."""
    points: dict[str, list[float]] = json.loads((ROOT / "static/data/country-points.json").read_text())
    return points
