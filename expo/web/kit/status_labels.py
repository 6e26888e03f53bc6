"""Labels of attendee statuses, for the door and organizer pages."""

from flask_babel import lazy_gettext as _l

from expo.registration.rules import AttendeeState

ATTENDEE_STATES = {
    AttendeeState.UNCONFIRMED: _l("Awaiting confirmation"),
    AttendeeState.AWAITING_APPROVAL: _l("Awaiting approval"),
    AttendeeState.CONFIRMED: _l("Confirmed"),
    AttendeeState.CANCELLED: _l("Cancelled"),
    AttendeeState.EXPIRED: _l("Expired"),
}
