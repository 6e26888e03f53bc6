"""Keep a hub and its centre informed of each other: scans go up first, because they exist nowhere else."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import structlog

from expo.accounts.rules import SYSTEM
from expo.checkin.queries.hubs import (
    HubRow,
    OutgoingScan,
    ReportingDevice,
    count_unsent,
    find_hub,
    list_reporting_devices,
    list_unsent_scans,
    list_unsent_undos,
)
from expo.checkin.rules.devices import Profile
from expo.checkin.services.hubs import (
    SEAL,
    Contact,
    create_hub,
    mark_sent,
    mark_undos_sent,
    store_contact,
    store_copy,
    wipe_hub,
)
from expo.flows.hubs.centre import Centre, CentreError
from expo.flows.hubs.copying import CopyError, Part, apply_part
from expo.infra.sealing import unseal

log = structlog.get_logger(__name__)

# Scans in one request. While requests fail it is halved: a bad network may let shorter ones pass.
BATCH = 500
# Devices that have been silent here for longer are not reported: the centre knows as much about them.
HEARD_FOR = timedelta(days=1)
MAX_HALL_DEVICES = 500
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Synchronization:
    """What came of an attempt. `error` is why the centre was not reached; empty if it was.

    With attendees `left`, only a part of the copy is stored; the next attempt copies the next part.
    """

    sent: int = 0
    changed: int = 0
    error: str = ""
    left: int = 0
    # Everything in the database was deleted, because the centre requested it.
    is_wiped: bool = False


def connect_hub(centre_url: str, code: str, address: str, name: str) -> None:
    """Enrol this installation at a centre as a hub. Raises CentreError, Conflict `hub_has_another_centre`."""
    enrolled = Centre(centre_url).enrol(code)
    device = enrolled["device"]
    if device["profile"] != Profile.HUB.value:
        raise CentreError(f"the code is for a device with the profile {device['profile']}, not hub")
    create_hub(SYSTEM, centre_url.rstrip("/"), address, name or device["name"], enrolled["token"])


def synchronize(clock: Clock, batch: int = BATCH) -> Synchronization:
    """Send what the centre does not have, and copy a part of what it has; never raises if the centre cannot be reached.

    Interrupted anywhere, it continues where it was: a scan is unsent until its answer has arrived, and the cursor moves
    once a part is stored.
    """
    hub = find_hub()
    if hub is None:
        raise AssertionError("this installation is not a hub")
    centre = Centre(hub.centre_url, unseal(SEAL, hub.encrypted_token).decode())
    sent = changed = left = 0
    try:
        contact = _send_heartbeat(centre, hub, clock)
        store_contact(contact)
        if contact.is_wiped:
            return _leave(centre, contact, batch, clock)
        sent = _send_scans(centre, contact.skew_ms or 0, batch, clock)
        if not contact.is_revoked:
            changed, left = _copy(centre, hub, clock)
    except (CentreError, CopyError) as error:
        store_contact(Contact(clock(), str(error)))
        return Synchronization(sent, changed, str(error))
    return Synchronization(sent, changed, left=left)


def _send_heartbeat(centre: Centre, hub: HubRow, clock: Clock) -> Contact:
    unsent, began = count_unsent(), clock()
    heard = list_reporting_devices(hub.edition_id, began - HEARD_FOR, MAX_HALL_DEVICES) if hub.edition_id else []
    devices = [_write_device(each, hub.skew_ms) for each in heard]
    answer = centre.send_heartbeat(began, unsent.count, unsent.oldest_at, devices)
    now = clock()
    try:
        # The centre's clock was read somewhere between asking and the answer.
        middle = began + (now - began) / 2
        skew = middle - datetime.fromisoformat(answer["server_time"])
        return Contact(
            now,
            skew_ms=round(skew.total_seconds() * 1000),
            is_revoked=bool(answer["revoked"]),
            is_wiped=answer["wipe"] is True,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise CentreError(f"the heartbeat's answer is unreadable: {error}") from None


def _leave(centre: Centre, contact: Contact, batch: int, clock: Clock) -> Synchronization:
    """Hand over what the centre does not have, and delete everything; a later attempt continues if that fails.

    A day after the revocation the centre stops accepting scans: then they are deleted with the rest.
    """
    sent, is_refused = 0, False
    try:
        sent = _send_scans(centre, contact.skew_ms or 0, batch, clock)
    except CentreError as error:
        if error.status != HTTPStatus.UNAUTHORIZED:
            raise
        is_refused = True
    if not wipe_hub(is_forced=is_refused):
        return Synchronization(sent)  # a door has just added a scan
    log.warning("hub.wiped", sent=sent)
    # The organizers would like to know; there is nothing left here if it fails.
    with suppress(CentreError):
        centre.send_heartbeat(clock(), 0, None, has_wiped=True)
    return Synchronization(sent, is_wiped=True)


def _write_device(device: ReportingDevice, skew_ms: int) -> dict[str, Any]:
    """Return what is known of a device of the hall, by the centre's clock."""
    skew, oldest = timedelta(milliseconds=skew_ms), device.oldest_queued_at
    return {
        "id": device.id,
        "seen_at": (device.seen_at - skew).isoformat(),
        "battery": None if device.battery is None else device.battery / 100,
        "queue": device.queue_length,
        "pending_oldest_at": (oldest - skew).isoformat() if oldest else None,
        "version": device.version,
        "skew_ms": None if device.skew_ms is None else device.skew_ms + skew_ms,
        "checkpoint": device.checkpoint,
    }


