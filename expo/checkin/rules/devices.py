"""Devices at the doors: what they are for, what they may do, and whether they work. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from expo.accounts.rules import EVERYONE, Actor, Permission
from expo.errors import Invalid

MAX_DEVICE_NAME = 100
# How long the code that enrols a device works.
CODE_LIFETIME = timedelta(minutes=15)
# A device sends a heartbeat every 30 seconds: after two missed ones it is late, and then offline.
LATE_AFTER = timedelta(seconds=90)
OFFLINE_AFTER = timedelta(minutes=10)
# How long a device that was revoked may still send the scans that it holds.
DELIVERS_FOR = timedelta(hours=24)
# From here on, the organizer is warned that a device's clock is wrong.
SKEW_WARNING = timedelta(seconds=30)


class Profile(StrEnum):
    """What a device is for."""

    STEWARD = "steward"
    SUPERVISOR = "supervisor"
    KIOSK = "kiosk"
    DESK = "desk"
    PRINT_STATION = "print_station"
    HUB = "hub"


class DeviceState(StrEnum):
    """Whether a device works, as far as the server knows."""

    WAITING = "waiting"
    ONLINE = "online"
    LATE = "late"
    OFFLINE = "offline"
    REVOKED = "revoked"


PROFILE_PERMISSIONS: Mapping[Profile, frozenset[Permission]] = {
    Profile.STEWARD: EVERYONE | {Permission.SCAN},
    Profile.SUPERVISOR: EVERYONE | {Permission.SCAN, Permission.SCAN_FORCE, Permission.ATTENDEES_READ},
    Profile.KIOSK: EVERYONE | {Permission.SCAN},
    Profile.DESK: EVERYONE
    | {
        Permission.SCAN,
        Permission.SCAN_FORCE,
        Permission.ATTENDEES_READ,
        Permission.ATTENDEES_WRITE,
        Permission.ORDERS_MANAGE,
        Permission.BADGES_ISSUE,
    },
    Profile.PRINT_STATION: EVERYONE | {Permission.BADGES_ISSUE},
    Profile.HUB: EVERYONE | {Permission.SCAN, Permission.SCAN_FORCE},
}

_HEARTBEAT = frozenset({"post_heartbeat"})
_SCANNER = _HEARTBEAT | {"get_snapshot", "post_scan", "post_scans", "post_undo"}
_PEOPLE = frozenset({"get_attendees", "get_one_attendee"})
# The API operations that each profile may call. Every other one is refused, whatever the permissions say.
PROFILE_CALLS: Mapping[Profile, frozenset[str]] = {
    Profile.STEWARD: _SCANNER,
    Profile.SUPERVISOR: _SCANNER | _PEOPLE,
    Profile.KIOSK: _HEARTBEAT | {"post_scan"},
    Profile.DESK: _SCANNER | _PEOPLE,
    Profile.PRINT_STATION: _HEARTBEAT,
    Profile.HUB: _HEARTBEAT | {"get_hub_copy", "post_scans"},
}


def is_hub(actor: Actor) -> bool:
    """Whether the actor is the hub of a hall, which speaks for its devices."""
    return actor.calls == PROFILE_CALLS[Profile.HUB]


def check_device_name(name: str) -> str:
    """Return a device's name. Raises Invalid `device_name_empty` or `device_name_too_long`."""
    name = " ".join(name.split())
    if not name:
        raise Invalid("device_name_empty", field="name")
    if len(name) > MAX_DEVICE_NAME:
        raise Invalid("device_name_too_long", field="name", maximum=MAX_DEVICE_NAME)
    return name


def device_state(
    *, is_enrolled: bool, revoked_at: datetime | None, last_seen_at: datetime | None, now: datetime
) -> DeviceState:
    """Return the state of a device."""
    if revoked_at is not None:
        return DeviceState.REVOKED
    if not is_enrolled or last_seen_at is None:
        return DeviceState.WAITING
    silent = now - last_seen_at
    if silent > OFFLINE_AFTER:
        return DeviceState.OFFLINE
    return DeviceState.LATE if silent > LATE_AFTER else DeviceState.ONLINE
