"""A full disk, and a Redis that is gone, in the middle of scans: nothing is lost, and nothing counts twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from expo.app import create_app
from expo.checkin.models import Presence, Scan
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import atomic, db
from tests.api.calls import Api
from tests.api.test_scans import _scan
from tests.conftest import skip_or_fail
from tests.domains.checkin.devices import make_device
from tests.domains.checkin.doors import make_checkpoint
from tests.make import make_attendee
from tests.redis_server import running_redis

SCANS, CLIENTS = 40, 4


@contextmanager
def _full_disk() -> Iterator[None]:
    """Stop the database from growing, and fill what is free in it."""

    def limit(connection: object, _record: object = None) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(f"PRAGMA max_page_count = {size}")
        cursor.close()

    with atomic():
        db.session.execute(text("CREATE TABLE filler (content BLOB)"))
    size = db.session.scalar(text("PRAGMA page_count")) or 0
    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", limit)
    try:
        with suppress(OperationalError):
            while True:
                with atomic():
                    db.session.execute(text("INSERT INTO filler VALUES (zeroblob(3000))"))
        yield
    finally:
        event.remove(db.engine, "connect", limit)
        db.session.remove()
        db.engine.dispose()


def _send(app: Flask, token: str, path: str, body: object) -> TestResponse:
    return app.test_client().post(f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"})


def test_scans_when_the_disk_is_full_then_503_and_each_counts_once_when_sent_again(
    app: Flask, edition: EditionFacts, now: datetime
) -> None:
    make_checkpoint(edition, now)
    device = make_device(edition, utcnow())
    scans = [_scan(make_attendee(edition, now).token) for _ in range(SCANS)]
    api = Api(app, device.token)

    before = [_send(app, device.token, "/scans", each).status_code for each in scans[: SCANS // 4]]
    with _full_disk():
        alone = [_send(app, device.token, "/scans", each).status_code for each in scans[SCANS // 4 :]]
        queue = _send(app, device.token, "/scans/batch", {"scans": scans})
    stored = db.session.scalar(select(func.count()).select_from(Scan))
    again = api.post("/scans/batch", {"scans": scans})

    assert before == [200] * (SCANS // 4)
    assert {503} <= set(alone) <= {200, 503}
    assert (queue.status_code, queue.headers["Retry-After"].isdigit()) == (503, True)
    assert stored == [*before, *alone].count(200)
    assert [each["answer"]["verdict"] for each in again.get_json()["answers"]] == ["admitted"] * SCANS
    assert db.session.scalar(select(func.count()).select_from(Scan)) == SCANS
    assert db.session.scalars(select(Presence.entries)).all() == [1] * SCANS


def test_door_when_redis_goes_away_in_the_middle_then_every_call_is_answered_and_each_scan_counts_once(
    app: Flask, edition: EditionFacts, now: datetime, tmp_path: Path
) -> None:
    make_checkpoint(edition, now)
    device = make_device(edition, utcnow())
    scans = [_scan(make_attendee(edition, now).token) for _ in range(SCANS)]
    db.session.rollback()
    settings: Settings = app.config["SETTINGS"]
    with running_redis() as redis:
        if redis is None:
            skip_or_fail("no redis-server on this machine")
            return
        door = create_app(replace(settings, redis_url=redis.url, rate_limits=True, data_dir=tmp_path))
        begun, is_gone = threading.Semaphore(0), threading.Event()
        statuses: list[int] = []

        def send(part: list[dict[str, Any]]) -> None:
            for number, scan in enumerate(part):
                if number == len(part) // 2:
                    begun.release()
                if number == len(part) - 1:
                    is_gone.wait(240)
                statuses.append(_send(door, device.token, "/scans", scan).status_code)

        clients = [threading.Thread(target=send, args=(scans[n::CLIENTS],)) for n in range(CLIENTS)]
        for client in clients:
            client.start()
        for _ in clients:
            assert begun.acquire(timeout=240)
        redis.stop()
        is_gone.set()
        for client in clients:
            client.join(240)
        assert not any(client.is_alive() for client in clients)
    with door.app_context():
        api = Api(door, device.token)
        queue = api.post("/scans/batch", {"scans": scans})
        heartbeat = api.post("/door/heartbeat", {"device_time": utcnow().isoformat()})
        others = [api.get("/door/snapshot").status_code, heartbeat.status_code]
        db.session.remove()
        db.engine.dispose()

    assert statuses == [200] * SCANS
    assert others == [200] * 2
    assert [each["answer"]["verdict"] for each in queue.get_json()["answers"]] == ["admitted"] * SCANS
    assert db.session.scalars(select(Presence.entries)).all() == [1] * SCANS
