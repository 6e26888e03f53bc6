"""Runs every measurement on SQLite and on PostgreSQL: `make bench`, or `python -m bench.run [NAME …]`."""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text

from bench.limits import bare_requests, commits_per_second, verifications_per_second
from bench.load import Outcome, request, send_all
from bench.table import Row, show
from bench.world import World, open_world
from expo.documents.badge import BadgeFace, render_badges
from expo.pure.tokens import BadgeToken, new_key_pair, sign_token

ATTENDEES = 20_000
CLIENTS = 32
SCANS = 4_000
REGISTRATIONS = 700
HOT_PLACES = 500
JSON = {"Content_Type": "application/json"}


def main() -> None:
    wanted = set(sys.argv[1:])
    databases = ["sqlite"] + (["postgresql"] if list(Path("/usr/lib/postgresql").glob("*/bin/initdb")) else [])
    if not wanted or "badges" in wanted:
        measure_badges()
    for database in databases:
        if wanted and not wanted & {database, "scans", "registrations", "pages", "search", "memory", "demo"}:
            continue
        with open_world(database, ATTENDEES) as world:
            limits = f"bare commits {commits_per_second(world):,.0f}/s"
            bare = bare_requests(world.folder, CLIENTS)
            limits_web = f"bare Flask {bare.per_second:,.0f}/s, p99 {bare.percentile(0.99):.0f} ms"
            show(f"demo-{database}", [Row("load 20,000 people", world.demo_seconds, "s", "< 60 s", limits)])
            show(f"memory-{database}", measure_memory(world))
            token = world.token()
            show(f"pages-{database}", measure_pages(world, limits_web))
            show(f"search-{database}", measure_search(world, token, limits_web))
            show(f"scans-{database}", measure_scans(world, token, f"{limits}; {limits_web}"))
            show(f"registrations-{database}", measure_registrations(world, token, limits))


def measure_scans(world: World, token: str, limits: str) -> list[Row]:
    """Measure scans through HTTP: each badge for the first time, then every scan sent again."""
    tokens = world.flask("expo", "token", "list", "--limit", str(SCANS)).split()
    random.Random(1).shuffle(tokens)
    now = datetime.now(UTC).isoformat()
    checkpoint = "south"
    bodies = [
        json.dumps(
            {
                "scan_id": str(uuid.uuid4()),
                "token": each,
                "checkpoint": checkpoint,
                "direction": "entry",
                "scanned_at": now,
            }
        ).encode()
        for each in tokens
    ]
    requests = [
        request("POST", "/api/v1/scans", world.port, body, Authorization=f"Bearer {token}", **JSON) for body in bodies
    ]
    send_all(requests[:100], world.port, CLIENTS)
    unique = send_all(requests[100:], world.port, CLIENTS, 25)
    repeated = send_all(requests[100 : 100 + len(unique.latencies)], world.port, CLIENTS, 25)
    verdicts = [json.loads(body)["verdict"] for body in unique.bodies]
    again = [json.loads(body)["verdict"] for body in repeated.bodies]
    if sorted(verdicts) != sorted(again):
        raise AssertionError("a repeated scan was answered otherwise")
    signature = f"{limits}; Ed25519 {verifications_per_second():,.0f}/s"
    return [
        Row("unique scans", unique.per_second, "scans/s", ">= 300", signature),
        Row("  p50", unique.percentile(0.5), "ms"),
        Row("  p99", unique.percentile(0.99), "ms", "< 150"),
        Row("  admitted", 100 * verdicts.count("admitted") / len(verdicts), "%"),
        Row("repeated scans", repeated.per_second, "scans/s", ">= 300"),
        Row("  p99", repeated.percentile(0.99), "ms", "< 150"),
    ]


