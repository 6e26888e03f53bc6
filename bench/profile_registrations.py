"""Profiles one registration by function and by SQL statement: `python -m bench.profile_registrations`.

Runs the real flow through the API on PostgreSQL, in one process and one thread, so that nothing else is measured.
"""

import cProfile
import json
import os
import pstats
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from bench.world import postgres_of
from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import create_api_token
from expo.app import create_app
from expo.editions.services import create_edition
from expo.flows.tickets import create_quota
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import db
from expo.schema import metadata
from expo.tickets.services import create_ticket_type

WARM_UP, MEASURED = 50, 200
LINES = 45


def main() -> None:
    """Register people with and without the profiler, and print the results."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="expo-profile-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        url = stack.enter_context(postgres_of(folder))
        settings = Settings(
            database_url=url, data_dir=folder / "data", secret_key="x" * 32, rate_limits=False, log_level="WARNING"
        )
        app = create_app(settings)
        token = _prepare(app)
        browser = app.test_client()
        _register(browser, token, WARM_UP)
        began, used = time.perf_counter(), time.process_time()
        _register(browser, token, MEASURED)
        processor = 1000 * (time.process_time() - used) / MEASURED
        elapsed = 1000 * (time.perf_counter() - began) / MEASURED
        statements = _count_statements(browser, token)
        # CPU time, because wall time also depends on what else runs on the machine.
        profile = cProfile.Profile(time.process_time)
        profile.enable()
        _register(browser, token, MEASURED)
        profile.disable()
        print(f"load {os.getloadavg()[0]:.1f}; {processor:.2f} ms of processor time, {elapsed:.2f} ms in all, each")
        print(f"{sum(statements.values())} statements by SQLAlchemy, the others by the driver (`infra/direct`):")
        for statement, count in statements.most_common():
            print(f"  {count} x {statement}")
        stats = pstats.Stats(profile)
        for order in ("cumulative", "tottime"):
            stats.sort_stats(order).print_stats(LINES)
        with app.app_context():
            db.engine.dispose()


def _prepare(app: Flask) -> str:
    now = utcnow()
    with app.app_context():
        metadata.create_all(db.engine)
        edition_id = create_edition(
            SYSTEM,
            slug="bench",
            title={"en": "Bench"},
            starts_on=now.date(),
            ends_on=now.date(),
            time_zone="Asia/Shanghai",
            languages=["en", "zh"],
            city={"en": "Guiyang"},
            now=now,
        )
        create_ticket_type(SYSTEM, edition_id, code="bench", name={"en": "Bench", "zh": "测试"}, now=now)
        create_quota(SYSTEM, edition_id, "Bench", 100_000, ["bench"], now)
        return create_api_token(SYSTEM, edition_id, "bench", [Permission.ATTENDEES_WRITE], now)


def _register(browser: FlaskClient, token: str, count: int) -> None:
    for _ in range(count):
        number = uuid.uuid4().hex[:12]
        person = {"ticket_type": "bench", "name": "张伟", "country": "CN", "company": "数据谷", "language": "zh"}
        answer = browser.post(
            "/api/v1/registrations",
            data=json.dumps({"email": f"{number}@bench.example", "language": "zh", "attendees": [person]}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": number},
        )
        if answer.status_code != 201:
            raise AssertionError(answer.text)


def _count_statements(browser: FlaskClient, token: str) -> Counter[str]:
    found: Counter[str] = Counter()

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        found[" ".join(statement.split())[:110]] += 1

    event.listen(Engine, "before_cursor_execute", note)
    try:
        _register(browser, token, 1)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return found


if __name__ == "__main__":
    main()
