"""Profiles one scan by function and by SQL statement: `python -m bench.profile_scans`.

Scans through the API on PostgreSQL, in one process and one thread, so that nothing else is measured.
"""

import cProfile
import json
import os
import pstats
import sys
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from flask import Flask
from sqlalchemy import Engine, event, text

from bench.world import postgres_of
from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import create_api_token
from expo.app import create_app
from expo.badges.queries import find_badge_of
from expo.checkin.services.checkpoints import CheckpointRequest, create_checkpoint
from expo.editions.services import create_edition
from expo.flows.registration import register
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from expo.registration.rules import AttendeeRequest, OrderRequest
from expo.schema import metadata
from expo.tickets.services import create_ticket_type

WARM_UP, MEASURED = 50, 400
BATCH = 400
LINES = 40


def main() -> None:
    """Scan badges with and without the profiler, and print the results."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="expo-profile-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        url = stack.enter_context(postgres_of(folder))
        app = create_app(
            Settings(
                database_url=url, data_dir=folder / "data", secret_key="x" * 32, rate_limits=False, log_level="WARNING"
            )
        )
        token, badges = _prepare(app, WARM_UP + 2 * MEASURED + BATCH + 1)
        queue = iter(badges)
        _scan(app, token, [next(queue) for _ in range(WARM_UP)])
        _print_cost(app, "one by one", MEASURED, lambda: _scan(app, token, [next(queue) for _ in range(MEASURED)]))
        statements = _count_statements(lambda: _scan(app, token, [next(queue)]))
        profile = cProfile.Profile(time.process_time)
        profile.enable()
        _scan(app, token, [next(queue) for _ in range(MEASURED)])
        profile.disable()
        print(f"{sum(statements.values())} statements by SQLAlchemy, the others by the driver (`infra/direct`):")
        for statement, count in statements.most_common():
            print(f"  {count} x {statement}")
        _print_cost(app, "in one queue", BATCH, lambda: _scan_queue(app, token, [next(queue) for _ in range(BATCH)]))
        stats = pstats.Stats(profile)
        for order in ("cumulative", "tottime"):
            stats.sort_stats(order).print_stats(LINES)
        with app.app_context():
            db.engine.dispose()


def _prepare(app: Flask, people: int) -> tuple[str, list[str]]:
    now = utcnow()
    with app.app_context():
        metadata.create_all(db.engine)
        edition_id = create_edition(
            SYSTEM,
            slug="bench",
            title={"en": "Bench"},
            starts_on=now.date(),
            ends_on=now.date(),
            time_zone="UTC",
            languages=["en", "zh"],
            city={"en": "Guiyang"},
            now=now,
        )
        create_ticket_type(SYSTEM, edition_id, code="bench", name={"en": "Bench", "zh": "测试"}, now=now)
        create_checkpoint(SYSTEM, edition_id, "main", CheckpointRequest({"en": "Main"}), now)
        badges = []
        for number in range(people):
            person = AttendeeRequest(ticket_type_code="bench", name="张伟", country="CN", company="数据谷")
            request = OrderRequest(
                email=f"{number}@bench.example",
                language="zh",
                attendees=(person,),
                terms_version="2027-01",
                source="desk",
            )
            badge = find_badge_of(register(SYSTEM, edition_id, request, now).attendees[0].id)
            badges.append(badge.token if badge else "")
        token = create_api_token(SYSTEM, edition_id, "bench", [Permission.SCAN], now)
        with atomic() as session:
            session.execute(text("ANALYZE"))  # as the server would have done long before the doors open
        return token, badges


def _scan(app: Flask, token: str, badges: list[str]) -> None:
    for badge in badges:
        answer = _post(app, token, "/api/v1/scans", _scan_of(badge))
        if answer["verdict"] != "admitted":
            raise AssertionError(answer)


def _scan_queue(app: Flask, token: str, badges: list[str]) -> None:
    answers = _post(app, token, "/api/v1/scans/batch", {"scans": [_scan_of(badge) for badge in badges]})["answers"]
    if any(each["answer"]["verdict"] != "admitted" for each in answers):
        raise AssertionError(answers[0])


def _scan_of(badge: str) -> dict[str, str]:
    scanned_at = utcnow().isoformat()
    return {"scan_id": str(uuid.uuid4()), "token": badge, "checkpoint": "main", "scanned_at": scanned_at}


def _post(app: Flask, token: str, path: str, body: object) -> Any:
    """Call the application as the web server does, without a test client, whose cost would be measured too."""
    raw = json.dumps(body).encode()
    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(raw)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(raw),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    chunks = app.wsgi_app(environ, lambda status, _headers, _error=None: statuses.append(status))  # type: ignore[arg-type]
    answer = b"".join(chunks)
    if hasattr(chunks, "close"):
        chunks.close()
    if statuses != ["200 OK"]:
        raise AssertionError((statuses, answer))
    return json.loads(answer)


def _print_cost(app: Flask, what: str, scans: int, act: Any) -> None:
    with app.app_context():
        pids = db.session.execute(text("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"))
        servers = [psutil.Process(row.pid) for row in pids]
        db.session.rollback()
    began, used, served = time.perf_counter(), time.process_time(), _used(servers)
    act()
    web = 1000 * (time.process_time() - used) / scans
    database = 1000 * (_used(servers) - served) / scans
    elapsed = 1000 * (time.perf_counter() - began) / scans
    print(
        f"{what}: load {os.getloadavg()[0]:.1f}; {web:.2f} ms of processor time in the web process, {database:.2f} ms "
        f"in the database, {elapsed:.2f} ms in all, each"
    )


def _used(processes: list[psutil.Process]) -> float:
    return sum(sum(each.cpu_times()[:2]) for each in processes)


def _count_statements(act: Any) -> Counter[str]:
    found: Counter[str] = Counter()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found[" ".join(statement.split())[:110]] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return found


if __name__ == "__main__":
    main()
