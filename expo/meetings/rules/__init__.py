"""Rules of meetings: their states and who may change them, settings, and which texts are valid. Pure."""

from expo.meetings.rules.meetings import (
    OPEN_STATES,
    UNANSWERED_STATES,
    HoldKind,
    MeetingState,
    ParticipantState,
    PlaceKind,
    Side,
    require_answerable,
    require_scheduled,
)
from expo.meetings.rules.presence import (
    ARRIVAL_STATES,
    ARRIVE_FROM,
    CHECK_IN_FROM,
    CHECK_IN_UNTIL,
    REMIND_BEFORE,
    is_check_in_open,
)
from expo.meetings.rules.requests import (
    MAX_GUESTS,
    MAX_PROPOSALS,
    MAX_REPRESENTATIVES,
    MeetingRequest,
    check_link,
    check_proposals,
    check_text,
    expiry_of,
)
from expo.meetings.rules.settings import (
    DEFAULT_HOURS,
    RequestPhase,
    SettingsRequest,
    check_settings,
    format_hours,
    parse_hours,
)
from expo.meetings.rules.tables import TableRequest, check_table

__all__ = [
    "ARRIVAL_STATES",
    "ARRIVE_FROM",
    "CHECK_IN_FROM",
    "CHECK_IN_UNTIL",
    "DEFAULT_HOURS",
    "MAX_GUESTS",
    "MAX_PROPOSALS",
    "MAX_REPRESENTATIVES",
    "OPEN_STATES",
    "REMIND_BEFORE",
    "UNANSWERED_STATES",
    "HoldKind",
    "MeetingRequest",
    "MeetingState",
    "ParticipantState",
    "PlaceKind",
    "RequestPhase",
    "SettingsRequest",
    "Side",
    "TableRequest",
    "check_link",
    "check_proposals",
    "check_settings",
    "check_table",
    "check_text",
    "expiry_of",
    "format_hours",
    "is_check_in_open",
    "parse_hours",
    "require_answerable",
    "require_scheduled",
]
