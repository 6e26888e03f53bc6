"""The programme on paper: a cover, a list of every day by time, and a grid of every day by room.

Pages are planned first and drawn afterwards, so every page knows how many there are. In a language that is read from
right to left the whole page is mirrored.
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
