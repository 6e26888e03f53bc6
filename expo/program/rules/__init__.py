"""Rules of the programme: states, agendas, the grid of a day. Pure."""

from expo.program.rules.agendas import Timed, find_clashes, list_free, pick_day
from expo.program.rules.grids import Grid, GridCell, lay_out_grid
from expo.program.rules.sessions import SessionState, SpeakerRole

__all__ = [
    "Grid",
    "GridCell",
    "SessionState",
    "SpeakerRole",
    "Timed",
    "find_clashes",
    "lay_out_grid",
    "list_free",
    "pick_day",
]
