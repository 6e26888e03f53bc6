"""What a device at a door calls: enrolment, the heartbeat, and the snapshot of what it needs offline."""

import json
import zlib
from http import HTTPStatus
from typing import Any

from pydantic import AwareDatetime, Field

from expo.accounts.rules import Permission
from expo.api.authentication import Call
from expo.api.routes import PreparedAnswer
from expo.api.schemas import Moment, Schema, Text, Texts, example
from expo.api.v1.scans import clamp_skew
from expo.api.v1.version import v1
from expo.checkin.queries.devices import DeviceRow, list_device_checkpoints
from expo.checkin.queries.snapshots import Snapshot, read_snapshot
from expo.checkin.rules.devices import Profile, is_hub
from expo.checkin.rules.facts import write_moment
from expo.checkin.services.devices import Heartbeat, enrol_device, store_heartbeat
from expo.checkin.services.hall_devices import HallDevice, store_hall_devices
from expo.infra.cache import get_recent
from expo.infra.clock import utcnow
from expo.infra.single_flight import one_at_a_time

# How long a whole snapshot is sent to further devices; they learn of later changes with their first delta.
WHOLE_SECONDS = 5.0
MAX_QUEUE = 1_000_000
MAX_HALL_DEVICES = 500


class EnrolIn(Schema):
    """The code of the link or QR code."""

    model_config = example(code="mZ1o0n5c0wX2m4y1Jt2h9A")

    code: Text = Field(min_length=1, max_length=100)


class DoorDevice(Schema):
    """A device."""

    id: int
    name: str
    profile: Profile
    checkpoints: list[str] = Field(description="Codes of the checkpoints it may scan at; empty for all")


class EnrolOut(Schema):
    """The device and its token, which is sent only once."""

    token: str
    device: DoorDevice


class HallDeviceIn(Schema):
    """What a hub says about a device of its hall."""

    id: int
    seen_at: AwareDatetime = Field(description="When the hub last heard from it, by the server's clock")
    battery: float | None = Field(None, ge=0, le=1)
    queue: int = Field(0, ge=0, le=MAX_QUEUE, description="Number of scans that the hub does not have yet")
    pending_oldest_at: Moment | None = None
    version: Text = Field("", max_length=40)
    skew_ms: float | None = Field(None, allow_inf_nan=False, description="How far its clock is ahead of the server's")
    checkpoint: Text | None = Field(None, max_length=100)


class HeartbeatIn(Schema):
    """What the device says about itself."""

    battery: float | None = Field(None, ge=0, le=1, description="From 0 to 1, if the browser tells")
    queue: int = Field(0, ge=0, le=MAX_QUEUE, description="Number of scans that wait to be sent")
    pending_oldest_at: Moment | None = Field(None, description="Time of the oldest of them")
    version: Text = Field("", max_length=40, description="Version of the page")
    device_time: Moment = Field(description="The device's clock now")
    checkpoint: Text | None = Field(None, max_length=100, description="Code of the checkpoint it scans at")
    devices: list[HallDeviceIn] = Field(
        default_factory=list, max_length=MAX_HALL_DEVICES, description="Only from a hub: the devices of its hall"
    )
    wiped: bool = Field(False, description="Only from a hub: it has deleted everything, as `wipe` requested")


class HeartbeatOut(Schema):
    """What the device has to know at once."""

    server_time: AwareDatetime
    revoked: bool = Field(description="The device no longer has access")
    wipe: bool = Field(description="Delete everything that the device holds")
    checkpoints: list[str] = Field(description="Codes of the checkpoints it may scan at; empty for all")


class SnapshotQuery(Schema):
    """What the device knows already."""

    since: Text | None = Field(None, max_length=64, description="`cursor` of the last snapshot; omit it for everything")


class DoorEdition(Schema):
    """The expo, and how its days are counted."""

    number: int
    code: str
    time_zone: str
    starts_on: str
    ends_on: str
    is_demo: bool
    day_zero: str
    turn_over: str = Field(description="When a day at a door ends, such as 04:00")


class DoorKey(Schema):
    """A public key that signs badges."""

    edition: int
    key_id: int
    public_key: str = Field(description="Ed25519, base64url")


class DoorTicketType(Schema):
    """A ticket type."""

    code: str
    name: Texts
    band: int
    door_note: Texts = Field(description="What stewards should pay attention to")


class DoorAddOn(Schema):
    """An add-on that the rule of a checkpoint asks for."""

    code: str
    name: Texts


class SnapshotOut(Schema):
    """What a device needs to decide alone: see "What a device holds" in the documentation."""

    cursor: str
    whole: bool = Field(description="Whether this replaces what the device has, or is added to it")
    server_time: AwareDatetime
    dictionary: str = Field(description="Preset dictionary of the compressed records, base64url")
    edition: DoorEdition
    keys: list[DoorKey]
    ticket_types: list[DoorTicketType]
    add_ons: list[DoorAddOn]
    checkpoints: list[dict[str, Any]]
    zones: list[dict[str, Any]]
    records: list[str] = Field(description="Encrypted records of badges, base64url")
    removed: list[str] = Field(description="Ids of records to delete, base64url")
    standings: list[list[Any]] = Field(
        description="Place of the record in this answer, or its id; zone, 1 if inside, entries, entries today; "
        "entered at, left at, and as of, in milliseconds since 1970, the last one null if it is the later of the others"
    )
    wipe: bool = Field(description="Delete everything that the device holds")


