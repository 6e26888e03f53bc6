"""The printed programme: a cover, and for each day a list by time and a grid by room.

Pages are planned first and drawn afterwards, so that every page can show the total. In right-to-left languages the
whole page is mirrored.
"""

from expo.documents.schedule.days import ScheduleDay, ScheduleLabels, ScheduleSession
from expo.documents.schedule.pages import render_personal_schedule, render_schedule

__all__ = [
    "ScheduleDay",
    "ScheduleLabels",
    "ScheduleSession",
    "render_personal_schedule",
    "render_schedule",
]
