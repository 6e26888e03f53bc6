"""Measures the directory and the map of 1,200 exhibitors: searched, filtered, drawn, and with a route between halls."""

import itertools
from urllib.parse import quote

from bench.limits import bare_requests
from bench.load import Outcome, request, send_all
from bench.table import Row
from bench.world import World

# One after another, so that a figure is the time of a page and not of waiting for the others.
CLIENTS = 1
REQUESTS = 120
# A session cookie of nobody: bypasses the page cache, as for signed-in people.
SESSION = {"Cookie": "session=nobody"}
QUERIES = ("data", "robot", "hundai", "华为", "数居", "energy", "siemesn", "zzzz", "tech solutions", "a")
HALLS = tuple(f"hall-{number}" for number in range(1, 9))


def measure_exhibitors(world: World) -> list[Row]:
    """Measure each kind of page while nothing is served from memory."""
    bare = bare_requests(world.folder, CLIENTS)
    pages = {
        "directory, searched": [f"/en/exhibitors?q={quote(query)}" for query in QUERIES],
        "directory, filtered": [f"/en/exhibitors?hall={hall}&page={page}" for hall in HALLS for page in (1, 2)],
        "map of a hall": [f"/en/map/{hall}" for hall in HALLS],
        "map, searched": [f"/en/map/search?part=1&q={quote(query)}" for query in QUERIES],
        "route between halls": [
            f"/en/map/route?from={first}-A0{number}&to={second}-C1{number}"
            for (first, second), number in zip(itertools.permutations(range(1, 9), 2), itertools.cycle(range(1, 9)))
        ],
        "map as data": ["/en/map.json"],
    }
    limit = f"empty Flask route p95 {bare.percentile(0.95):.1f} ms"
    return [row for name, paths in pages.items() for row in _rows(name, _measure(world, paths), limit)]


def _measure(world: World, paths: list[str]) -> Outcome:
    batch = [
        request("GET", path, world.port, b"", **SESSION) for path in itertools.islice(itertools.cycle(paths), REQUESTS)
    ]
    send_all(batch[:40], world.port, 4)  # let each process read the directory once
    outcome = send_all(batch, world.port, CLIENTS)
    if set(outcome.statuses) != {200}:
        raise AssertionError(f"{paths[0]}: {outcome.statuses}")
    return outcome


def _rows(name: str, outcome: Outcome, limit: str) -> list[Row]:
    return [
        Row(name + " p50", outcome.percentile(0.5), "ms", "", limit),
        Row(name + " p95", outcome.percentile(0.95), "ms", "< 100"),
    ]
