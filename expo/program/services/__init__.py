"""Acts on the programme: changing an attendee's agenda, and importing a programme."""

from expo.program.services.agendas import add_to_agenda, remove_from_agenda
from expo.program.services.schedules import import_schedule, preview_schedule

__all__ = [
    "add_to_agenda",
    "import_schedule",
    "preview_schedule",
    "remove_from_agenda",
]
