"""Services for devices: create, enrol, revoke and wipe them, and store what they say about themselves."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.errors import CheckpointMissing, DeviceMissing
from expo.checkin.models import Checkpoint, Device, DeviceCheckpoint, Scan
from expo.checkin.queries.devices import (
    TOKEN_PREFIX,
    DeviceRow,
    get_device,
    invalidate_device_caller,
    secret_digest,
)
from expo.checkin.rules.devices import CODE_LIFETIME, Profile, check_device_name, is_hub
from expo.errors import Conflict, Invalid, Refused
from expo.infra.audit import record_act
from expo.infra.db import atomic, db, lock, on_commit, retried

MAX_VERSION = 40
# A clock that is wrong by more than this is stored as wrong by this.
MAX_SKEW = timedelta(days=20)


@dataclass(frozen=True)
class DeviceRequest:
    """The requested values of a device. `checkpoints` are codes; none means all."""

    name: str
    profile: Profile
    checkpoints: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Enrolled:
    """A device and its token, which is known only now."""

    edition_id: int
    token: str
    device: DeviceRow


@dataclass(frozen=True)
class Heartbeat:
    """What a device says about itself. `battery` is in per cent."""

    battery: int | None
    queue_length: int
    oldest_queued_at: datetime | None
    version: str
    device_time: datetime
    checkpoint: str | None
    # Only from a hub: that it has deleted everything, as ordered.
    has_wiped: bool = False


def create_devices(actor: Actor, edition_id: int, requests: Sequence[DeviceRequest], now: datetime) -> list[int]:
    """Create devices that wait to be enrolled, and return their ids. Raises Invalid, CheckpointMissing."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    ids = []
    with atomic():
        for request in requests:
            device = Device(
                edition_id=edition_id,
                name=check_device_name(request.name),
                profile=request.profile.value,
                created_by=actor.id if actor.kind == "person" else None,
                created_at=now,
            )
            db.session.add(device)
            db.session.flush()
            _set_checkpoints(device, request.checkpoints)
            _record(actor, "checkin.create_device", device, now, profile=device.profile)
            ids.append(device.id)
    return ids


@retried
def edit_device(actor: Actor, edition_id: int, device_id: int, request: DeviceRequest, now: datetime) -> None:
    """Change a device's name, profile and checkpoints. Raises Invalid, DeviceMissing, CheckpointMissing."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    name = check_device_name(request.name)
    with atomic():
        device = _lock_device(edition_id, device_id)
        device.name, device.profile = name, request.profile.value
        _set_checkpoints(device, request.checkpoints)
        _record(actor, "checkin.edit_device", device, now, profile=device.profile)


@retried
def create_enrolment_codes(actor: Actor, edition_id: int, device_ids: Sequence[int], now: datetime) -> dict[int, str]:
    """Return a new code for each device; it works once and for 15 minutes, and its digest alone is stored.

    Codes made earlier stop working. Enrolling a device again ends the access of the one enrolled before, so a revoked
    device is valid again only once the code is used. Raises DeviceMissing.
    """
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    codes = {}
    with atomic():
        for device_id in sorted(set(device_ids)):
            device = _lock_device(edition_id, device_id)
            codes[device_id] = secrets.token_urlsafe(16)
            device.code_digest = secret_digest(codes[device_id])
            device.code_expires_at = now + CODE_LIFETIME
            _record(actor, "checkin.make_enrolment_code", device, now)
    return codes


@retried
def enrol_device(code: str, now: datetime) -> Enrolled:
    """Exchange a code for the token of its device. Raises Invalid `enrolment_code_wrong`.

    The code is taken in one statement, so that of two phones that scan it, one is enrolled.
    """
    token = _new_token()
    with atomic():
        before = db.session.scalar(select(Device.token_digest).where(Device.code_digest == secret_digest(code)))
        row = db.session.execute(
            update(Device)
            .where(Device.code_digest == secret_digest(code), Device.code_expires_at > now)
            .values(
                token_digest=secret_digest(token),
                code_digest=None,
                code_expires_at=None,
                enrolled_at=now,
                last_seen_at=now,
                revoked_at=None,
                is_wiped=False,
                wipe_sent_at=None,
                session_id=None,
            )
            .returning(Device.id, Device.edition_id, Device.name)
            .execution_options(synchronize_session=False)
        ).one_or_none()
        if row is None:
            raise Invalid("enrolment_code_wrong")
        device = Actor("device", row.id, edition_id=row.edition_id, label=row.name)
        record_act(
            device,
            "checkin.enrol_device",
            now,
            edition_id=row.edition_id,
            subject="device",
            subject_id=row.id,
            name=row.name,
        )
        on_commit(lambda: invalidate_device_caller(before))
        return Enrolled(row.edition_id, token, get_device(row.edition_id, row.id))


@retried
def enrol_own_browser(actor: Actor, edition_id: int, now: datetime) -> Enrolled:
    """Make the browser of a signed-in steward a device, or give the one of this session a new token.

    Its access ends with the session. Raises PermissionMissing; Refused `device_revoked` for a session whose device was
    revoked: signing in again is the way back.
    """
    require(actor, Permission.SCAN, edition_id)
    if actor.kind != "person" or actor.session_id is None:
        raise AssertionError("only a person in a session has a browser")
    profile = Profile.SUPERVISOR if actor.may(Permission.SCAN_FORCE, edition_id) else Profile.STEWARD
    token = _new_token()
    with atomic():
        device = db.session.scalars(
            select(Device).where(Device.session_id == actor.session_id).with_for_update(),
            execution_options={"populate_existing": True},
        ).one_or_none()
        if device is not None and (device.created_by, device.edition_id) != (actor.id, edition_id):
            # The browser works for another edition now, or the id belonged to an earlier session.
            device.session_id = None
            device.token_digest = None
            db.session.flush()
            device = None
        if device is not None and device.revoked_at is not None:
            raise Refused("device_revoked")
        if device is None:
            device = Device(
                edition_id=edition_id,
                name=check_device_name(actor.label[:80]),
                session_id=actor.session_id,
                created_by=actor.id,
                created_at=now,
                enrolled_at=now,
            )
            db.session.add(device)
        before = device.token_digest
        device.profile = profile.value
        device.token_digest = secret_digest(token)
        device.last_seen_at = now
        db.session.flush()
        if before is None:
            _record(actor, "checkin.enrol_own_browser", device, now, profile=profile.value)
        on_commit(lambda: invalidate_device_caller(before))
        return Enrolled(edition_id, token, get_device(edition_id, device.id))


@retried
def revoke_device(actor: Actor, edition_id: int, device_id: int, now: datetime, *, wipes: bool = False) -> None:
    """End a device's access; with `wipes`, it also deletes what it holds when it next calls. Raises DeviceMissing."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        device = _lock_device(edition_id, device_id)
        device.revoked_at = device.revoked_at or now
        device.is_wiped = device.is_wiped or wipes
        device.code_digest = device.code_expires_at = None
        _record(actor, "checkin.wipe_device" if wipes else "checkin.revoke_device", device, now)


