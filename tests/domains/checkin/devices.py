"""Builders for tests of devices: enrolled ones, and what a snapshot says about a badge."""

import base64
from datetime import datetime
from typing import Any

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.snapshots import Snapshot
from expo.checkin.rules.devices import Profile
from expo.checkin.services.devices import DeviceRequest, Enrolled, create_devices, create_enrolment_codes, enrol_device
from expo.editions.queries import EditionFacts
from expo.pure.door_records import ID_BYTES, open_record, record_key, text_of


def make_code(edition: EditionFacts, now: datetime, name: str = "Gate 1", **values: Any) -> str:
    """Create a device and return its code."""
    request = DeviceRequest(name, values.pop("profile", Profile.STEWARD), **values)
    device_id = create_devices(SYSTEM, edition.id, [request], now)[0]
    return create_enrolment_codes(SYSTEM, edition.id, [device_id], now)[device_id]


def make_device(edition: EditionFacts, now: datetime, name: str = "Gate 1", **values: Any) -> Enrolled:
    """Create and enrol a device."""
    return enrol_device(make_code(edition, now, name, **values), now)


def read_record(snapshot: Snapshot | dict[str, Any], token: str) -> list[Any] | None:
    """Return the content of a badge's record in a snapshot; None if it is not in it."""
    content = snapshot.content if isinstance(snapshot, Snapshot) else snapshot
    where, dictionary = record_key(token), _bytes(content["dictionary"])
    found = [each for each in map(_bytes, content["records"]) if each[:ID_BYTES] == where.id]
    return open_record(where, found[0], dictionary) if found else None


def record_id(token: str) -> str:
    """Return the id under which a badge's record is sent."""
    return text_of(record_key(token).id)


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
