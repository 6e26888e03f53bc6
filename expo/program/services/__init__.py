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
    "PlacementResult",
    "Published",
    "ScheduleChange",
    "add_to_agenda",
    "end_plan",
    "import_schedule",
    "lock_timetable",
    "note_informed",
    "place_session",
    "plan_publication",
    "preview_schedule",
    "publish_timetable",
    "redo_change",
    "remove_from_agenda",
    "restore_version",
    "revoke_preview",
    "set_check_minutes",
    "share_preview",
    "undo_change",
    "unplace_session",
]
