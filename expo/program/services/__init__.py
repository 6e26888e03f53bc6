"""Acts on the programme: sessions, speakers, tracks and types; agendas; and replacing it with an imported one."""

from expo.program.services.agendas import (
    add_to_agenda,
    remove_from_agenda,
)
from expo.program.services.schedules import (
    import_schedule,
    preview_schedule,
)
from expo.program.services.sessions import (
    cancel_session,
    change_session,
    create_session,
    delete_session,
    duplicate_session,
    reinstate_session,
)
from expo.program.services.speakers import (
    change_speaker,
    create_speaker,
    delete_speaker,
    merge_speakers,
    set_speaker_photo,
)
from expo.program.services.timetable import (
    PlacementResult,
    lock_timetable,
    place_session,
    redo_change,
    set_check_minutes,
    undo_change,
    unplace_session,
)
from expo.program.services.tracks import (
    change_track,
    create_track,
    delete_track,
    move_track,
)
from expo.program.services.types import (
    change_type,
    create_type,
    delete_type,
    move_type,
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
    "add_to_agenda",
    "cancel_session",
    "change_session",
    "change_speaker",
    "change_track",
    "change_type",
    "create_session",
    "create_speaker",
    "create_track",
    "create_type",
    "delete_session",
    "delete_speaker",
    "delete_track",
    "delete_type",
    "duplicate_session",
    "end_plan",
    "import_schedule",
    "lock_timetable",
    "merge_speakers",
    "move_track",
    "move_type",
    "note_informed",
    "place_session",
    "plan_publication",
    "preview_schedule",
    "publish_timetable",
    "redo_change",
    "reinstate_session",
    "remove_from_agenda",
    "restore_version",
    "revoke_preview",
    "set_check_minutes",
    "set_speaker_photo",
    "share_preview",
    "undo_change",
    "unplace_session",
]