def measure_registrations(world: World, token: str, limits: str) -> list[Row]:
    """Registrations through the API, confirmed with badge and letter: without a quota, and on one hot quota."""
    _offer(world)
    free = _register(world, token, "bench-free", REGISTRATIONS)
    hot = _register(world, token, "bench-hot", REGISTRATIONS)
    sold = hot.statuses[201]
    url = world.url or f"sqlite:///{world.folder}/data/expo.sqlite3"
    with create_engine(url).connect() as connection:
        taken = connection.scalar(text("SELECT taken FROM quota WHERE name = 'Bench hot'"))
    if not (sold == taken == min(HOT_PLACES, len(hot.latencies))):
        raise AssertionError(f"sold {sold}, taken {taken}, places {HOT_PLACES}")
    return [
        Row("without a shared quota", free.statuses[201] / free.seconds, "orders/s", ">= 100", limits),
        Row("  p95", free.percentile(0.95), "ms"),
        Row(f"one hot quota of {HOT_PLACES}, {REGISTRATIONS} tries", hot.per_second, "tries/s", ">= 100"),
        Row("  sold, exactly the quota", float(sold), "places", f"= {HOT_PLACES}"),
        Row("  p95", hot.percentile(0.95), "ms"),
    ]


def _register(world: World, token: str, ticket_type: str, count: int) -> Outcome:
    headers = {"Authorization": f"Bearer {token}", **JSON}
    requests = []
    for number in range(count):
        address = f"{ticket_type}-{number}@bench.example"
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


def _offer(world: World) -> None:
    """Add two ticket types, one of them on a quota, by the product's own services."""
    code = (
        "from datetime import UTC, datetime\n"
        "from expo.accounts.rules import SYSTEM\n"
        "from expo.app import create_app\n"
        "from expo.editions.queries import get_current_edition\n"
        "from expo.registration.services import create_quota, create_ticket_type\n"
        "now = datetime.now(UTC)\n"
        "with create_app().app_context():\n"
        "    edition = get_current_edition()\n"
        "    for code in ('bench-free', 'bench-hot'):\n"
        "        create_ticket_type(SYSTEM, edition.id, code=code, name={'en': code}, now=now)\n"
        f"    create_quota(SYSTEM, edition.id, 'Bench hot', {HOT_PLACES}, ['bench-hot'], now)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=world.environment, cwd=Path(__file__).parents[1], check=True)


def measure_pages(world: World, limits: str) -> list[Row]:
    """Public pages by four visitors at once."""
    days = world.flask("expo", "export", "schedule", "--format", "csv", "-o", "-").splitlines()
    day = days[1].split(",")[0]
    rows = []
    for path in ("/en/", f"/en/program/{day}", f"/zh/program/{day}", "/en/speakers", "/en/exhibitors", "/en/register"):
        send_all([request("GET", path, world.port)] * 8, world.port, 4)
        outcome = send_all([request("GET", path, world.port)] * 300, world.port, 4, 8)
        if set(outcome.statuses) != {200}:
            raise AssertionError(f"{path}: {outcome.statuses}")
        rows.append(
            Row(f"{path} p95", outcome.percentile(0.95), "ms", "< 100", f"{outcome.per_second:,.0f}/s; {limits}")
        )
        limits = ""
    return rows


def measure_search(world: World, token: str, limits: str) -> list[Row]:
    """Measure the search for attendees, one after the other: what a person at the desk waits."""
    queries = ["zhang", "%E5%BC%A0", "wang+wei", "muller", "kim", "guizhou", "li+na", "mohammed", "zzzz", "tanaka"]
    headers = {"Authorization": f"Bearer {token}"}
    requests = [
        request("GET", f"/api/v1/attendees?q={query}&limit=50", world.port, **headers)
        for query in queries
        for _ in range(8)
    ]
    random.Random(2).shuffle(requests)
    outcome = send_all(requests, world.port, 1)
    if set(outcome.statuses) != {200}:
        raise AssertionError(outcome.statuses)
    return [
        Row("attendee search p50", outcome.percentile(0.5), "ms", "", limits),
        Row("attendee search p95", outcome.percentile(0.95), "ms", "< 50"),
    ]


def measure_memory(world: World) -> list[Row]:
    """Measure the whole set-up at rest: what its processes use together, shared pages counted once."""
    time.sleep(3)
    parent = psutil.Process(world.process.pid)
    processes = [parent, *parent.children(recursive=True)]
    used = sum(process.memory_full_info().pss for process in processes) / 2**20
    return [Row("whole set-up at rest (PSS)", used, "MB", "< 500", f"{len(processes)} processes")]


def measure_badges() -> None:
    """Badges as PDF pages, from ready faces."""
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
    show("badges", [Row("badges", len(faces) / seconds, "badges/s", "", f"{size:.1f} kB a badge, one core")])


if __name__ == "__main__":
    main()
