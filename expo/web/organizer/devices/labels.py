"""Words for devices: profiles, states, clocks."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l, ngettext, pgettext

from expo.checkin.queries.devices import DeviceRow
from expo.checkin.rules.devices import Profile

PROFILE_NOTES: Mapping[Profile, Any] = {
    Profile.STEWARD: _l("Scans badges, even without a network."),
    Profile.SUPERVISOR: _l("Scans badges, overrides refusals and searches attendees."),
    Profile.KIOSK: _l("Attendees check themselves in. It never shows a list of attendees."),
    Profile.DESK: _l("Searches and registers attendees, and prints badges."),
    Profile.PRINT_STATION: _l("Prints badges that are issued elsewhere."),
    Profile.HUB: _l("Links the devices in a hall without internet."),
}

# From here on a clock's difference is given in minutes.
FEW_SECONDS = 120


def profile_label() -> dict[Profile, str]:
    """Return the words for profiles."""
    return {
        Profile.STEWARD: pgettext("device", "Steward"),
        Profile.SUPERVISOR: pgettext("device", "Supervisor"),
        Profile.KIOSK: pgettext("device", "Kiosk"),
        Profile.DESK: pgettext("device", "Help desk"),
        Profile.PRINT_STATION: pgettext("device", "Print station"),
        Profile.HUB: pgettext("device", "Hub"),
    }


def clock_warning(device: DeviceRow) -> str:
    """Return how wrong a device's clock is; empty if it is right enough."""
    if not device.has_wrong_clock or device.skew_ms is None:
        return ""
    seconds = round(abs(device.skew_ms) / 1000)
    minutes, is_fast = round(seconds / 60), device.skew_ms > 0
    if seconds >= FEW_SECONDS:
        if is_fast:
            return str(ngettext("Clock %(num)d minute fast", "Clock %(num)d minutes fast", minutes))
        return str(ngettext("Clock %(num)d minute slow", "Clock %(num)d minutes slow", minutes))
    if is_fast:
        return str(ngettext("Clock %(num)d second fast", "Clock %(num)d seconds fast", seconds))
    return str(ngettext("Clock %(num)d second slow", "Clock %(num)d seconds slow", seconds))
