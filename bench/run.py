"""Runs all benchmarks on SQLite and on PostgreSQL: `make bench`.

`python -m bench.run [NAME …] [DATABASE …]` runs some of them: `python -m bench.run scans postgresql`.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from bench.control_room import measure_control_room
from bench.door import measure_door
from bench.door_page import measure_door_page
from bench.exhibitors import measure_exhibitors
from bench.exports import measure_exports
from bench.for_one import measure_for_one
from bench.hubs import measure_hubs
from bench.imports import measure_import
from bench.limits import (
    bare_inserts,
    bare_requests,
    commits_per_second,
    empty_pages_per_second,
)
from bench.load import Outcome, request, send_all
from bench.map_page import measure_map_page
from bench.meetings import measure_meetings
from bench.own_pages import measure_own_pages
from bench.pages import measure_pages
from bench.recommendations import measure_recommendations
from bench.scans import measure_same_badges, measure_scans
from bench.schedules import measure_schedules
from bench.seats import measure_seats
from bench.table import Row, show
from bench.timetable import measure_timetable
from bench.walk_in import measure_walk_in
from bench.world import World, open_world
from expo.documents.badge import BadgeFace, render_badges
from expo.pure.tokens import BadgeToken, new_key_pair, sign_token

ATTENDEES = 20_000
CLIENTS = 32
REGISTRATIONS = 700
WARM_UP = 300
HOT_PLACES = 500
MEGABYTE = 2**20
JSON = {"Content_Type": "application/json"}


@dataclass(frozen=True)
class Limits:
    """The machine's limits as text."""

    commits: str
    web: str


@dataclass(frozen=True)
class Context:
    """What a benchmark runs against."""

    world: World
    token: str
    limits: Limits


def main() -> None:
    """Run the named benchmarks on the named databases; by default, all on each."""
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))  # to stop child processes
    known = {"badges", "sqlite", "postgresql", *MEASURES}
    names = set(sys.argv[1:])
    if names - known:
        raise SystemExit(f"Unknown: {', '.join(sorted(names - known))}. Choose from: {', '.join(sorted(known))}")
    measures = [name for name in MEASURES if name in names or (not names & set(MEASURES) and names != {"badges"})]
    databases = [name for name in ("sqlite", "postgresql") if name in names or not names & {"sqlite", "postgresql"}]
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and "postgresql" in databases:
        databases.remove("postgresql")
        print("PostgreSQL is not installed: measuring on SQLite only.")
    print(f"{os.cpu_count()} cores; load average {os.getloadavg()[0]:.1f} at the start; other processes affect results")
    if not names or "badges" in names:
        show("badges", measure_badges())
    for database in databases if measures else []:
        with open_world(database, ATTENDEES) as world:
            context = Context(world, world.token(), measure_limits(world))
            for name in measures:
                show(f"{name}-{database}", MEASURES[name](context))


def measure_limits(world: World) -> Limits:
    """Measure the machine's limits, just before the results that are compared with them."""
    web = bare_requests(world.folder, CLIENTS)
    return Limits(
        commits=f"bare commits {commits_per_second(world):,.0f}/s",
        web=f"bare Flask {web.per_second:,.0f}/s, p95 {web.percentile(0.95):.0f} p99 {web.percentile(0.99):.0f} ms",
    )


def measure_demo(context: Context) -> list[Row]:
    """Return the time taken to load the demo when the environment was created."""
    return [
        Row(f"load {ATTENDEES:,} people", context.world.demo_seconds, "s", "< 60", context.limits.commits),
        Row("  rows", context.world.demo_rows / context.world.demo_seconds, "rows/s", "", bare_inserts()),
    ]


def processor_row(before: dict[str, float], world: World, outcome: Outcome) -> Row:
    """Return the CPU time per request, which depends less than other figures on what else is running."""
    used = {part: 1000 * (now - before[part]) / len(outcome.latencies) for part, now in world.cpu_seconds().items()}
    parts = ", ".join(f"{part} {each:.1f}" for part, each in used.items())
    return Row("  CPU time each", sum(used.values()), "ms", "", parts)


