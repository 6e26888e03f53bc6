"""Rules of the programme: states, agendas, the grid of a day. Pure."""

from expo.program.rules.agendas import Timed, find_clashes, list_free, pick_day
from expo.program.rules.grids import Grid, GridCell, lay_out_grid
from expo.program.rules.schedules import (
    FieldChange,
    Finding,
    ImportDecisions,
    ImportMode,
    ItemChange,
    ScheduleChange,
)
from expo.program.rules.sessions import SessionState, SpeakerRole

__all__ = [
    "FieldChange",
    "Finding",
    "Grid",
    "GridCell",
    "ImportDecisions",
    "ImportMode",
    "ItemChange",
    "ScheduleChange",
    "SessionState",
    "SpeakerRole",
    "Timed",
    "find_clashes",
    "lay_out_grid",
    "list_free",
    "pick_day",
]
