"""Acts on the programme: changing an attendee's agenda, and replacing the programme with an imported one."""

from expo.program.services.agendas import add_to_agenda, remove_from_agenda
from expo.program.services.schedules import ScheduleChange, import_schedule, preview_schedule

__all__ = [
    "ScheduleChange",
    "add_to_agenda",
    "import_schedule",
    "preview_schedule",
    "remove_from_agenda",
]
