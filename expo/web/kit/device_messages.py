"""The messages of the error codes of devices at the doors; part of `error_messages.py`."""

from flask_babel import lazy_gettext as _l

DEVICE_MESSAGES = {
    "door_device_missing": _l("We could not find this device. It may have been deleted."),
    "device_name_empty": _l("Enter a name for the device."),
    "device_name_too_long": _l("This name is too long. Use at most %(maximum)s characters."),
    "device_in_use": _l("This device has scanned badges, so it stays in the list. Revoke or wipe it instead."),
    "checkpoint_has_devices": _l(
        "Devices set up for this checkpoint: %(devices)s. Assign them to other checkpoints, then delete it."
    ),
    "device_checkpoint_refused": _l("This device is set up for other checkpoints. Ask an organizer to change this."),
    "device_revoked": _l("This device was revoked. Ask an organizer, or sign in again."),
    "device_call_refused": _l("This device is not set up for this. Ask an organizer to change its profile."),
    "hub_has_another_centre": _l(
        "This hub belongs to another centre: %(centre)s. Start it with an empty folder to use another one."
    ),
    "enrolment_code_wrong": _l(
        "This code has expired or has already been used. Ask an organizer for a new one; it works for 15 minutes."
    ),
}