@v1.route("POST", "/door/enrol", group="Doors", is_open=True)
def post_enrolment(call: Call, body: EnrolIn) -> EnrolOut:
    """Enrol a device with a code.

    A code works once and for 15 minutes.
    """
    enrolled = enrol_device(body.code, call.now)
    return EnrolOut(token=enrolled.token, device=device_out(enrolled.device))


@v1.route("POST", "/door/heartbeat", group="Doors", answers_revoked=True, refusals=(HTTPStatus.NOT_FOUND,))
def post_heartbeat(call: Call, body: HeartbeatIn) -> HeartbeatOut:
    """Say that the device works, and learn whether it may continue.

    Only for devices. Revoked devices are answered too.
    """
    heartbeat = Heartbeat(
        battery=None if body.battery is None else round(body.battery * 100),
        queue_length=body.queue,
        oldest_queued_at=body.pending_oldest_at,
        version=body.version,
        device_time=body.device_time,
        checkpoint=body.checkpoint,
        has_wiped=body.wiped,
    )
    if is_hub(call.actor) and not call.is_revoked:
        store_hall_devices(call.actor, call.edition_id, [_hall_device(each) for each in body.devices], call.now)
    store_heartbeat(call.actor, call.edition_id, heartbeat, call.now, is_wiped=call.is_wiped)
    return HeartbeatOut(
        server_time=utcnow(),
        revoked=call.is_revoked,
        wipe=call.is_wiped,
        checkpoints=[] if call.is_revoked else list_device_checkpoints(call.actor.id or 0),
    )


def _hall_device(body: HallDeviceIn) -> HallDevice:
    return HallDevice(
        id=body.id,
        seen_at=body.seen_at,
        battery=None if body.battery is None else round(body.battery * 100),
        queue_length=body.queue,
        oldest_queued_at=body.pending_oldest_at,
        version=body.version,
        skew_ms=clamp_skew(body.skew_ms),
        checkpoint=body.checkpoint,
    )


@v1.route("GET", "/door/snapshot", group="Doors", permission=Permission.SCAN, answer=SnapshotOut)
def get_snapshot(call: Call, query: SnapshotQuery) -> PreparedAnswer:
    """Get what a device needs to decide without a network.

    Records of attendees are encrypted with keys from their badges. With `since`, `records`, `removed` and `standings`
    contain only what has changed, unless `whole` is true.
    """
    if query.since is not None:
        snapshot = read_snapshot(call.edition_id, query.since, call.now)
        if not snapshot.is_whole:
            return _prepare(_write(snapshot))
    return _prepare(_whole_snapshot(call))


def _whole_snapshot(call: Call) -> tuple[bytes, bytes]:
    """Return the whole snapshot, made once for all devices that ask at the same time."""
    recent, key = get_recent(), ("door_snapshot", call.edition_id)
    written: tuple[bytes, bytes] | None = recent.get(key)
    if written is None:
        with one_at_a_time(f"door_snapshot:{call.edition_id}"):
            written = recent.get(key)
            if written is None:
                written = _write(read_snapshot(call.edition_id, None, call.now))
                recent.set(key, written, WHOLE_SECONDS)
    return written


def _write(snapshot: Snapshot) -> tuple[bytes, bytes]:
    """Return a snapshot as JSON without its first members, and the same compressed."""
    body = {"cursor": snapshot.cursor, "whole": snapshot.is_whole, **snapshot.content, "wipe": False}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()[1:]
    # Encrypted records have nothing in common, so looking for it is omitted: half the time for the same size.
    begin = text.index(b'"records":[')
    end = text.index(b"]", begin)
    return text, b"".join(
        (
            _deflate(text[:begin], zlib.Z_DEFAULT_STRATEGY, zlib.Z_SYNC_FLUSH),
            _deflate(text[begin:end], zlib.Z_HUFFMAN_ONLY, zlib.Z_SYNC_FLUSH),
            _deflate(text[end:], zlib.Z_DEFAULT_STRATEGY, zlib.Z_FINISH),
        )
    )


def _deflate(text: bytes, strategy: int, ending: int) -> bytes:
    """Return a part of a raw DEFLATE stream; without `Z_FINISH`, another part can follow."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS, strategy=strategy)
    return packer.compress(text) + packer.flush(ending)


def _prepare(written: tuple[bytes, bytes]) -> PreparedAnswer:
    """Return the response. Devices set their clocks by it, so it has the time of now, not of the snapshot."""
    return PreparedAnswer(f'{{"server_time":"{write_moment(utcnow())}",'.encode(), *written)


def device_out(device: DeviceRow) -> DoorDevice:
    """Return what a device learns about itself."""
    return DoorDevice(id=device.id, name=device.name, profile=device.profile, checkpoints=list(device.checkpoints))
