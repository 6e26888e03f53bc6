"""Acts on the programme: agendas, seats, feedback and reminders, and replacing the programme with an imported one."""

from expo.program.services.agendas import add_to_agenda, merge_into_agenda, remove_from_agenda
from expo.program.services.feedback import give_feedback
from expo.program.services.reminders import (
    choose_reminders,
    make_calendar_address,
    note_reminder,
    revoke_calendar_address,
)
from expo.program.services.schedules import ScheduleChange, import_schedule, preview_schedule
from expo.program.services.seats import (
    LimitChange,
    SeatOffer,
    accept_offer,
    change_seat_limit,
    mark_present,
    release_seat,
    release_seats_of,
    release_unused_seats,
    settle_seats,
    take_seat,
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
    "LimitChange",
    "Published",
    "ScheduleChange",
    "SeatOffer",
    "accept_offer",
    "add_to_agenda",
    "change_seat_limit",
    "choose_reminders",
    "end_plan",
    "give_feedback",
    "import_schedule",
    "make_calendar_address",
    "mark_present",
    "merge_into_agenda",
    "note_informed",
    "note_reminder",
    "plan_publication",
    "preview_schedule",
    "publish_timetable",
    "release_seat",
    "release_seats_of",
    "release_unused_seats",
    "remove_from_agenda",
    "restore_version",
    "revoke_calendar_address",
    "revoke_preview",
    "settle_seats",
    "share_preview",
    "take_seat",
]