@retried
def delete_device(actor: Actor, edition_id: int, device_id: int, now: datetime) -> None:
    """Delete a device that has not scanned. Raises DeviceMissing.

    Scans name their device: raises Conflict `device_in_use`, and revoking is the way.
    """
    require(actor, Permission.CHECKPOINTS_MANAGE, edition_id)
    with atomic():
        device = _lock_device(edition_id, device_id)
        has_scanned = (Scan.device_id == device_id) | (Scan.hub_id == device_id)
        if db.session.scalar(select(Scan.id).where(has_scanned).limit(1)):
            raise Conflict("device_in_use")
        _set_checkpoints(device, ())
        _record(actor, "checkin.delete_device", device, now)
        db.session.delete(device)
        db.session.flush()


def store_heartbeat(actor: Actor, edition_id: int, heartbeat: Heartbeat, now: datetime, *, is_wiped: bool) -> None:
    """Store what a device says about itself. An unknown checkpoint is stored as none. Raises DeviceMissing.

    A phone is wiped as soon as it learns of it; a hub hands over its scans first, and then says that it is done.
    """
    if actor.kind != "device":
        raise DeviceMissing
    is_done = is_wiped and (heartbeat.has_wiped or not is_hub(actor))
    with atomic():
        values = {
            "last_seen_at": now,
            "battery": heartbeat.battery,
            "version": heartbeat.version[:MAX_VERSION],
            "queue_length": heartbeat.queue_length,
            "oldest_queued_at": heartbeat.oldest_queued_at,
            "checkpoint_id": db.session.scalar(
                select(Checkpoint.id).where(
                    Checkpoint.edition_id == edition_id, Checkpoint.code == (heartbeat.checkpoint or "")
                )
            ),
            "skew_ms": measure_skew(heartbeat.device_time, now),
        }
        found = db.session.scalar(
            update(Device)
            .where(Device.id == actor.id, Device.edition_id == edition_id)
            .values(values | ({"wipe_sent_at": now} if is_done else {}))
            .returning(Device.id)
            .execution_options(synchronize_session=False)
        )
        if found is None:
            raise DeviceMissing
        if is_done and heartbeat.has_wiped:
            record_act(
                actor,
                "checkin.finish_wipe",
                now,
                edition_id=edition_id,
                subject="device",
                subject_id=found,
                name=actor.label,
            )


def measure_skew(device_time: datetime, now: datetime) -> int:
    """Return how far a device's clock is ahead of the server's, in milliseconds; negative if it is behind."""
    skew = min(max(device_time - now, -MAX_SKEW), MAX_SKEW)
    return round(skew.total_seconds() * 1000)


def _new_token() -> str:
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def _lock_device(edition_id: int, device_id: int) -> Device:
    device = lock(Device, device_id)
    if device is None or device.edition_id != edition_id:
        raise DeviceMissing
    return device


def _set_checkpoints(device: Device, codes: Iterable[str]) -> None:
    wanted = set(codes)
    found = {
        code: checkpoint_id
        for checkpoint_id, code in db.session.execute(
            select(Checkpoint.id, Checkpoint.code).where(
                Checkpoint.edition_id == device.edition_id, Checkpoint.code.in_(wanted)
            )
        )
    }
    if wanted - found.keys():
        raise CheckpointMissing
    db.session.execute(delete(DeviceCheckpoint).where(DeviceCheckpoint.device_id == device.id))
    for checkpoint_id in sorted(found.values()):
        db.session.add(DeviceCheckpoint(device_id=device.id, checkpoint_id=checkpoint_id))
    db.session.flush()


def _record(actor: Actor, action: str, device: Device, now: datetime, **details: object) -> None:
    record_act(
        actor,
        action,
        now,
        edition_id=device.edition_id,
        subject="device",
        subject_id=device.id,
        name=device.name,
        **details,
    )
    digest = device.token_digest
    on_commit(lambda: invalidate_device_caller(digest))
