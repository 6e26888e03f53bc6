"""Acts on the programme: changing an attendee's agenda, and replacing the programme with an imported one."""

from expo.program.services.agendas import add_to_agenda, remove_from_agenda
from expo.program.services.schedules import ScheduleChange, import_schedule, preview_schedule
from expo.program.services.timetable import (
    PlacementResult,
    lock_timetable,
    place_session,
    redo_change,
    set_check_minutes,
    undo_change,
    unplace_session,
)

__all__ = [
    "PlacementResult",
    "ScheduleChange",
    "add_to_agenda",
    "import_schedule",
    "lock_timetable",
    "place_session",
    "preview_schedule",
    "redo_change",
    "remove_from_agenda",
    "set_check_minutes",
    "undo_change",
    "unplace_session",
]
