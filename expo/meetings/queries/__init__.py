"""Reads of meetings, their settings and tables, and when people are free."""

from expo.meetings.queries.busy_marks import BusyMarkRow, list_busy_marks
from expo.meetings.queries.diaries import TeamMember, is_free_at, load_diaries, load_team, search_slots
from expo.meetings.queries.figures import (
    ReportRow,
    count_by_hour,
    count_by_state,
    list_all_meetings,
    list_meetings_of_day,
    list_reports,
    list_unanswered,
    names_of,
)
from expo.meetings.queries.meetings import (
    MeetingRow,
    ParticipantRow,
    count_awaiting,
    find_next_meeting,
    get_meeting,
    get_meeting_by_id,
    list_meetings,
    page_meetings,
    read_meetings,
    takes_part,
)
from expo.meetings.queries.messages import MessageRow, count_messages_since, list_messages
from expo.meetings.queries.parties import (
    Party,
    find_company,
    is_blocked,
    party_of_attendee,
    party_of_company,
    party_of_organizers,
    works_for,
)
from expo.meetings.queries.reminders import list_meetings_to_remind
from expo.meetings.queries.settings import get_settings, list_hours, list_slots
from expo.meetings.queries.tables import (
    Places,
    TableRow,
    find_places,
    list_full_slots,
    list_tables,
    list_taken_tables,
)

__all__ = [
    "BusyMarkRow",
    "MeetingRow",
    "MessageRow",
    "ParticipantRow",
    "Party",
    "Places",
    "ReportRow",
    "TableRow",
    "TeamMember",
    "count_awaiting",
    "count_by_hour",
    "count_by_state",
    "count_messages_since",
    "find_company",
    "find_next_meeting",
    "find_places",
    "get_meeting",
    "get_meeting_by_id",
    "get_settings",
    "is_blocked",
    "is_free_at",
    "list_all_meetings",
    "list_busy_marks",
    "list_full_slots",
    "list_hours",
    "list_meetings",
    "list_meetings_of_day",
    "list_meetings_to_remind",
    "list_messages",
    "list_reports",
    "list_slots",
    "list_tables",
    "list_taken_tables",
    "list_unanswered",
    "load_diaries",
    "load_team",
    "names_of",
    "page_meetings",
    "party_of_attendee",
    "party_of_company",
    "party_of_organizers",
    "read_meetings",
    "search_slots",
    "takes_part",
    "works_for",
]