def measure_registrations(context: Context) -> list[Row]:
    """Measure registrations through the API, with badge and e-mail: without a quota, and on one contended quota."""
    world, token = context.world, context.token
    _create_ticket_types(world)
    # The first requests of a server load modules and prepare statements on every connection.
    _register(world, token, "bench-free", WARM_UP, "warm")
    before = world.cpu_seconds()
    free = _register(world, token, "bench-free", REGISTRATIONS)
    cost = processor_row(before, world, free)
    hot = _register(world, token, "bench-hot", REGISTRATIONS)
    sold = hot.statuses[201]
    url = world.url or f"sqlite:///{world.folder}/data/expo.sqlite3"
    with create_engine(url).connect() as connection:
        taken = connection.scalar(text("SELECT taken FROM quota WHERE name = 'Bench hot'"))
    if not (sold == taken == min(HOT_PLACES, len(hot.latencies))):
        raise AssertionError(f"sold {sold}, taken {taken}, places {HOT_PLACES}")
    return [
        Row(
            "without a shared quota",
            free.statuses[201] / free.seconds,
            "orders/s",
            ">= 200",
            f"{context.limits.commits}; {context.limits.web}",
        ),
        Row("  p95", free.percentile(0.95), "ms"),
        cost,
        Row(f"one hot quota of {HOT_PLACES}, {REGISTRATIONS} tries", hot.per_second, "tries/s", ">= 100"),
        Row("  sold, exactly the quota", float(sold), "places", f"= {HOT_PLACES}"),
        Row("  p95", hot.percentile(0.95), "ms"),
    ]


def _register(world: World, token: str, ticket_type: str, count: int, prefix: str = "") -> Outcome:
    headers = {"Authorization": f"Bearer {token}", **JSON}
    requests = []
    for number in range(count):
        address = f"{prefix}{ticket_type}-{number}@bench.example"
        person = {
            "ticket_type": ticket_type,
            "name": f"张伟{number}",
            "country": "CN",
            "company": "数据谷",
            "language": "zh",
        }
        body = json.dumps({"email": address, "language": "zh", "attendees": [person]}).encode()
        requests.append(
            request("POST", "/api/v1/registrations", world.port, body, Idempotency_Key=str(uuid.uuid4()), **headers)
        )
    return send_all(requests, world.port, CLIENTS, 40)


