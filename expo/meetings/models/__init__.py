"""Tables of meetings: settings, tables to meet at, meetings with their participants, and what holds their time."""

from expo.meetings.models.blocks import MeetingBlock
from expo.meetings.models.busy_marks import BusyMark
from expo.meetings.models.holds import MeetingHold
from expo.meetings.models.meetings import Meeting, MeetingParticipant, MeetingProposal
from expo.meetings.models.messages import MeetingMessage
from expo.meetings.models.reports import MeetingReport
from expo.meetings.models.settings import MeetingSettings
from expo.meetings.models.tables import MeetingTable

__all__ = [
    "BusyMark",
    "Meeting",
    "MeetingBlock",
    "MeetingHold",
    "MeetingMessage",
    "MeetingParticipant",
    "MeetingProposal",
    "MeetingReport",
    "MeetingSettings",
    "MeetingTable",
]
