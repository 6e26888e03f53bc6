"""Words for the states of meetings in reports."""

from flask_babel import lazy_gettext as _l

from expo.meetings.rules import MeetingState

MEETING_STATES = {
    MeetingState.REQUESTED: _l("Awaiting an answer"),
    MeetingState.COUNTERED: _l("Another time proposed"),
    MeetingState.SCHEDULED: _l("Scheduled"),
    MeetingState.HELD: _l("Took place"),
    MeetingState.NO_SHOW: _l("Nobody came"),
    MeetingState.DECLINED: _l("Declined"),
    MeetingState.CANCELLED: _l("Cancelled"),
    MeetingState.EXPIRED: _l("Expired"),
}
