"""Words for the states of devices, for organizers and at a hub."""

from flask_babel import pgettext

from expo.checkin.rules.devices import DeviceState


def state_words() -> dict[DeviceState, tuple[str, str]]:
    """Return the word of each state, and its tone (see components/states.html)."""
    return {
        DeviceState.WAITING: (pgettext("device", "Not set up yet"), "wait"),
        DeviceState.ONLINE: (pgettext("device", "Online"), "yes"),
        DeviceState.LATE: (pgettext("device", "Late"), "wait"),
        DeviceState.OFFLINE: (pgettext("device", "Offline"), "no"),
        DeviceState.REVOKED: (pgettext("device", "Revoked"), "no"),
    }
