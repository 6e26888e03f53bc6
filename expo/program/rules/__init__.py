"""Rules of the programme: states, agendas, the grid of a day. Pure."""

from expo.program.rules.agendas import (
    Timed,
    find_clashes,
    list_free,
    pick_day,
)
from expo.program.rules.grids import (
    Grid,
    GridCell,
    lay_out_grid,
)
from expo.program.rules.schedules import (
    FieldChange,
    Finding,
    ImportDecisions,
    ImportMode,
    ItemChange,
    ScheduleChange,
)
from expo.program.rules.sessions import (
    SessionRequest,
    SessionState,
    SpeakerPart,
    SpeakerRole,
    check_session,
    require_cancellable,
    require_cancelled,
)
from expo.program.rules.speakers import (
    SpeakerRequest,
    check_speaker,
)
from expo.program.rules.texts import (
    Link,
)
from expo.program.rules.tracks import (
    TrackRequest,
    check_track,
)
from expo.program.rules.types import (
    TypeRequest,
    check_type,
)

__all__ = [
    "FieldChange",
    "Finding",
    "Grid",
    "GridCell",
    "ImportDecisions",
    "ImportMode",
    "ItemChange",
    "Link",
    "ScheduleChange",
    "SessionRequest",
    "SessionState",
    "SpeakerPart",
    "SpeakerRequest",
    "SpeakerRole",
    "Timed",
    "TrackRequest",
    "TypeRequest",
    "check_session",
    "check_speaker",
    "check_track",
    "check_type",
    "find_clashes",
    "lay_out_grid",
    "list_free",
    "pick_day",
    "require_cancellable",
    "require_cancelled",
]
