"""Acts on the programme: changing an attendee's agenda, and replacing the programme with an imported one."""

from expo.program.services.agendas import add_to_agenda, remove_from_agenda
from expo.program.services.schedules import ScheduleChange, import_schedule, preview_schedule
from expo.program.services.versions import (
    Published,
    end_plan,
    note_informed,
    plan_publication,
    publish_timetable,
    restore_version,
    revoke_preview,
    share_preview,
)

__all__ = [
    "Published",
    "ScheduleChange",
    "add_to_agenda",
    "end_plan",
    "import_schedule",
    "note_informed",
    "plan_publication",
    "preview_schedule",
    "publish_timetable",
    "remove_from_agenda",
    "restore_version",
    "revoke_preview",
    "share_preview",
]
