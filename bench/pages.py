"""Measures public pages: rendered per visitor, served from memory, and answered with 304.

The day page has 1,000 sessions in 30 rooms.
"""

import gzip
import http.client
import json
import re
from urllib.parse import quote

from bench.full_day import SESSIONS, add_full_day, measure_uncached
from bench.limits import bare_requests, bare_wsgi_requests
from bench.load import Outcome, request, send_all
from bench.table import Row
from bench.world import World

CLIENTS = 32
RENDERED, FROM_MEMORY = 200, 8000
SECONDS = 5.0
# A session cookie of nobody: bypasses the page cache, as for signed-in people.
SESSION = {"Cookie": "session=nobody"}


def measure_pages(world: World, token: str) -> list[Row]:
    """Measure each page in all three ways, and an empty response from the same server for comparison."""
    flask, wsgi = bare_requests(world.folder, CLIENTS), bare_wsgi_requests(world.folder, CLIENTS)
    rows = [
        Row("WSGI hello, same server", wsgi.per_second, "pages/s"),
        Row("empty Flask route, same server", flask.per_second, "pages/s"),
    ]
    day = add_full_day(world)
    day_pages = [f"/{language}/program/{day}" for language in ("en", "zh")]
    for path in ["/en/", *day_pages, *_paths(world, token)]:
        rows += _measure_page(world, path)
    for path in day_pages:
        rows += [_weigh_full_day(world, path), measure_uncached(world, path)]
    return rows


def _weigh_full_day(world: World, path: str) -> Row:
    """Return the weight of the day page as sent, once it is certain that it has all sessions."""
    _tag, body = _fetch_once(world, path)
    found = len(set(re.findall(r'/sessions/[^"#?]+', gzip.decompress(body).decode())))
    if found != SESSIONS:
        raise AssertionError(f"{path}: {found} sessions")
    return Row(f"{path[:30]} weight", len(body) / 1000, "kB", "<= 150", f"compressed; {found:,} sessions")


def _measure_page(world: World, path: str) -> list[Row]:
    tag, body = _fetch_once(world, path)
    ways: dict[str, tuple[int, int, dict[str, str], int, str]] = {
        "rendered": (RENDERED, 4, SESSION, 200, ""),
        "from memory": (FROM_MEMORY, CLIENTS, {"Accept_Encoding": "gzip"}, 200, ">= 1,000"),
        "304": (FROM_MEMORY, CLIENTS, {"If_None_Match": tag}, 304, ">= 1,500"),
    }
    rows = []
    for name, (count, clients, headers, status, target) in ways.items():
        batch = [request("GET", path, world.port, b"", **headers)] * count
        send_all(batch[:40], world.port, 4)  # let each process render it once
        before = world.cpu_seconds()
        outcome = send_all(batch, world.port, clients, SECONDS)
        if set(outcome.statuses) != {status}:
            raise AssertionError(f"{path}, {name}: {outcome.statuses}")
        note = f"{_cpu_ms(world, before, outcome):.2f} ms of CPU time each; p95 {outcome.percentile(0.95):.0f} ms"
        kilobytes = f"; {len(body) / 1000:.0f} kB compressed" if name == "from memory" else ""
        rows.append(Row(f"{path[:30]} {name}", outcome.per_second, "pages/s", target, note + kilobytes))
    return rows


def _cpu_ms(world: World, before: dict[str, float], outcome: Outcome) -> float:
    used = sum(now - before[part] for part, now in world.cpu_seconds().items())
    return 1000 * used / len(outcome.latencies)


def _fetch_once(world: World, path: str) -> tuple[str, bytes]:
    """Return a page's ETag and its body as sent to browsers."""
    connection = http.client.HTTPConnection("127.0.0.1", world.port)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.headers["ETag"], body


def _paths(world: World, token: str) -> list[str]:
    kinds = ("sessions", "exhibitors", "speakers")
    batch = [request("GET", f"/api/v1/{kind}?limit=1", world.port, Authorization=f"Bearer {token}") for kind in kinds]
    answers = send_all(batch, world.port, 1).bodies
    firsts = [f"/en/{kind}/{quote(json.loads(answers[number])['items'][0]['id'])}" for number, kind in enumerate(kinds)]
    return ["/en/speakers", "/en/exhibitors", *firsts]
