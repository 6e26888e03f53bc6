"""The centre of a hub as a process of its own, as it is at an expo."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from expo.accounts.rules import SYSTEM
from expo.api.v1 import hub
from expo.app import create_app
from expo.checkin.rules.devices import Profile
from expo.checkin.services.zones import ZoneRequest, create_zone
from expo.editions.queries import get_edition
from expo.editions.services import create_edition
from expo.infra.clock import utcnow
from expo.infra.db import db
from expo.schema import metadata
from tests.conftest import lenient_settings
from tests.domains.checkin.devices import make_code, make_device
from tests.domains.checkin.doors import make_checkpoint
from tests.make import make_add_on, make_attendee

PEOPLE = 11
# With the person of the secret address, the diner and the latecomer.
EVERYBODY = PEOPLE + 3
# A copy has several parts.
PART = 5
SECRET_EMAIL = "wei@secret.example"


def main(folder: Path, port: int, tell: Callable[[Any], None]) -> None:
    """Make an expo with two gates of one zone and a dinner, tell the test what it needs to know of it, and serve it."""
    hub.PART = PART
    app = create_app(lenient_settings(f"sqlite:///{folder}/centre.sqlite3", folder))
    with app.app_context():
        metadata.create_all(db.engine)
        now = utcnow() - timedelta(days=1)
        today = now.date()
        edition_id = create_edition(
            SYSTEM,
            slug="expo",
            title={"en": "Expo"},
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=3),
            time_zone="Asia/Shanghai",
            languages=["en"],
            city={},
            now=now,
        )
        edition = get_edition(edition_id)
        zone_id = create_zone(SYSTEM, edition.id, "site", ZoneRequest({"en": "Site"}), now)
        for code in ("east", "west"):
            make_checkpoint(edition, now, code, zone_id=zone_id)
        people = [
            make_attendee(edition, now, email=SECRET_EMAIL),
            *(make_attendee(edition, now) for _ in range(PEOPLE)),
        ]
        make_add_on(edition, now, "dinner", name={"en": "Gala dinner"})
        make_checkpoint(edition, now, "gala", rule={"add_on": ["dinner"]})
        diner, latecomer = make_attendee(edition, now, add_ons=("dinner",)), make_attendee(edition, now)
        world = {
            "diner": diner.token,
            "latecomer": latecomer.token,
            "latecomer_id": latecomer.id,
            "badges": [each.token for each in people],
            "gates": [make_device(edition, utcnow(), name).token for name in ("East", "West")],
            "elsewhere": make_device(edition, utcnow(), "Online gate").token,
            "hub_code": make_code(edition, utcnow(), "Hub 1", profile=Profile.HUB),
            "other_hub_code": make_code(edition, utcnow(), "Hub 2", profile=Profile.HUB),
        }
        db.session.remove()
    server = make_server("127.0.0.1", port, app, threaded=True)
    tell(world)
    server.serve_forever()
