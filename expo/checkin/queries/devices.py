"""Queries on devices: the list for organizers, and the actor of a device's token."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from expo.accounts.models import Person, UserSession
from expo.accounts.rules import EVERYONE, Actor, Level, Permission
from expo.checkin.errors import DeviceMissing
from expo.checkin.models import Checkpoint, Device, DeviceCheckpoint
from expo.checkin.rules.devices import (
    DELIVERS_FOR,
    PROFILE_CALLS,
    PROFILE_PERMISSIONS,
    SKEW_WARNING,
    DeviceState,
    Profile,
    device_state,
)
from expo.errors import Refused
from expo.infra.cache import get_recent
from expo.infra.db import db

# How long another process may still accept the token of a device that was revoked.
DEVICE_SECONDS = 2.0
TOKEN_PREFIX = "door_"  # noqa: S105 - tells device tokens from API tokens


@dataclass(frozen=True)
class DeviceRow:
    """A device as listed. `checkpoints` are the codes of those it may scan at; none means all."""

    id: int
    name: str
    profile: Profile
    checkpoints: tuple[str, ...]
    is_enrolled: bool
    code_expires_at: datetime | None
    is_own_browser: bool
    created_at: datetime
    enrolled_at: datetime | None
    revoked_at: datetime | None
    is_wiped: bool
    wipe_sent_at: datetime | None
    last_seen_at: datetime | None
    battery: int | None
    version: str
    queue_length: int
    oldest_queued_at: datetime | None
    checkpoint: str | None
    skew_ms: int | None

    def state_at(self, now: datetime) -> DeviceState:
        """Return the state of the device at `now`."""
        return device_state(
            is_enrolled=self.is_enrolled, revoked_at=self.revoked_at, last_seen_at=self.last_seen_at, now=now
        )

    @property
    def has_wrong_clock(self) -> bool:
        """Whether the device's clock differs so much that the organizer should know."""
        return self.skew_ms is not None and abs(self.skew_ms) > SKEW_WARNING.total_seconds() * 1000


@dataclass(frozen=True, slots=True)
class DeviceCaller:
    """The device that a token belongs to. A revoked one may do nothing but learn of it, and send what it holds."""

    actor: Actor
    is_revoked: bool = False
    is_wiped: bool = False
    may_deliver: bool = False


def list_devices(edition_id: int, device_ids: Sequence[int] | None = None) -> list[DeviceRow]:
    """Return the devices of an edition, or those with these ids, by name."""
    query = (
        select(Device, Checkpoint.code)
        .outerjoin(Checkpoint, Checkpoint.id == Device.checkpoint_id)
        .where(Device.edition_id == edition_id)
        .order_by(Device.name, Device.id)
    )
    if device_ids is not None:
        query = query.where(Device.id.in_(device_ids))
    checkpoints = _checkpoints_by_device(edition_id)
    return [_row(device, code, checkpoints.get(device.id, ())) for device, code in db.session.execute(query)]


def get_device(edition_id: int, device_id: int) -> DeviceRow:
    """Return a device of an edition. Raises DeviceMissing."""
    found = list_devices(edition_id, [device_id])
    if not found:
        raise DeviceMissing
    return found[0]


def secret_digest(secret: str) -> bytes:
    """Return the digest under which a token or a code is stored."""
    return hashlib.sha256(secret.encode()).digest()


def find_device_caller(token: str, now: datetime) -> DeviceCaller | None:
    """Return the device with this token, at most two seconds old; None if there is none.

    The token of a steward's own browser ends with their session.
    """
    recent, key = get_recent(), ("device", secret_digest(token))
    caller: DeviceCaller | None = recent.get(key)
    if caller is None:
        caller = _read_caller(secret_digest(token), now)
        if caller is not None:
            recent.set(key, caller, DEVICE_SECONDS)
    return caller


def invalidate_device_caller(token_digest: bytes | None) -> None:
    """Drop the cached device of a token in this process."""
    get_recent().forget(("device", token_digest))


def list_device_checkpoints(device_id: int) -> list[str]:
    """Return the codes of the checkpoints at which a device may scan; none means all."""
    return list(
        db.session.scalars(
            select(Checkpoint.code)
            .join(DeviceCheckpoint, DeviceCheckpoint.checkpoint_id == Checkpoint.id)
            .where(DeviceCheckpoint.device_id == device_id)
            .order_by(Checkpoint.position, Checkpoint.id)
        )
    )


