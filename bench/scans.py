"""Scans over HTTP: one client, many clients, repeated ones, and queues sent after an outage."""

import json
import random
import subprocess
import sys
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.limits import bare_wsgi_requests, verifications_per_second
from bench.load import Outcome, request, send_all
from bench.table import Row
from bench.world import World

CLIENTS = 32
SCANS, ALONE = 4_000, 400
QUEUED, QUEUE, DEVICES = 20_000, 500, 8
SAME_BADGES, DOORS, TOGETHER, TIMEOUT = 1_000, 8, 64, 1_800
JSON = {"Content_Type": "application/json"}


def measure_scans(world: World, token: str, commits: str, web: str) -> list[Row]:
    """Return the figures of single scans and of queues, each at a checkpoint that nobody has passed."""
    _create_checkpoints(world, ["bench-alone", "bench-many", "bench-queue"])
    badges = world.flask("expo", "token", "list", "--limit", str(QUEUED)).split()
    random.Random(1).shuffle(badges)
    wsgi = bare_wsgi_requests(world.folder, CLIENTS)
    limit = f"{commits}; {web}; bare WSGI {wsgi.per_second:,.0f}/s; Ed25519 {verifications_per_second():,.0f}/s"
    return [*_single(world, token, badges[:SCANS], limit), *_queues(world, token, badges, commits)]


