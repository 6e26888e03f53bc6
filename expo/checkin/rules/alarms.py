"""Kinds of alarms, and what the control room's settings may be. Pure."""

from enum import StrEnum

# The least and the most of each number.
CONTROL_ROOM_LIMITS = {
    "silent_minutes": (2, 240),
    "queue_minutes": (2, 240),
    "show_percent": (1, 100),
    "scan_seconds": (1, 600),
    "wait_minutes": (1, 120),
    "wait_percent": (50, 99),
}


class Curve(StrEnum):
    """When people arrive, for the forecast: as on days that are over, if there are any, or as at trade fairs."""

    # The first of the following that has enough arrivals.
    AUTOMATIC = "automatic"
    PREVIOUS_DAYS = "previous_days"
    PREVIOUS_EDITION = "previous_edition"
    BUILT_IN = "built_in"


class AlarmKind(StrEnum):
    """What an alarm is about: a zone (the first two), a checkpoint, or a device."""

    ZONE_FILLING = "zone_filling"
    ZONE_FULL = "zone_full"
    GATE_SILENT = "gate_silent"
    QUEUE_OLD = "queue_old"
