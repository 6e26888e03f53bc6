"""Importing a schedule: comparing it with the programme, and applying what the file and a person decide."""

from expo.program.services.schedules.applying import import_schedule
from expo.program.services.schedules.describing import preview_schedule

__all__ = ["import_schedule", "preview_schedule"]