def measure_same_badges(world: World, token: str) -> list[Row]:
    """Let 64 clients scan the same 1,000 badges at eight doors of one zone, and check that none is let in twice."""
    doors = [f"bench-same-{number}" for number in range(DOORS)]
    _create_checkpoints(world, doors, zone="bench-same")
    badges = world.flask("expo", "token", "list", "--limit", str(SAME_BADGES)).split()
    headers = {"Authorization": f"Bearer {token}", **JSON}
    # One time for all: otherwise scans that are sent minutes after they were made would be judged by their times.
    moment = {"scanned_at": datetime.now(UTC).isoformat()}
    requests = [
        _post(world, _scan_of(badge, doors[client % DOORS]) | moment, headers)
        for badge in badges
        for client in range(TOGETHER)
    ]
    outcome = send_all(requests, world.port, TOGETHER, TIMEOUT)
    answers = [(number // TOGETHER, json.loads(body)) for number, body in outcome.bodies.items()]
    admitted = Counter(badge for badge, answer in answers if answer["verdict"] == "admitted")
    reasons = {answer["reason"] for badge, answer in answers if badge in admitted and answer["verdict"] != "admitted"}
    if len(answers) != len(requests) or set(admitted.values()) != {1} or reasons != {"already_admitted"}:
        raise AssertionError(f"{len(answers)} of {len(requests)} answered, {reasons}, {admitted.most_common(3)}")
    return [
        Row(f"{TOGETHER} clients, the same {len(badges):,} badges, {DOORS} doors", outcome.per_second, "scans/s"),
        Row("  p99", outcome.percentile(0.99), "ms"),
        Row("  badges admitted, each once", float(len(admitted)), "badges"),
    ]


def _single(world: World, token: str, badges: list[str], limit: str) -> list[Row]:
    headers = {"Authorization": f"Bearer {token}", **JSON}
    alone = [_post(world, _scan_of(badge, "bench-alone"), headers) for badge in badges[:ALONE]]
    one = send_all(alone, world.port, 1)
    requests = [_post(world, _scan_of(badge, "bench-many"), headers) for badge in badges]
    send_all(requests[:100], world.port, CLIENTS)
    before = world.cpu_seconds()
    unique = send_all(requests[100:], world.port, CLIENTS, 20)
    cost = _processor_row(before, world, len(unique.latencies))
    repeated = send_all(requests[100 : 100 + len(unique.latencies)], world.port, CLIENTS, 20)
    if any(unique.bodies[number] != body for number, body in repeated.bodies.items() if number in unique.bodies):
        raise AssertionError("a repeated scan got a different response")
    verdicts = [json.loads(body)["verdict"] for body in unique.bodies.values()]
    return [
        Row("one client, p50", one.percentile(0.5), "ms", "< 3", limit),
        Row("  p99", one.percentile(0.99), "ms"),
        Row(f"unique scans, {CLIENTS} clients", unique.per_second, "scans/s", ">= 1000"),
        Row("  p50", unique.percentile(0.5), "ms"),
        Row("  p99", unique.percentile(0.99), "ms", "< 80"),
        cost,
        Row("  admitted", 100 * verdicts.count("admitted") / len(verdicts), "%"),
        Row("repeated scans", repeated.per_second, "scans/s", ">= 1000"),
        Row("  p99", repeated.percentile(0.99), "ms", "< 80"),
    ]


def _queues(world: World, token: str, badges: list[str], limit: str) -> list[Row]:
    headers = {"Authorization": f"Bearer {token}", **JSON}
    queues = [badges[start : start + QUEUE] for start in range(0, len(badges), QUEUE)]
    requests = [
        _post(world, {"scans": [_scan_of(badge, "bench-queue") for badge in queue]}, headers, "/api/v1/scans/batch")
        for queue in queues
    ]
    before = world.cpu_seconds()
    drained: Outcome = send_all(requests, world.port, DEVICES, 120)
    cost = _processor_row(before, world, len(badges))
    answers = [each for body in drained.bodies.values() for each in json.loads(body)["answers"]]
    if len(answers) != len(badges) or any(each["problem"] for each in answers):
        raise AssertionError(f"{len(answers)} of {len(badges)} queued scans were answered")
    return [
        Row(f"queues of {QUEUE}, {DEVICES} devices", len(badges) / drained.seconds, "scans/s", ">= 3000", limit),
        Row(f"  {len(badges):,} queued scans", drained.seconds, "s", "< 30"),
        cost,
    ]


def _processor_row(before: dict[str, float], world: World, count: int) -> Row:
    """Return the CPU time of each scan, which depends less than other figures on what else is running."""
    used = {part: 1000 * (now - before[part]) / count for part, now in world.cpu_seconds().items()}
    parts = ", ".join(f"{part} {each:.2f}" for part, each in used.items())
    return Row("  CPU time each", sum(used.values()), "ms", "", parts)


def _scan_of(badge: str, checkpoint: str) -> dict[str, str]:
    scanned_at = (datetime.now(UTC) - timedelta(seconds=random.randrange(60))).isoformat()
    return {"scan_id": str(uuid.uuid4()), "token": badge, "checkpoint": checkpoint, "scanned_at": scanned_at}


def _post(world: World, body: object, headers: dict[str, str], path: str = "/api/v1/scans") -> bytes:
    return request("POST", path, world.port, json.dumps(body).encode(), **headers)


def _create_checkpoints(world: World, doors: list[str], zone: str = "") -> None:
    """Create checkpoints in zones of their own, or in one that is created too, using the product's services."""
    code = (
        "from datetime import UTC, datetime\n"
        "from expo.accounts.rules import SYSTEM\n"
        "from expo.app import create_app\n"
        "from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint\n"
        "from expo.checkin.services.zones import ZoneRequest, create_zone\n"
        "from expo.editions.queries import get_current_edition\n"
        "with create_app().app_context():\n"
        "    edition, now, zone = get_current_edition(), datetime.now(UTC), None\n"
        f"    if {zone!r}:\n"
        f"        zone = create_zone(SYSTEM, edition.id, {zone!r}, ZoneRequest({{'en': {zone!r}}}), now)\n"
        f"    for code in {doors!r}:\n"
        "        create_checkpoint(SYSTEM, edition.id, code, CheckpointRequest({'en': code}, zone_id=zone), now)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=world.environment, cwd=Path(__file__).parents[1], check=True)
