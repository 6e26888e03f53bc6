"""Badges that entered twice, decisions that the server sees differently, and scans of revoked devices, with names."""

from dataclasses import dataclass
from datetime import datetime

from expo.accounts.rules import Actor, Permission, require
from expo.checkin.queries.discrepancies import (
    Disagreement,
    DoubleEntry,
    LateScan,
    ScanAtDoor,
    list_disagreements,
    list_double_entries,
    list_late_scans,
)
from expo.checkin.rules import Reason
from expo.editions.queries import EditionFacts
from expo.infra.audit import record_export
from expo.pure.codes import show_code

COLUMNS = (
    "kind", "zone", "code", "name", "decision", "reason", "checkpoint", "device", "scanned_at", "device_time",
    "skew_seconds", "received_at", "other_checkpoint", "other_device", "other_scanned_at", "other_skew_seconds",
    "hub", "other_hub",
)  # fmt: skip
Row = list[str | float | None]


@dataclass(frozen=True)
class Discrepancies:
    """All kinds, latest first; a second entry is not listed among the decisions too."""

    double_entries: list[DoubleEntry]
    disagreements: list[Disagreement]
    late_scans: list[LateScan]


def get_discrepancies(
    actor: Actor, edition: EditionFacts, *, zone: str | None = None, reason: Reason | None = None
) -> Discrepancies:
    """Return what was found when the scans of devices without a network arrived, by zone and reason."""
    require(actor, Permission.CHECKPOINTS_MANAGE, edition.id)
    doubles = []
    if reason in (None, Reason.ALREADY_ADMITTED):
        doubles = list_double_entries(edition.id, edition.door_calendar, zone)
    listed = {each.second.id for each in doubles}
    others = [each for each in list_disagreements(edition.id, reason, zone) if each.scan.id not in listed]
    late = list_late_scans(edition.id, zone) if reason is None else []
    return Discrepancies(doubles, others, late)


def export_discrepancies(
    actor: Actor, edition: EditionFacts, now: datetime, *, zone: str | None = None, reason: Reason | None = None
) -> list[Row]:
    """Record an export and return its rows of `COLUMNS`."""
    found = get_discrepancies(actor, edition, zone=zone, reason=reason)
    wanted = {"zone": zone, "reason": reason.value if reason else None}
    record_export(actor, "discrepancies", now, edition.id, **{name: value for name, value in wanted.items() if value})
    doubles: list[Row] = [
        [
            "double entry",
            each.zone_code,
            show_code(each.attendee_code),
            each.attendee_name,
            "admitted",
            Reason.ALREADY_ADMITTED.value,
            *_cells(each.second, edition),
            *_other_cells(each.first, edition),
            each.second.hub_name or "",
            each.first.hub_name or "",
        ]
        for each in found.double_entries
    ]
    decisions: list[Row] = [
        [
            "decision",
            each.zone_code,
            show_code(each.attendee_code) if each.attendee_code else "",
            each.attendee_name or "",
            "admitted" if each.is_admitted else "refused",
            each.reason.value,
            *_cells(each.scan, edition),
            *("", "", "", None),
            each.scan.hub_name or "",
            "",
        ]
        for each in found.disagreements
    ]
    late: list[Row] = [
        [
            "after revocation",
            each.zone_code,
            show_code(each.attendee_code) if each.attendee_code else "",
            each.attendee_name or "",
            "admitted" if each.is_admitted else "refused",
            "",
            *_cells(each.scan, edition),
            *("", "", "", None),
            each.scan.hub_name or "",
            "",
        ]
        for each in found.late_scans
    ]
    return doubles + decisions + late


def _cells(scan: ScanAtDoor, edition: EditionFacts) -> Row:
    return [
        scan.checkpoint_code,
        scan.device_name or "",
        _text(scan.scanned_at, edition),
        _text(scan.device_time, edition),
        _seconds(scan),
        _text(scan.received_at, edition),
    ]


def _other_cells(scan: ScanAtDoor, edition: EditionFacts) -> Row:
    return [scan.checkpoint_code, scan.device_name or "", _text(scan.scanned_at, edition), _seconds(scan)]


def _seconds(scan: ScanAtDoor) -> float | None:
    return None if scan.skew_ms is None else scan.skew_ms / 1000


def _text(moment: datetime | None, edition: EditionFacts) -> str:
    return moment.astimezone(edition.zone).isoformat(timespec="seconds") if moment else ""
