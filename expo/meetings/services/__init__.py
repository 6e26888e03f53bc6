"""Acts on meetings."""

from expo.meetings.services.answers import accept_meeting, decline_meeting, propose_times
from expo.meetings.services.blocks import (
    block_other_side,
    has_blocked_other_side,
    list_blocked_guests,
    unblock_other_side,
)
from expo.meetings.services.busy_marks import mark_busy, remove_busy_mark
from expo.meetings.services.changes import (
    cancel_meeting,
    cancel_meetings_of_attendees,
    cancel_meetings_of_exhibitor,
    expire_meetings,
    move_meeting,
)
from expo.meetings.services.messages import write_message
from expo.meetings.services.places import Choice, change_link
from expo.meetings.services.presence import (
    Arrival,
    check_in,
    check_in_by_badge,
    check_in_by_scan,
    rate_meeting,
    release_no_shows,
)
from expo.meetings.services.reminders import record_reminded
from expo.meetings.services.reports import report_meeting, resolve_report
from expo.meetings.services.representatives import assign_members
from expo.meetings.services.requests import (
    RequestResult,
    invite_attendees,
    request_attendee,
    request_company,
    require_askable,
    require_invitable,
)
from expo.meetings.services.settings import change_settings
from expo.meetings.services.tables import add_tables, change_table, place_tables, remove_table

__all__ = [
    "Arrival",
    "Choice",
    "RequestResult",
    "accept_meeting",
    "add_tables",
    "assign_members",
    "block_other_side",
    "cancel_meeting",
    "cancel_meetings_of_attendees",
    "cancel_meetings_of_exhibitor",
    "change_link",
    "change_settings",
    "change_table",
    "check_in",
    "check_in_by_badge",
    "check_in_by_scan",
    "decline_meeting",
    "expire_meetings",
    "has_blocked_other_side",
    "invite_attendees",
    "list_blocked_guests",
    "mark_busy",
    "move_meeting",
    "place_tables",
    "propose_times",
    "rate_meeting",
    "record_reminded",
    "release_no_shows",
    "remove_busy_mark",
    "remove_table",
    "report_meeting",
    "request_attendee",
    "request_company",
    "require_askable",
    "require_invitable",
    "resolve_report",
    "unblock_other_side",
    "write_message",
]