def _send_scans(centre: Centre, skew_ms: int, batch: int, clock: Clock) -> int:
    """Send scans, and then what was taken back of them; return how many the centre has now."""
    sent, size = 0, batch
    while scans := list_unsent_scans(size):
        try:
            answers = centre.send_scans([_write_scan(each, skew_ms) for each in scans])
        except CentreError:
            if size == 1:
                raise
            size = max(1, size // 8)
            continue
        sent += _note_answers(scans, answers, clock())
    while undone := list_unsent_undos(batch):
        centre.send_scans([_write_undo(each, skew_ms) for each in undone])
        mark_undos_sent([each.scan_id for each in undone], clock())
    return sent


def _note_answers(scans: list[OutgoingScan], answers: list[dict[str, Any]], now: datetime) -> int:
    """Note what the centre has. Raises CentreError if it has none of it, which would be asked for ever."""
    wanted = {each.scan_id for each in scans}
    problems: dict[str, str | None] = {}
    for each in answers:
        problem = each.get("problem")
        if each.get("scan_id") in wanted and (problem or each.get("answer")):
            problems[each["scan_id"]] = str(problem["code"])[:64] if isinstance(problem, dict) else None
    if not problems:
        raise CentreError("the answer names none of the scans")
    for scan_id, code in problems.items():
        if code:
            log.warning("hub.scan_not_taken", scan=scan_id, problem=code)
    mark_sent(problems, now)
    return len(problems)


def _write_scan(scan: OutgoingScan, skew_ms: int) -> dict[str, Any]:
    """Return a scan as it happened here, by the centre's clock."""
    skew = timedelta(milliseconds=skew_ms)
    at = (scan.scanned_at - skew).isoformat()
    return {
        "scan_id": scan.scan_id,
        "token": scan.token,
        "checkpoint": scan.checkpoint,
        "direction": scan.direction,
        "scanned_at": at,
        "forced": scan.forced,
        "force_reason": scan.force_reason,
        "force_note": scan.force_note or "",
        "answers": scan.answers or {},
        "device_time": scan.device_time.isoformat() if scan.device_time else None,
        "skew_ms": skew_ms if scan.skew_ms is None else scan.skew_ms + skew_ms,
        "decided": {
            "verdict": scan.verdict,
            "reason": None if scan.forced else scan.reason,
            "at": (scan.received_at - skew).isoformat(),
        },
        "device": scan.device_id,
    }


def _write_undo(scan: OutgoingScan, skew_ms: int) -> dict[str, Any]:
    at = (scan.undone_at or scan.scanned_at) - timedelta(milliseconds=skew_ms)
    return _write_scan(scan, skew_ms) | {
        "token": "",
        "checkpoint": "",
        "scanned_at": at.isoformat(),
        "undoes": scan.scan_id,
        "decided": None,
    }


def _copy(centre: Centre, hub: HubRow, clock: Clock) -> tuple[int, int]:
    """Copy what has changed at the centre, or a part of it; return how many attendees that are, and how many are left.

    Between two parts, scans are sent: they exist nowhere else.
    """
    part, now = Part.of(centre.copy(hub.cursor)), clock()
    if hub.edition_id not in {None, part.edition_id}:
        raise CopyError("the copy is of another expo")
    if part.left and part.cursor == hub.cursor:
        raise CopyError("the copy does not continue from the last part")
    changed = apply_part(part, now)
    store_copy(part.edition_id, part.cursor, now, is_complete=not part.left)
    return changed, part.left