def _create_ticket_types(world: World) -> None:
    """Create two ticket types, one of them with a quota, using the product's services."""
    code = (
        "from datetime import UTC, datetime\n"
        "from expo.accounts.rules import SYSTEM\n"
        "from expo.app import create_app\n"
        "from expo.editions.queries import get_current_edition\n"
        "from expo.flows.tickets import create_quota\n"
        "from expo.tickets.services import create_ticket_type\n"
        "now = datetime.now(UTC)\n"
        "with create_app().app_context():\n"
        "    edition = get_current_edition()\n"
        "    for code in ('bench-free', 'bench-hot'):\n"
        "        create_ticket_type(SYSTEM, edition.id, code=code, name={'en': code}, now=now)\n"
        f"    create_quota(SYSTEM, edition.id, 'Bench hot', {HOT_PLACES}, ['bench-hot'], now)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=world.environment, cwd=Path(__file__).parents[1], check=True)


def measure_search(context: Context) -> list[Row]:
    """Measure attendee searches one at a time, as experienced at the help desk."""
    world, token = context.world, context.token
    queries = ["zhang", "%E5%BC%A0", "wang+wei", "muller", "kim", "guizhou", "li+na", "mohammed", "zzzz", "tanaka",
        "kowlaski", "obrien", "mac+donald", "vanderburg",
    ]  # fmt: skip
    requests = [
        request("GET", f"/api/v1/attendees?q={query}&limit=50", world.port, Authorization=f"Bearer {token}")
        for query in queries
        for _ in range(8)
    ]
    random.Random(2).shuffle(requests)
    outcome = send_all(requests, world.port, 1)
    if set(outcome.statuses) != {200}:
        raise AssertionError(outcome.statuses)
    return [
        Row("attendee search p50", outcome.percentile(0.5), "ms", "", context.limits.web),
        Row("attendee search p95", outcome.percentile(0.95), "ms", "< 50"),
    ]


def measure_memory(context: Context) -> list[Row]:
    """Measure the memory of the idle environment: all processes together, counting shared pages once."""
    time.sleep(3)
    processes = context.world.processes()
    used = [process.memory_full_info() for process in processes]
    return [
        Row(
            "whole set-up at rest (PSS)",
            sum(each.pss for each in used) / MEGABYTE,
            "MB",
            "< 500",
            f"{len(used)} processes",
        ),
        Row("  shared pages counted each time (RSS)", sum(each.rss for each in used) / MEGABYTE, "MB"),
    ]


def measure_badges() -> list[Row]:
    """Measure rendering badges as PDF pages, with fonts loaded."""
    private, _ = new_key_pair(b"1" * 32)
    names = ["欧阳娜娜", "Jürgen Müller-Lüdenscheidt", "محمد بن عبد الله", "田中 陽子", "김민준", "Ольга Иванова"]
    faces = [
        BadgeFace(
            token_text=sign_token(BadgeToken(0, 1, number, 1, 1, 0, 3), private),
            short_code="ABCD-EFGH",
            name=names[number % len(names)],
            latin_name=None,
            company="贵州云上数据科技有限公司",
            job_title="Engineer",
            country_name="China",
            ticket_type_name="Visitor",
            band_color="teal",
            language="zh",
            edition_title="Big Data Expo",
            edition_dates="26–28 May 2027",
            role_line=None,
        )
        for number in range(1500)
    ]
    folder = Path(tempfile.mkdtemp())
    with (folder / "badges.pdf").open("wb") as out:
        render_badges(faces[:20], out, None)
    began = time.perf_counter()
    with (folder / "badges.pdf").open("wb") as out:
        render_badges(faces, out, None)
    seconds = time.perf_counter() - began
    size = (folder / "badges.pdf").stat().st_size / len(faces) / 1024
    shutil.rmtree(folder)
    limit = f"{size:.1f} kB a badge, one core; empty pages {empty_pages_per_second():,.0f}/s"
    return [Row("badges", len(faces) / seconds, "badges/s", "", limit)]


MEASURES: dict[str, Callable[[Context], list[Row]]] = {
    "demo": measure_demo,
    "memory": measure_memory,
    "pages": lambda context: measure_pages(context.world, context.token),
    "search": measure_search,
    "exhibitors": lambda context: measure_exhibitors(context.world),
    # Before benchmarks that scan and add people: a snapshot of 20,000, and a delta after 100 scans.
    "door": lambda context: measure_door(context.world),
    "scans": lambda context: measure_scans(context.world, context.token, context.limits.commits, context.limits.web),
    "same_badges": lambda context: measure_same_badges(context.world, context.token),
    "registrations": measure_registrations,
    "schedules": lambda context: measure_schedules(context.world),
    "exports": lambda context: measure_exports(context.world),
    "imports": lambda context: measure_import(context.world, context.token),
    "seats": lambda context: measure_seats(context.world),
    "hubs": lambda context: measure_hubs(context.world),
    "recommendations": lambda _context: measure_recommendations(),
    # After it, everybody has a profile.
    "for_one": lambda context: measure_for_one(context.world),
    "meetings": lambda context: measure_meetings(context.world),
    "timetable": lambda context: measure_timetable(context.world),
    "door_page": lambda context: measure_door_page(context.world),
    "map_page": lambda context: measure_map_page(context.world),
    "walk_in": lambda context: measure_walk_in(context.world),
    "control_room": lambda context: measure_control_room(context.world),
    # Last, because it multiplies the number of attendees by ten.
    "own": lambda context: measure_own_pages(context.world),
}

if __name__ == "__main__":
    main()