def name_devices(actors: Iterable[tuple[str, int | None]], edition_id: int) -> dict[tuple[str, int], str]:
    """Return the names of the devices among actors, by kind and id."""
    ids = {number for kind, number in actors if kind == "device" and number is not None}
    if not ids:
        return {}
    rows = db.session.execute(select(Device.id, Device.name).where(Device.edition_id == edition_id, Device.id.in_(ids)))
    return {("device", device_id): name for device_id, name in rows}


def _read_caller(digest: bytes, now: datetime) -> DeviceCaller | None:
    row = db.session.execute(
        select(
            Device.id,
            Device.edition_id,
            Device.name,
            Device.profile,
            Device.revoked_at,
            Device.is_wiped,
            Device.session_id,
            UserSession.id.label("valid_session_id"),
        )
        .outerjoin(Person, Person.id == Device.created_by)
        .outerjoin(
            UserSession,
            # A session's id may be given to a later session, so its owner and age are compared too.
            (UserSession.id == Device.session_id)
            & (UserSession.person_id == Person.id)
            & (UserSession.created_at <= Device.created_at)
            & (UserSession.link_version == Person.link_version)
            & (UserSession.level >= Level.SIGNED_IN)
            & (UserSession.expires_at > now),
        )
        .where(Device.token_digest == digest)
    ).one_or_none()
    if row is None:
        return None
    is_revoked = row.revoked_at is not None
    if row.session_id is not None and row.valid_session_id is None and not is_revoked:
        return None
    actor = _actor(row)
    if is_revoked:
        # It can report what happened at its door, and nothing else.
        actor = replace(actor, permissions=actor.permissions & (EVERYONE | {Permission.SCAN}))
    return DeviceCaller(actor, is_revoked, row.is_wiped, is_revoked and now - row.revoked_at <= DELIVERS_FOR)


def list_device_actors(edition_id: int, device_ids: Collection[int]) -> dict[int | None, Actor]:
    """Return devices as whom a hub sends scans, by id; even revoked ones, for what happened has happened."""
    if not device_ids:
        return {}
    rows = db.session.execute(
        select(Device.id, Device.edition_id, Device.name, Device.profile).where(
            Device.edition_id == edition_id, Device.id.in_(device_ids)
        )
    )
    return {row.id: _actor(row) for row in rows}


def _actor(row: Any) -> Actor:
    profile = Profile(row.profile)
    return Actor(
        "device",
        row.id,
        edition_id=row.edition_id,
        permissions=PROFILE_PERMISSIONS[profile],
        label=row.name,
        calls=PROFILE_CALLS[profile],
    )


def require_checkpoint(actor: Actor, code: str) -> None:
    """Check that a device may scan at a checkpoint. Raises Refused."""
    if not may_scan_at(actor, code):
        raise Refused("device_checkpoint_refused")


def may_scan_at(actor: Actor, code: str) -> bool:
    """Whether an actor may scan at a checkpoint; only devices are bound to some, as known for two seconds."""
    if actor.kind != "device" or actor.id is None:
        return True
    recent, key = get_recent(), ("device_checkpoints", actor.id)
    allowed: list[str] | None = recent.get(key)
    if allowed is None:
        allowed = list_device_checkpoints(actor.id)
        recent.set(key, allowed, DEVICE_SECONDS)
    return not allowed or code in allowed


def _checkpoints_by_device(edition_id: int) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for device_id, code in db.session.execute(
        select(DeviceCheckpoint.device_id, Checkpoint.code)
        .join(Checkpoint, Checkpoint.id == DeviceCheckpoint.checkpoint_id)
        .where(Checkpoint.edition_id == edition_id)
        .order_by(Checkpoint.position, Checkpoint.id)
    ):
        found[device_id] = (*found.get(device_id, ()), code)
    return found


def _row(each: Device, checkpoint: str | None, checkpoints: tuple[str, ...]) -> DeviceRow:
    return DeviceRow(
        id=each.id,
        name=each.name,
        profile=Profile(each.profile),
        checkpoints=checkpoints,
        is_enrolled=each.token_digest is not None,
        code_expires_at=each.code_expires_at,
        is_own_browser=each.session_id is not None,
        created_at=each.created_at,
        enrolled_at=each.enrolled_at,
        revoked_at=each.revoked_at,
        is_wiped=each.is_wiped,
        wipe_sent_at=each.wipe_sent_at,
        last_seen_at=each.last_seen_at,
        battery=each.battery,
        version=each.version,
        queue_length=each.queue_length,
        oldest_queued_at=each.oldest_queued_at,
        checkpoint=checkpoint,
        skew_ms=each.skew_ms,
    )
