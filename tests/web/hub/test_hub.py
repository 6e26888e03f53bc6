"""The pages of a hub: its status and its devices' codes, for the person at its computer."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.devices import find_device_caller
from expo.checkin.services.devices import enrol_device
from expo.checkin.services.hubs import Contact, create_hub, store_contact
from expo.editions.queries import EditionFacts
from expo.infra.clock import utcnow
from expo.web.kit.hub_mode import HUB_MODE
from tests.domains.checkin.devices import make_device


@pytest.fixture
def hub(app: Flask, edition: EditionFacts) -> Iterator[Flask]:
    """An application that is a hub."""
    create_hub(SYSTEM, "https://expo.example", "https://hall-1.local:8443", "Hall 1", "door_secret")
    app.config[HUB_MODE] = True
    yield app
    app.config[HUB_MODE] = False


def _open(client: FlaskClient, path: str = "/hub", address: str = "127.0.0.1", method: str = "GET") -> str:
    return client.open(path, method=method, environ_base={"REMOTE_ADDR": address}).get_data(as_text=True)


def test_status_when_the_centre_comes_and_goes_then_says_so(hub: Flask, now: datetime) -> None:
    client = hub.test_client()
    store_contact(Contact(now))
    connected = _open(client)
    store_contact(Contact(now, "timed out"))
    lost = _open(client)
    store_contact(Contact(now, is_revoked=True))
    revoked = _open(client)

    assert "Connected to the centre" in connected
    assert "The centre cannot be reached" in lost
    assert "timed out" in lost
    assert "The centre revoked this hub" in revoked
    assert "door_secret" not in connected + lost + revoked


def test_pages_when_asked_for_by_another_computer_or_not_for_the_door_then_not_there(hub: Flask) -> None:
    client = hub.test_client()

    assert "Hall 1" not in _open(client, address="192.0.2.7")
    assert client.get("/").headers["Location"].endswith("/door/scanner")
    assert client.get("/api/v1/attendees").status_code == 404
    assert client.post("/sign-in").status_code == 404


def test_code_when_shown_then_gives_a_device_access_to_the_hub_once(hub: Flask, edition: EditionFacts) -> None:
    device = make_device(edition, utcnow(), "Gate 1")

    page = _open(hub.test_client(), f"/hub/devices/{device.device.id}/code", method="POST")

    found = re.search(r"https://hall-1\.local:8443/door/enrol#([\w-]+)", page)
    assert found is not None
    enrolled = enrol_device(found[1], utcnow())
    assert enrolled.device.name == "Gate 1"
    assert find_device_caller(enrolled.token, utcnow()) is not None
