"""Builders for tests of hubs: the centre as a process, and scans sent to a server."""

import json
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from expo.accounts.rules import SYSTEM
from expo.app import create_app
from expo.checkin.queries.devices import list_devices
from expo.checkin.queries.discrepancies import list_double_entries
from expo.checkin.rules.devices import Profile
from expo.checkin.services.devices import revoke_device
from expo.editions.queries import get_current_edition
from expo.flows.add_ons import change_add_ons
from expo.infra.clock import utcnow
from expo.infra.db import db
from tests.conftest import lenient_settings
from tests.flows import hub_centre
from tests.ports import free_port
from tests.processes import start_and_listen

TIMEOUT = 240.0


@dataclass
class Centre:
    """The centre as the tests know it."""

    url: str
    folder: Path
    world: dict[str, Any]

    def read_database(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.folder.glob("centre.sqlite3*")))

    def list_double_entries(self) -> list[tuple[str | None, str | None]]:
        app = create_app(lenient_settings(f"sqlite:///{self.folder}/centre.sqlite3", self.folder))
        with app.app_context():
            edition = get_current_edition()
            found = list_double_entries(edition.id, edition.door_calendar)
            names = [(each.first.device_name, each.second.device_name) for each in found]
            db.session.remove()
            db.engine.dispose()
        return names

    def wipe_hub(self) -> None:
        """Revoke the hub and have it delete everything, as an organizer does."""
        app = create_app(lenient_settings(f"sqlite:///{self.folder}/centre.sqlite3", self.folder))
        with app.app_context():
            edition = get_current_edition()
            hub = next(each for each in list_devices(edition.id) if each.profile is Profile.HUB)
            revoke_device(SYSTEM, edition.id, hub.id, utcnow(), wipes=True)
            db.session.remove()
            db.engine.dispose()

    def book(self, attendee_id: int, add_on: str) -> None:
        """Give somebody an add-on, as the help desk does."""
        app = create_app(lenient_settings(f"sqlite:///{self.folder}/centre.sqlite3", self.folder))
        with app.app_context():
            change_add_ons(SYSTEM, get_current_edition().id, attendee_id, {add_on: 1}, utcnow())
            db.session.remove()
            db.engine.dispose()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        engine = create_engine(f"sqlite:///{self.folder}/centre.sqlite3")
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found


@contextmanager
def run_centre(folder: Path) -> Iterator[Centre]:
    """Run a centre whose database is in a new folder."""
    folder.mkdir()
    port = free_port()
    program, world = start_and_listen(hub_centre.main, folder, port, log=folder / "log")
    try:
        yield Centre(f"http://127.0.0.1:{port}", folder, world)
    finally:
        program.kill()
        program.wait(TIMEOUT)


def make_scan(badge: str, checkpoint: str = "east", **values: Any) -> dict[str, Any]:
    """Return a scan that is made now."""
    return {
        "scan_id": str(uuid.uuid4()),
        "token": badge,
        "checkpoint": checkpoint,
        "scanned_at": utcnow().isoformat(),
        **values,
    }


def post_scan(url: str, token: str, scan: dict[str, Any]) -> Any:
    """Send a scan to a server, and return its answer."""
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{url}/api/v1/scans",
        data=json.dumps(scan).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 - our own server
        return json.load(response)
