"""A server is killed, or the database restarted, in the middle of scans: nothing is lost, and nothing counts twice."""

import http.client
import json
import threading
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from expo.accounts.rules import SYSTEM, Permission
from expo.accounts.services import create_api_token
from expo.app import create_app
from expo.infra.clock import utcnow
from expo.infra.config import Settings
from expo.infra.db import db
from expo.schema import metadata
from tests.api.test_scans import _scan
from tests.conftest import make_edition, skip_or_fail
from tests.domains.checkin.doors import OPENING, make_checkpoint
from tests.faults import scan_server
from tests.make import make_attendee
from tests.ports import free_port
from tests.postgres import OwnServer, own_server
from tests.processes import Program, start_and_listen

pytestmark = pytest.mark.postgresql

# So many tries that a server has minutes to come back.
BADGES, CLIENTS, TRIES = 24, 6, 4_000
TIMEOUT = 240.0


class _Door:
    """Clients that send scans until each has an answer, and what happens to the server in the meantime."""

    def __init__(self, database: OwnServer, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.port = free_port()
        self.answers: dict[str, Any] = {}
        self.enough = threading.Event()
        self.process = self._start()

    def _start(self) -> Program:
        log = self.folder / "log"
        program, _ready = start_and_listen(scan_server.main, self.database.url, self.folder, self.port, log=log)
        return program

    def kill(self) -> None:
        self.end()
        self.process = self._start()

    def end(self) -> None:
        self.process.kill()
        self.process.wait(TIMEOUT)

    def restart_database(self) -> None:
        self.database.stop()
        self.database.start()

    def send(self, token: str, scans: list[dict[str, Any]]) -> None:
        for scan in scans:
            for _ in range(TRIES):
                answer = self._post(token, scan)
                if answer is not None:
                    self.answers[scan["scan_id"]] = answer
                    break
                threading.Event().wait(0.05)
            if len(self.answers) >= BADGES // 3:
                self.enough.set()

    def _post(self, token: str, scan: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/scans",
            data=json.dumps(scan).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - our own server
                return json.load(response)
        except (OSError, http.client.HTTPException):  # refused, answered with an error, or cut off in mid-answer
            return None


def _prepare(url: str, folder: Path) -> tuple[str, list[str]]:
    app = create_app(Settings(database_url=url, data_dir=folder, secret_key="x" * 32))
    with app.app_context():
        metadata.create_all(db.engine)
        now = utcnow()
        edition = make_edition(now)
        make_checkpoint(edition, now, capacity=BADGES)
        token = create_api_token(SYSTEM, edition.id, "gate", {Permission.SCAN}, now)
        badges = [make_attendee(edition, now).token for _ in range(BADGES)]
        db.session.remove()
        db.engine.dispose()
    return token, badges


@pytest.mark.parametrize("fault", [_Door.kill, _Door.restart_database], ids=["server killed", "database restarted"])
def test_scans_when_something_dies_in_the_middle_then_each_answer_has_one_row(
    tmp_path: Path, fault: Callable[[_Door], None]
) -> None:
    with own_server() as database:
        if database is None:
            skip_or_fail("no PostgreSQL on this machine")
            return
        token, badges = _prepare(database.url, tmp_path)
        # Each badge twice: the second scan is refused, whichever of the two was first.
        scans = [
            _scan(badge, scanned_at=(OPENING + timedelta(seconds=n)).isoformat()) for badge in badges for n in range(2)
        ]
        door = _Door(database, tmp_path)
        try:
            clients = [threading.Thread(target=door.send, args=(token, scans[n::CLIENTS])) for n in range(CLIENTS)]
            for client in clients:
                client.start()
            door.enough.wait(120)
            fault(door)
            for client in clients:
                client.join(240)
            assert not any(client.is_alive() for client in clients)
        finally:
            door.end()
        engine = create_engine(database.url)
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT scan_id, verdict, reason FROM scan")).all()
            entries = connection.execute(text("SELECT entries, is_inside FROM presence")).all()
            inside = connection.execute(text("SELECT inside FROM zone")).scalar_one()
        engine.dispose()

    stored = {row.scan_id: (row.verdict, row.reason) for row in rows}
    assert len(rows) == len(stored) == len(scans)
    assert stored == {scan_id: (each["verdict"], each["reason"]) for scan_id, each in door.answers.items()}
    assert [tuple(row) for row in entries] == [(1, True)] * BADGES
    assert inside == BADGES
